"""The units of one owner, read from its bytes, if everything in it is as it usually is."""

import re
from typing import Final

from xxhash import xxh3_128_digest

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import RecordSlice, split_subtree
from sordiff.snapshot.fast.wrapper_nesting import close_before_record
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.known_records import KnownRecords, OwnerRead
from sordiff.subtrees import KIND_LETTERS, Nesting

_START_TAG: Final = re.compile(rb"""<[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+>""")


class StretchReader:
    """Reads stretches of one file: bare wrappers, white space, and records that are well-formed.

    Then the stretch is one owner, whole, wherever between two owners it stands. `lines`: SOR id ->
    the line of its record, if they are noted.
    """

    def __init__(
        self,
        frame: RootFrame,
        known: KnownRecords | None = None,
        *,
        note_digests: bool = False,
        note_lines: bool = False,
    ) -> None:
        """`known`: the records of an earlier file under the same root."""
        self._context = frame.header_reader.context
        self._reader = RecordReader(frame)
        self._known = known
        self._note_digests = note_digests
        self.lines: dict[SorId, int] | None = {} if note_lines else None

    @property
    def unknown_size(self) -> int:
        """Roughly how many characters of what was read are kept as unknown."""
        return self._reader.unknown_size

    def read(
        self, content: bytes, start: int, end: int, *, digest: bytes = b"", line: int = 1
    ) -> OwnerRead | None:
        """Read the owner from `start` to `end`; None if the parser must.

        `digest`: that of these bytes. `line`: the line in which they begin; both matter only if
        digests or lines are noted.
        """
        try:
            records, closed = split_subtree(content, start, end, last=False)
            owner = self._read_records(content, records, closed, digest)
        except UnsureError:
            self._context.problems.clear()
            self._context.findings.clear()
            return None
        if self.lines is not None:
            self._note_lines(content, start, records, owner, line)
        return owner

    def _read_records(
        self, content: bytes, records: list[RecordSlice], closed: str, digest: bytes
    ) -> OwnerRead:
        """UnsureError if the records are not an owner, or if something is to be said of a line."""
        nesting = Nesting(None)
        units: list[Unit] = []
        digests: list[bytes] = []
        for record in records:
            close_before_record(nesting, record)
            parent_id = nesting.parent
            written = content[record.record_start : record.end]
            unit = None if self._known is None else self._known.find_unit(written, parent_id)
            if unit is None:
                unit = self._reader.read(written, record.kind, parent_id)
                if self._context.findings:
                    raise UnsureError("a finding, which names a line")
            if self._note_digests:
                digests.append(xxh3_128_digest(written))
            units.append(unit)
            nesting.open_wrapper(KIND_LETTERS[record.kind], unit.sor_id)
        if not units or not nesting.close_wrappers(closed) or nesting.depth:
            raise UnsureError("not one owner")
        return OwnerRead(digest, digests, units)

    def _note_lines(
        self, content: bytes, start: int, records: list[RecordSlice], owner: OwnerRead, line: int
    ) -> None:
        """The lines in which the records begin: for the parser that is where the start tag ends."""
        assert self.lines is not None, "somebody asks for them"  # noqa: S101
        for record, unit in zip(records, owner.units, strict=True):
            tag = _START_TAG.match(content, record.record_start)
            begins = record.record_start if tag is None else tag.end()
            line += content.count(b"\n", start, begins)
            start = begins
            self.lines[unit.sor_id] = line
