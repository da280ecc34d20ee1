"""Streams of bytes that are read once, and how much is read of one."""

from typing import Final, Protocol

SIZE_LIMIT: Final = 2 * 1024**3
LIST_FILE_LIMIT: Final = 64 * 1024**2
# As much as the first reading of any reader, so that looking changes the size of no chunk.
HEAD_LENGTH: Final = 65_536


class ByteStream(Protocol):
    """A stream of bytes that can be read once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""
