"""The table [serve] of sordiff.toml: where `sordiff serve` listens."""

from typing import Annotated

from msgspec import Meta, Struct


class ServeSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[serve]: without `host` only this machine can ask.

    `trusted_proxies`: addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
    """

    host: Annotated[str, Meta(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8017
    trusted_proxies: tuple[Annotated[str, Meta(min_length=1)], ...] = ()
