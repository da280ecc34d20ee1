"""The stream that the parser reads from: hashed, counted, and stopped if it can't be a register.

Hash, size limit and parser see the same bytes, so that what is identified is what is read.
"""

import hashlib
from typing import Final

from sordiff.snapshot.format.prolog import read_prolog
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import SIZE_LIMIT, ByteStream

# A register never has so many bytes without the end of a unit: a genuine unit has two to ten
# kilobytes. The limit bounds what a hostile file can make the parser keep.
_MAX_BYTES_WITHOUT_UNIT: Final = 1024**2
_CHUNK: Final = 65_536


class CheckedStream:
    """A stream with its SHA-256, its size in bytes, and its number of line breaks so far.

    `unit_ended_at` is the size at the end of the last unit; whoever parses sets it.
    """

    def __init__(self, stream: ByteStream, name: str, *, in_large_pieces: bool = False) -> None:
        """Read and check the prolog, and keep it to be given out first.

        `in_large_pieces`: whoever reads looks at lines and at the distance of units.
        """
        self._in_large_pieces = in_large_pieces
        self._stream = stream
        self._name = name
        self._head = read_prolog(stream, name)
        self._hash = hashlib.sha256()
        self.size = 0
        self.lines = 0
        self.ended = False
        self.unit_ended_at = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; SnapshotRefused if there are too many, or too many without a unit."""
        if self._head:
            chunk, self._head = self._head[:size], self._head[size:]
        else:
            chunk = self._stream.read(size)
        self.ended = not chunk
        self._hash.update(chunk)
        self.size += len(chunk)
        if self.size > SIZE_LIMIT:
            raise build_refusal(self._name, "too_large", "it unpacks to more than 2 GiB")
        if self._in_large_pieces:
            return chunk
        self.lines += chunk.count(b"\n")
        if self.size - self.unit_ended_at > _MAX_BYTES_WITHOUT_UNIT:
            message = "more than 1 MiB without a unit: this is not the SOR register"
            raise build_refusal(self._name, "not_sor", message)
        return chunk

    def drain(self) -> None:
        """Read what the parser left over, so that the hash covers the whole content."""
        while self.read(_CHUNK):
            self.unit_ended_at = self.size

    @property
    def sha256(self) -> str:
        """The digest of all bytes read so far."""
        return self._hash.hexdigest()
