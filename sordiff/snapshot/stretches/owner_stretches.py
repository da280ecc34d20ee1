"""A stream cut behind the end of each owner, so that it can be read stretch by stretch.

The cuts are where a literal end tag stands. Whether the owner really ends there, whoever reads a
stretch must find out.
"""

from collections.abc import Iterator
from typing import Final

from sordiff.snapshot.source.streams import ByteStream
from sordiff.snapshot.source.unsure import UnsureError

OWNER_START: Final = b"<InstitutionOwnerEntity>"
OWNER_END: Final = b"</InstitutionOwnerEntity>"
_CHUNK: Final = 512 * 1024
# The largest owner of the register has some megabytes.
_MAX_STRETCH: Final = 64 * 1024**2


class OwnerStretches:
    """Cuts a stream; what is behind the last cut stays in `rest`."""

    def __init__(self, stream: ByteStream) -> None:
        """Nothing is read yet."""
        self._stream = stream
        self._ended = False
        self.rest = b""

    def read_head(self, limit: int) -> bytes:
        """What stands before the first owner; UnsureError if that is not within `limit` bytes."""
        while (found := self.rest.find(OWNER_START)) < 0:
            if self._ended or len(self.rest) > limit:
                raise UnsureError("no owner at the beginning")
            self._read_on()
        if found > limit:
            raise UnsureError("no owner at the beginning")
        head, self.rest = self.rest[:found], self.rest[found:]
        return head

    def cut(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the stretches: bytes, and where in them the stretch starts and ends.

        UnsureError for one that is larger than any owner.
        """
        start = looked_at = 0
        while True:
            content = self.rest
            while (found := content.find(OWNER_END, max(start, looked_at))) >= 0:
                end = found + len(OWNER_END)
                yield content, start, end
                start = end
            self.rest = content[start:]
            if self._ended:
                return
            if len(self.rest) > _MAX_STRETCH:
                raise UnsureError("an owner larger than any")
            looked_at = max(0, len(self.rest) - len(OWNER_END))
            start = 0
            self._read_on()

    def _read_on(self) -> None:
        """Read at least as much as waits already, so that a large owner is not copied too often."""
        chunks = [self.rest]
        wanted = max(_CHUNK, len(self.rest))
        while wanted > 0:
            chunk = self._stream.read(_CHUNK)
            if not chunk:
                self._ended = True
                break
            chunks.append(chunk)
            wanted -= len(chunk)
        self.rest = b"".join(chunks)
