"""The units of one owner, read from its bytes, if everything in it is as it usually is."""

from collections.abc import Sequence

from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_before_record
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.known_records import KnownRecords
from sordiff.subtrees import KIND_LETTERS, Nesting


class StretchReader:
    """Reads stretches of one file: bare wrappers, white space, and records that are well-formed.

    Then the stretch is one owner, whole, wherever between two owners it stands. `lines`: SOR id ->
    the line of its record, if they are noted.
    """

    def __init__(self, frame: RootFrame, known: KnownRecords | None, *, note_lines: bool) -> None:
        """`known`: records of an earlier file under the same root."""
        self._context = frame.header_reader.context
        self._reader = RecordReader(frame)
        self._known = known
        self.lines: dict[SorId, int] | None = {} if note_lines else None

    @property
    def unknown_size(self) -> int:
        """Roughly how many characters of what was read are kept as unknown."""
        return self._reader.unknown_size

    def read(self, content: bytes, start: int, end: int, line: int) -> Sequence[Unit] | None:
        """The units from `start` to `end`, in order; None if the parser must read them.

        `line`: the line in which the stretch begins, which matters only if lines are noted.
        """
        digest = b""
        if self._known is not None:
            with memoryview(content) as view:
                digest = xxh3_128_digest(view[start:end])
            units = self._known.find_owner(digest)
            if units is not None:
                return units
        try:
            units = self._read_records(content, start, end, line)
        except UnsureError:
            self._context.problems.clear()
            self._context.findings.clear()
            return None
        if self._known is not None:
            self._known.add_owner(digest, units)
        return units

    def _read_records(self, content: bytes, start: int, end: int, line: int) -> list[Unit]:
        """UnsureError if the stretch is not an owner, or if something is to be said of a line."""
        records, closed = split_subtree(content, start, end, last=False)
        nesting = Nesting(None)
        units = []
        for record in records:
            close_before_record(nesting, record)
            parent_id = nesting.parent
            written = content[record.record_start : record.end]
            unit = None if self._known is None else self._known.find_unit(written, parent_id)
            if unit is None:
                unit = self._reader.read(written, record.kind, parent_id)
                if self._context.findings:
                    raise UnsureError("a finding, which names a line")
                if self._known is not None:
                    self._known.add_unit(written, unit)
            units.append(unit)
            nesting.open_wrapper(KIND_LETTERS[record.kind], unit.sor_id)
        if not units or not nesting.close_wrappers(closed) or nesting.depth:
            raise UnsureError("not one owner")
        if self.lines is not None:
            for record, unit in zip(records, units, strict=True):
                line += content.count(b"\n", start, record.record_start)
                start = record.record_start
                self.lines[unit.sor_id] = line
        return units
