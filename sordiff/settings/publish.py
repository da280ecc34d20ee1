"""The table [publish] of sordiff.toml: into which sinks the runs go."""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

SinkName: TypeAlias = Annotated[str, Meta(pattern=r"^(kafka|ndjson:.+)\Z")]


class PublishSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[publish]: without `to` it is Kafka, where that is configured."""

    to: tuple[SinkName, ...] = ()
