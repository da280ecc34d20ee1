"""The earlier of two snapshots that are compared: checked whole, though few units are read.

Its bytes were never checked before. The scan checks every record and finds the few values that a
register is asked for about all units. A unit is read when somebody asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from xxhash import xxh3_128_digest

from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
from sordiff.overlay import LazyRegister, LazyUnits
from sordiff.snapshot.fast.record_columns import NO_ROW, RecordColumns, count_day
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.scan import scan_file
from sordiff.snapshot.fast.split_records import Content
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import LETTER_KINDS


class ScannedFile:
    """A scanned snapshot, as a source of its units; `columns` has its records in order."""

    def __init__(self, content: Content, frame: RootFrame) -> None:
        """Scan all records; UnsureError if the plain road must read the file."""
        self.content = content
        self._reader = RecordReader(frame, few=True)
        self.columns: RecordColumns = scan_file(content, frame)
        self.rows = dict(zip(self.columns.ids, range(len(self.columns)), strict=True))
        if len(self.rows) != len(self.columns):
            raise UnsureError("one SOR id twice")
        if not 0 < len(self.rows) <= MAX_UNITS:
            raise UnsureError("no unit, or too many")

    def digest_record(self, row: int) -> bytes:
        """The digest of a record."""
        columns = self.columns
        return xxh3_128_digest(self.content[columns.starts[row] : columns.ends[row]])

    def has_any(self, ids: Iterable[SorId]) -> bool:
        """Whether the snapshot has one of these ids."""
        return not self.rows.keys().isdisjoint(ids)

    def read_unit(self, sor_id: SorId) -> Unit | None:
        """Read a unit; None if the snapshot does not have it."""
        row = self.rows.get(sor_id)
        if row is None:
            return None
        columns = self.columns
        content = self.content[columns.starts[row] : columns.ends[row]]
        return self._reader.read(
            content, LETTER_KINDS[columns.letters[row]], columns.parent_id(row)
        )


class _ScannedUnits(LazyUnits):
    def __init__(self, file: ScannedFile) -> None:
        self._file = file
        self._read: dict[SorId, Unit] = {}

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self._read.get(sor_id) or self._file.read_unit(sor_id)
        if unit is None:
            return default
        self._read[sor_id] = unit
        return unit

    def units_except(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these, none of them kept."""
        for sor_id in self._file.rows:
            if sor_id not in skipped and (unit := self._file.read_unit(sor_id)) is not None:
                yield unit

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._file.rows

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._file.rows)

    def __len__(self) -> int:
        return len(self._file.rows)


class ScannedRegister(LazyRegister):
    """The register of a scanned file."""

    def __init__(
        self, file: ScannedFile, header: Header, lists: Mapping[str, Classification]
    ) -> None:
        """Nothing is read yet."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=_ScannedUnits(file),
            lists=lists,
        )
        self._columns = file.columns
        self._rows = file.rows

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        row = NO_ROW if sor_id is None else self._rows.get(sor_id)
        if row is None:
            return []
        ids = self._columns.ids
        return sorted(ids[below] for below in self._columns.iterate_children(row))

    @cached_property
    def _owners_by_number(self) -> Mapping[Gln, list[SorId]]:
        owning: dict[Gln, list[SorId]] = {}
        for row, number in self._columns.numbers:
            owning.setdefault(number, []).append(self._columns.ids[row])
        return owning

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        return frozenset(self._owners_by_number.get(number, ()))

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        at, columns = count_day(day), self._columns
        return sum(
            (not to or to >= at) and first_from <= at
            for to, first_from in zip(columns.to, columns.first_from, strict=True)
        )

    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        """The units that may be in another state on that other day, or whose number may be."""
        columns, ids = self._columns, self._columns.ids
        before, after = count_day(min(self.day, day)), count_day(max(self.day, day))
        ended = {row for row, to in enumerate(columns.to) if before <= to < after}
        ended.update(row for row, to in enumerate(columns.number_to) if before <= to < after)
        ended.update(row for row, first in enumerate(columns.first_from) if before < first <= after)
        return [ids[row] for row in sorted(ended)]
