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
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.scan import ScannedSubtree, scan_file
from sordiff.snapshot.fast.split_records import Content, split_subtree
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import KIND_LETTERS, KnownSubtree, RecordDigest, Subtree


class ScannedFile:
    """A scanned snapshot, as an index of its subtrees and as a source of its units."""

    def __init__(self, content: Content, frame: RootFrame) -> None:
        """Scan all records; UnsureError if the plain road must read the file."""
        self.root = frame.reading_key
        self._content = content
        self._reader = RecordReader(frame)
        result = scan_file(content, frame)
        self.records = {record.summary.sor_id: record for record in result.records}
        if len(self.records) != len(result.records):
            raise UnsureError("one SOR id twice")
        if not 0 < len(self.records) <= MAX_UNITS:
            raise UnsureError("no unit, or too many")
        self._subtrees = result.subtrees
        self._known = {
            subtree.digest: KnownSubtree(row, subtree.owner_before, subtree.owner_after)
            for row, subtree in enumerate(result.subtrees)
        }

    @property
    def unit_count(self) -> int:
        """The number of units."""
        return len(self.records)

    @property
    def known(self) -> Mapping[bytes, KnownSubtree]:
        """The subtrees by their digests; `row` is their place in the file, from 0."""
        return self._known

    def subtrees(self, rows: Iterable[int]) -> list[Subtree]:
        """The subtrees of these rows, with their records."""
        return [self._read_subtree(self._subtrees[row]) for row in rows]

    def _read_subtree(self, subtree: ScannedSubtree) -> Subtree:
        content = self._content
        found = []
        records, _ = split_subtree(content, subtree.start, subtree.end, last=subtree.last)
        for record, sor_id in zip(records, subtree.units, strict=True):
            digest = xxh3_128_digest(content[record.start : record.end])
            found.append(RecordDigest(digest, record.closed, KIND_LETTERS[record.kind], sor_id))
        return Subtree(subtree.digest, subtree.owner_before, subtree.owner_after, tuple(found))

    def has_any(self, ids: Iterable[SorId]) -> bool:
        """Whether the snapshot has one of these ids."""
        return not self.records.keys().isdisjoint(ids)

    def read_unit(self, sor_id: SorId) -> Unit | None:
        """Read a unit; None if the snapshot does not have it."""
        record = self.records.get(sor_id)
        if record is None:
            return None
        content = self._content[record.start : record.end]
        return self._reader.read(content, record.kind, record.parent_id)


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
        for sor_id in self._file.records:
            if sor_id not in skipped and (unit := self._file.read_unit(sor_id)) is not None:
                yield unit

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._file.records

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._file.records)

    def __len__(self) -> int:
        return len(self._file.records)


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
        self._records = file.records

    @cached_property
    def _children(self) -> Mapping[SorId | None, list[SorId]]:
        below: dict[SorId | None, list[SorId]] = {}
        for sor_id, record in self._records.items():
            below.setdefault(record.parent_id, []).append(sor_id)
        return below

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        return sorted(self._children.get(sor_id, ()))

    @cached_property
    def _owners_by_number(self) -> Mapping[Gln, list[SorId]]:
        owning: dict[Gln, list[SorId]] = {}
        for sor_id, record in self._records.items():
            number = record.summary.number
            if number is None:
                continue
            if number in owning:
                owning[number].append(sor_id)
            else:
                owning[number] = [sor_id]
        return owning

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        return frozenset(self._owners_by_number.get(number, ()))

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        return sum(record.summary.is_open(day) for record in self._records.values())

    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        """The units that may be in another state on that other day, or whose number may be."""
        before, after = min(self.day, day), max(self.day, day)
        return [
            sor_id
            for sor_id, record in self._records.items()
            if record.summary.may_change_state(before, after)
        ]
