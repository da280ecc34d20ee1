"""A stream whose first bytes can be looked at before it is read: they tell the kind of file."""

from pathlib import Path

from sordiff.snapshot.source.beside import BesideEntry
from sordiff.snapshot.source.streams import HEAD_LENGTH, ByteStream


class PeekedStream:
    """A stream, with its first bytes in `head`."""

    def __init__(
        self,
        stream: ByteStream,
        beside: tuple[BesideEntry, ...] = (),
        file: Path | None = None,
    ) -> None:
        """Read the head and keep it to be given out first.

        `beside`: the other entries of its archive. `file`: the file that has these bytes, as they
        are, where there is one.
        """
        self.beside = beside
        self.file = file
        self._stream = stream
        self.head = stream.read(HEAD_LENGTH)
        self._waiting = self.head

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""
        if self._waiting:
            chunk, self._waiting = self._waiting[:size], self._waiting[size:]
            return chunk
        return self._stream.read(size)
