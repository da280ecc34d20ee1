"""The owner of a stretch, wherever it comes from: known, read by the worker, or read here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xxhash import xxh3_128_digest

from sordiff.model import SorId
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.snapshot import ReadOptions
from sordiff.snapshot.stretches.known_records import OwnerRead
from sordiff.snapshot.stretches.read_ahead import ReadAhead, read_ahead
from sordiff.snapshot.stretches.stretch_reader import StretchReader


class OwnerFinder:
    """Finds the owners of one file, in the order of the file."""

    def __init__(self, frame: RootFrame, options: ReadOptions) -> None:
        """The options say what is known already, and whether lines are asked for."""
        known = options.known
        # Of what is looked up nobody knows the line.
        if known is None or options.note_lines or not known.open(frame.reading_key):
            known = None
        self._frame = frame
        self._known = known
        self._again = known is not None and known.is_complete
        self._notes_digests = known is not None and not self._again
        self._reader = StretchReader(
            frame,
            known if self._again else None,
            note_digests=self._notes_digests,
            note_lines=options.note_lines,
        )
        self._ahead = ReadAhead(None, 0)

    @contextmanager
    def read_ahead(self, file: Path | None) -> Iterator[None]:
        """While the block runs, a worker may read a part of the file whose bytes are found here.

        Of a file that is mostly known there is little to read, and a worker tells no lines.
        """
        if self._again or self.lines is not None:
            yield
            return
        with read_ahead(file, self._frame, note_digests=self._notes_digests) as self._ahead:
            yield

    def find(
        self, content: bytes, start: int, end: int, *, offset: int, line: int
    ) -> OwnerRead | None:
        """The owner from `start` to `end`; None if the parser must read it.

        `offset` and `line`: where these bytes begin in the file.
        """
        with memoryview(content) as view:
            digest = xxh3_128_digest(view[start:end])
        owner = None if self._known is None else self._known.find_owner(digest)
        if owner is not None:
            return owner
        owner = self._ahead.find_owner(digest, offset)
        if owner is None:
            owner = self._reader.read(content, start, end, digest=digest, line=line)
        if owner is not None and self._notes_digests and self._known is not None:
            self._known.add(owner)
        return owner

    def finish(self) -> None:
        """The file was read to its end, and nothing is wrong with it."""
        if self._known is not None:
            self._known.complete(self.unknown_size)

    @property
    def lines(self) -> dict[SorId, int] | None:
        """SOR id -> line of the record, of all that was read here; None if nobody asks."""
        return self._reader.lines

    @property
    def unknown_size(self) -> int:
        """How many characters of what was found are kept as unknown, at most."""
        known = self._known.unknown_size if self._known is not None and self._again else 0
        return known + self._reader.unknown_size + self._ahead.unknown_size
