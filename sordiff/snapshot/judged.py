"""A snapshot judged whole, though most of it is not read: the earlier of two that are compared.

Nobody has judged its bytes before. One pass of the parser, beside the work, says whether they are
well-formed; every record is looked at for what could refuse it, and for the few values by which a
register is asked. A unit is read when somebody asks for it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from threading import Thread
from typing import Any

from lxml import etree
from msgspec import Struct
from xxhash import xxh3_128_digest

from sordiff.model import Classification, Day, Gln, Header, Kind, SorId, Unit
from sordiff.overlay import LazyUnits
from sordiff.register import Register
from sordiff.snapshot.cutting import Bytes, UnsureError, pieces, subtrees
from sordiff.snapshot.frame import Frame
from sordiff.snapshot.glance import Glance
from sordiff.snapshot.record_reader import RecordReader
from sordiff.snapshot.whole import MOST_UNITS, begin_record, finish
from sordiff.subtrees import LETTERS, KnownSubtree, Nesting, Piece, Subtree, begins_below

_CHUNK = 1024**2


class _Place(Struct, frozen=True, gc=False):
    """Where a unit stands: its record in the file, its kind, the unit above it."""

    start: int
    end: int
    kind: Kind
    above: SorId | None
    glance: Glance


class JudgedFile:
    """The judged snapshot: an index of its subtrees, and its units where they are asked for."""

    def __init__(self, content: Bytes, frame: Frame) -> None:
        """Judge it all; UnsureError where the plain road must read it."""
        self.root = frame.root
        self.places: dict[SorId, _Place] = {}
        self._content = content
        self._stretches: list[tuple[int, int, bool, SorId | None, SorId | None]] = []
        self._known: dict[bytes, KnownSubtree] = {}
        self.reader = RecordReader(frame)
        parser = _WellFormed(content)
        parser.start()
        try:
            self._judge(frame.begin)
        finally:
            parser.join()
        if parser.fault is not None:
            raise UnsureError(parser.fault)

    def _judge(self, begin: int) -> None:
        nesting = Nesting(None)
        with memoryview(self._content) as view:
            for start, end, last in subtrees(self._content, begin):
                cuts, ended = pieces(self._content, start, end, last=last)
                below = begins_below(nesting, cuts[0].ended) if cuts else None
                for cut in cuts:
                    begin_record(nesting, cut)
                    glance = self.reader.glance(bytes(view[cut.record : cut.end]), cut.kind)
                    place = _Place(cut.record, cut.end, cut.kind, nesting.above, glance)
                    if self.places.setdefault(glance.sor_id, place) is not place:
                        raise UnsureError("a unit stands twice")
                    nesting.begin(LETTERS[cut.kind], glance.sor_id)
                finish(nesting, ended, last=last)
                if cuts:
                    known = KnownSubtree(len(self._stretches), below, nesting.owner)
                    self._known[xxh3_128_digest(view[start:end])] = known
                    self._stretches.append((start, end, last, below, nesting.owner))
        if not 0 < len(self.places) <= MOST_UNITS:
            raise UnsureError("no unit, or too many")

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
        return [self._subtree(row) for row in rows]

    def _subtree(self, row: int) -> Subtree:
        start, end, last, below, leaves = self._stretches[row]
        content = self._content
        found = []
        for cut in pieces(content, start, end, last=last)[0]:
            sor_id = self.reader.glance(content[cut.record : cut.end], cut.kind).sor_id
            digest = xxh3_128_digest(content[cut.start : cut.end])
            found.append(Piece(digest, cut.ended, LETTERS[cut.kind], sor_id))
        return Subtree(b"", below, leaves, tuple(found))

    def has_unit(self, sor_id: SorId) -> bool:
        """Whether it has this id."""
        return sor_id in self.places

    def unit(self, sor_id: SorId) -> Unit | None:
        """Read a unit, if it is there."""
        place = self.places.get(sor_id)
        if place is None:
            return None
        record = self._content[place.start : place.end]
        return self.reader.read(record, place.kind, place.above)


class _WellFormed(Thread):
    """One pass of the parser that builds nothing; `fault` is what it found, if anything."""

    def __init__(self, content: Bytes) -> None:
        super().__init__(name="well-formed")
        self._content = content
        self.fault: str | None = None

    def run(self) -> None:
        """Parse it all."""
        target: Any = _Nothing()
        parser = etree.XMLParser(target=target, huge_tree=False)
        try:
            for start in range(0, len(self._content), _CHUNK):
                parser.feed(self._content[start : start + _CHUNK])
            parser.close()
        except etree.XMLSyntaxError as error:
            self.fault = str(error)


class _Nothing:
    def close(self) -> None:
        """There is nothing to give back."""


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

    def __contains__(self, sor_id: object) -> bool:
        return sor_id in self._file.places

    def __iter__(self) -> Iterator[SorId]:
        return iter(self._file.places)

    def __len__(self) -> int:
        return len(self._file.places)


class JudgedRegister(Register):
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
        for sor_id, place in sorted(self._places.items()):
            below.setdefault(place.above, []).append(sor_id)
        return below

    def children_of(self, sor_id: SorId | None) -> Sequence[SorId]:
        """The ids directly below a unit, in order."""
        return self._below.get(sor_id, ())

    @cached_property
    def _owning(self) -> Mapping[Gln, frozenset[SorId]]:
        owning: dict[Gln, set[SorId]] = {}
        for sor_id, place in self._places.items():
            if place.glance.number is not None:
                owning.setdefault(place.glance.number, set()).add(sor_id)
        return {number: frozenset(ids) for number, ids in owning.items()}

    def owners_of(self, number: Gln) -> frozenset[SorId]:
        """The units that own the number."""
        return self._owning.get(number, frozenset())

    def count_open_on(self, day: Day) -> int:
        """How many units are open on a day."""
        return sum(place.glance.is_open(day) for place in self._places.values())

    def told_by_day(self, day: Day) -> Iterable[SorId]:
        """The units whose state, or whose number's, may be another on that later day."""
        before = self.day
        return [i for i, place in self._places.items() if place.glance.tells(before, day)]
