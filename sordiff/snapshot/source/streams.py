"""Streams of bytes that are read once, how much is read of one, and bytes that are held."""

from mmap import mmap
from typing import Final, Protocol, TypeAlias

# All bytes of a file: in memory, or where it lies.
HeldContent: TypeAlias = mmap | bytes
SIZE_LIMIT: Final = 2 * 1024**3
LIST_FILE_LIMIT: Final = 64 * 1024**2
# As much as the first reading of any reader, so that looking changes the size of no chunk.
HEAD_LENGTH: Final = 65_536


class ByteStream(Protocol):
    """A stream of bytes that can be read once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""
