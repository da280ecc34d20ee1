"""Bytes that can be read once, and an open snapshot."""

from typing import Final, Protocol

from msgspec import Struct

from sordiff.snapshot.source.refusals import build_refusal

SIZE_LIMIT: Final = 2 * 1024**3
DATA_TYPES_LIMIT: Final = 64 * 1024**2


class ByteStream(Protocol):
    """A stream of bytes that can be read once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""


class SnapshotStreams(Struct, frozen=True, kw_only=True):
    """An open snapshot: `content` as a stream, `data_types` (the SorDataTypes.xml) as bytes.

    `name`: the path for messages.
    """

    name: str
    content: ByteStream
    data_types: bytes | None


def read_limited(stream: ByteStream, name: str) -> bytes:
    """Read a SorDataTypes.xml whole; one that is too large is refused."""
    content = stream.read(DATA_TYPES_LIMIT + 1)
    if len(content) > DATA_TYPES_LIMIT:
        raise build_refusal(name, "too_large", "SorDataTypes.xml has more than 64 MiB")
    return content
