"""A snapshot judged whole, though most of it is not read: the earlier of two that are compared.

Nobody has judged its bytes before: every record is looked at for what could refuse it, and for the
few values by which a register is asked. A unit is read when somebody asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from xxhash import xxh3_128_digest

from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
from sordiff.overlay import LazyRegister, LazyUnits
from sordiff.snapshot.fast.all_records import MOST_UNITS
from sordiff.snapshot.fast.record_reader import RecordReader
from sordiff.snapshot.fast.root_frame import Frame
from sordiff.snapshot.fast.scan import Stretch, judge_file
from sordiff.snapshot.fast.split_records import Bytes, pieces
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import LETTERS, KnownSubtree, Piece, Subtree


class JudgedFile:
    """The judged snapshot: an index of its subtrees, and its units where they are asked for."""

    def __init__(self, content: Bytes, frame: Frame) -> None:
        """Judge it all; UnsureError where the plain road must read it."""
        self.root = frame.reading
        self._content = content
        self._reader = RecordReader(frame)
        judgement = judge_file(content, frame)
        self.places = {place.glance.sor_id: place for place in judgement.places}
        if len(self.places) != len(judgement.places):
            raise UnsureError("a unit stands twice")
        if not 0 < len(self.places) <= MOST_UNITS:
            raise UnsureError("no unit, or too many")
        self._stretches = judgement.stretches
        self._known = {
            stretch.digest: KnownSubtree(row, stretch.below, stretch.leaves)
            for row, stretch in enumerate(judgement.stretches)
        }

    @property
    def units(self) -> int:
        """How many units it has."""
        return len(self.places)

    @property
    def known(self) -> Mapping[bytes, KnownSubtree]:
        """Its subtrees by their digests."""
        return self._known

    def subtrees(self, rows: Iterable[int]) -> list[Subtree]:
        """The subtrees of these numbers, cut again."""
        return [self._subtree(self._stretches[row]) for row in rows]

    def _subtree(self, stretch: Stretch) -> Subtree:
        content = self._content
        found = []
        cuts, _ = pieces(content, stretch.start, stretch.end, last=stretch.last)
        for cut, sor_id in zip(cuts, stretch.units, strict=True):
            digest = xxh3_128_digest(content[cut.start : cut.end])
            found.append(Piece(digest, cut.ended, LETTERS[cut.kind], sor_id))
        return Subtree(stretch.digest, stretch.below, stretch.leaves, tuple(found))

    def has_unit(self, sor_id: SorId) -> bool:
        """Whether it has this id."""
        return sor_id in self.places

    def unit(self, sor_id: SorId) -> Unit | None:
        """Read a unit, if it is there."""
        place = self.places.get(sor_id)
        if place is None:
            return None
        record = self._content[place.start : place.end]
        return self._reader.read(record, place.kind, place.above)


class _JudgedUnits(LazyUnits):
    def __init__(self, file: JudgedFile) -> None:
        self._file = file
        self._read: dict[SorId, Unit] = {}

    def get(self, sor_id: SorId, default: Any = None) -> Any:
        """The unit, if it is there."""
        unit = self._read.get(sor_id) or self._file.unit(sor_id)
        if unit is None:
            return default
        self._read[sor_id] = unit
        return unit

    def passing(self, skipped: AbstractSet[SorId]) -> Iterator[Unit]:
        """The units but for these, none of them kept."""
        for sor_id in self._file.places:
            if sor_id not in skipped and (unit := self._file.unit(sor_id)) is not None:
                yield unit

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._file.places

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._file.places)

    def __len__(self) -> int:
        return len(self._file.places)


class JudgedRegister(LazyRegister):
    """The register of a judged file."""

    def __init__(
        self, file: JudgedFile, header: Header, lists: Mapping[str, Classification]
    ) -> None:
        """Read nothing yet."""
        super().__init__(
            day=header.snapshot_date,
            created_at=header.created_at,
            version=header.version,
            units=_JudgedUnits(file),
            lists=lists,
        )
        self._places = file.places

    @cached_property
    def _below(self) -> Mapping[SorId | None, list[SorId]]:
        below: dict[SorId | None, list[SorId]] = {}
        for sor_id, place in self._places.items():
            below.setdefault(place.above, []).append(sor_id)
        return below

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        return sorted(self._below.get(sor_id, ()))

    @cached_property
    def _owning(self) -> Mapping[Gln, list[SorId]]:
        owning: dict[Gln, list[SorId]] = {}
        for sor_id, place in self._places.items():
            number = place.glance.number
            if number is None:
                continue
            if number in owning:
                owning[number].append(sor_id)
            else:
                owning[number] = [sor_id]
        return owning

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        return frozenset(self._owning.get(number, ()))

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        return sum(place.glance.is_open(day) for place in self._places.values())

    def told_by_day(self, day: Day) -> Iterable[SorId]:
        """The units whose state, or whose number's, may be another on that later day."""
        before = self.day
        return [i for i, place in self._places.items() if place.glance.tells(before, day)]
