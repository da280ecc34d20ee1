"""The table [archive] of sordiff.toml: where the nights are kept."""

from typing import Annotated

from msgspec import Meta, Struct


class ArchiveSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[archive]: without `dir` no night is kept.

    `cache`: a folder where the night that the next ones lean on lies unpacked; without it `cache`
    in `dir`, and none where it is empty.
    """

    dir: Annotated[str, Meta(min_length=1)] | None = None
    cache: str | None = None
