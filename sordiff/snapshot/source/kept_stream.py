"""A stream that can be read again from its start: what was read of it lies in a file.

A pipe can't be opened a second time. The file has no name.
"""

import tempfile
from contextlib import ExitStack, suppress
from typing import IO

from sordiff.snapshot.source.streams import ByteStream
from sordiff.snapshot.source.unsure import UnsureError


class KeptStream:
    """A stream. After `rewind` it gives again what it gave, and then the rest."""

    def __init__(self, stack: ExitStack, stream: ByteStream) -> None:
        """`stack` closes the file."""
        self._stream = stream
        self._kept: IO[bytes] | None = None
        with suppress(OSError):
            # Without a buffer, so that a full disk is met where the bytes are written.
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  # the stack closes it
            self._kept = stack.enter_context(file)
        self._length = 0
        self._unkept = b""
        self._failure: Exception | None = None
        self._again = False

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end; UnsureError before `rewind` if the disk is full."""
        if self._again:
            return self._read_again(size)
        try:
            chunk = self._stream.read(size)
        except Exception as failure:
            self._failure = failure
            raise
        written = 0
        with suppress(OSError):
            written = 0 if self._kept is None else self._kept.write(chunk)
        if written != len(chunk):
            self._unkept = chunk
            raise UnsureError("no room to keep what was read")
        self._length += len(chunk)
        return chunk

    def rewind(self) -> None:
        """Begin again; from now on nothing more is kept."""
        self._again = True
        if self._kept is not None:
            self._kept.seek(0)

    def _read_again(self, size: int) -> bytes:
        if self._kept is not None and self._length:
            chunk = self._kept.read(min(size, self._length))
            self._length -= len(chunk)
            return chunk
        if self._unkept:
            chunk, self._unkept = self._unkept[:size], self._unkept[size:]
            return chunk
        if self._failure is not None:
            raise self._failure
        return self._stream.read(size)
