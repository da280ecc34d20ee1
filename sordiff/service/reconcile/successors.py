"""Looking for who goes on: among units that opened about then, and those that have the numbers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from sordiff.changelog import QuerySession
from sordiff.changelog.register_index import RegisterIndex, SharedValues
from sordiff.model import Day, Gln, SorId
from sordiff.reconcile.evidence import opening_span
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.reconcile.registered_unit import RegisteredNumber, RegisteredUnit
from sordiff.reconcile.succession import LEAST_SCORE, Successor, rank_successors
from sordiff.reconcile.traits import (
    WEAK_LINKS,
    Link,
    Traits,
    describe,
    list_links,
)

# What more units than this have in common says nothing of who goes on.
_CROWD: Final = 60
# So many are looked for, of those that closed last; a list with more dead lines is no longer kept.
_MOST: Final = 2000
_CARRIED: Final = {
    Link.NUMBER: ColumnKind.LOCATION_NUMBER,
    Link.PROVIDER_NUMBER: ColumnKind.PROVIDER_NUMBER,
    Link.SHAK: ColumnKind.SHAK,
    Link.P_NUMBER: ColumnKind.P_NUMBER,
}
# The changelog finds them in one pass over all units.
_UNINDEXED: Final = frozenset({ColumnKind.SHAK, ColumnKind.P_NUMBER})
_Span = tuple[str, str]


def find_successors(
    session: QuerySession,
    day: Day,
    gone: Mapping[SorId, Day],
    index: RegisterIndex | None = None,
) -> dict[SorId, Successor]:
    """The likeliest successor of each unit, where one is likely; `gone`: their last valid days.

    `index`: of the same register; with it they are looked for one by one.
    """
    if not gone:
        return {}
    latest = sorted(gone, key=lambda one: (gone[one], one))[-_MOST:]
    wanted = {one: gone[one] for one in latest}
    return _Search(session, day, wanted, index).successors()


class _Search:
    def __init__(
        self,
        session: QuerySession,
        day: Day,
        gone: Mapping[SorId, Day],
        index: RegisterIndex | None,
    ) -> None:
        self._session = session
        self._listed = session.listed
        self._index = index
        self._day = day
        self._gone = gone
        self._spans = {one: opening_span(closed) for one, closed in gone.items()}
        self._units: dict[SorId, RegisteredUnit] = {}
        self._traits: dict[SorId, Traits] = {}

    def successors(self) -> dict[SorId, Successor]:
        self._load(self._gone)
        self._give_back_numbers()
        gone = {one: self._describe(one) for one in self._gone if one in self._units}
        wanted: dict[tuple[Link, str], list[SorId]] = defaultdict(list)
        for sor_id, traits in gone.items():
            for link in list_links(traits):
                wanted[link].append(sor_id)
        candidates = self._candidates(wanted)
        return {
            sor_id: best
            for sor_id, traits in gone.items()
            if (best := self._best(traits, candidates.get(sor_id, ()))) is not None
        }

    def _give_back_numbers(self) -> None:
        """The last numbers that units lost at about the time when they closed go on elsewhere."""
        days = self._listed.read_days()
        lost = self._listed.find_lost_numbers(self._gone)
        numbers = {one: number for one, number, run in lost if self._is_then(one, days.get(run))}
        ended = self._listed.find_lost_provider_numbers(self._gone)
        providers = {
            one: number for one, number, told in ended if self._is_then(one, days.get(told.run))
        }
        for sor_id in (numbers.keys() | providers.keys()) & self._units.keys():
            unit = self._units[sor_id]
            if unit.location_number is None and sor_id in numbers:
                had = RegisteredNumber(number=Gln(numbers[sor_id]))
                unit = replace(unit, location_number=had)
            if unit.provider_number is None:
                unit = replace(unit, provider_number=providers.get(sor_id))
            self._units[sor_id] = unit

    def _is_then(self, gone: SorId, day: Day | None) -> bool:
        begin, end = self._spans[gone]
        return day is not None and begin <= day <= end

    def _best(self, traits: Traits, candidates: Iterable[SorId]) -> Successor | None:
        described = [self._describe(one) for one in sorted(set(candidates))]
        ranked = rank_successors(traits, self._gone[traits.sor_id], described)
        return ranked[0] if ranked and ranked[0].score >= LEAST_SCORE else None

    def _candidates(
        self, wanted: Mapping[tuple[Link, str], list[SorId]]
    ) -> dict[SorId, set[SorId]]:
        """Open units that share a number, a house, a name or the like with one that is gone."""
        hits: dict[tuple[Link, str], set[SorId]] = defaultdict(set)
        for link, sor_id in (*self._carriers(wanted), *self._opened(wanted)):
            hits[link].add(sor_id)
        found: dict[SorId, set[SorId]] = defaultdict(set)
        for link, units in hits.items():
            for sor_id in wanted[link]:
                near = [one for one in units if self._is_near(one, sor_id, link[0])]
                if len(near) <= _CROWD:
                    found[sor_id].update(near)
        return found

    def _is_near(self, candidate: SorId, gone: SorId, link: Link) -> bool:
        return link not in WEAK_LINKS or self._is_then(gone, self._units[candidate].first_from)

    def _carriers(
        self, wanted: Mapping[tuple[Link, str], list[SorId]]
    ) -> Iterator[tuple[tuple[Link, str], SorId]]:
        """The units that have the numbers of those that are gone, whenever they opened."""
        found: list[tuple[tuple[Link, str], SorId]] = []
        for link, kind in _CARRIED.items():
            values = [value for one, value in wanted if one is link]
            if values:
                carriers = self._find_carriers(kind, values)
                found += [((link, value), sor_id) for value, sor_id in carriers]
        self._load(sor_id for _, sor_id in found)
        return (one for one in found if self._is_candidate(one[1]))

    def _opened(
        self, wanted: Mapping[tuple[Link, str], list[SorId]]
    ) -> Iterator[tuple[tuple[Link, str], SorId]]:
        """The units that opened about when one that is gone closed, by all that links them."""
        found = self._find_opened() if self._index is None else self._find_sharing(self._index)
        for sor_id in found:
            if self._is_candidate(sor_id):
                for link in list_links(self._describe(sor_id)):
                    if link in wanted:
                        yield link, sor_id

    def _find_opened(self) -> Collection[SorId]:
        """All units that opened about then, and what is above them."""
        opened = self._listed.iterate_opened(_merge(self._spans.values()))
        found = {unit.sor_id: unit for unit in opened}
        self._units.update(found)
        self._load(unit.parent_id for unit in found.values() if unit.parent_id is not None)
        return found

    def _find_sharing(self, index: RegisterIndex) -> Collection[SorId]:
        """Of these those that may share something, and what is above them."""
        found: set[SorId] = set()
        for sor_id in self._gone.keys() & self._units.keys():
            traits = self._describe(sor_id)
            values = {field: getattr(traits, field) for field in SharedValues.__struct_fields__}
            found |= index.find_sharing(self._session, SharedValues(**values), *self._spans[sor_id])
        self._load(found)
        return found

    def _find_carriers(self, kind: ColumnKind, values: list[str]) -> Iterable[tuple[str, SorId]]:
        """The units that carry these numbers; by the index where the changelog has none of them."""
        if self._index is None or kind not in _UNINDEXED:
            return self._listed.find_carriers(kind, values)
        found = [
            (value, sor_id)
            for value in values
            for sor_id in self._index.find_numbered(self._session, value)
        ]
        self._load(sor_id for _, sor_id in found)
        return [
            (value, sor_id)
            for value, sor_id in found
            if sor_id in self._units and getattr(self._units[sor_id], kind) == value
        ]

    def _is_candidate(self, sor_id: SorId) -> bool:
        unit = self._units.get(sor_id)
        return unit is not None and sor_id not in self._gone and unit.is_open(self._day)

    def _load(self, ids: Iterable[SorId]) -> None:
        """The units and all above them."""
        missing = set(ids) - self._units.keys()
        while missing:
            found = self._listed.read_registered(missing)
            self._units.update(found)
            above = {unit.parent_id for unit in found.values() if unit.parent_id is not None}
            missing = above - self._units.keys()

    def _describe(self, sor_id: SorId) -> Traits:
        """The traits of a unit, level by level; those of the units above are kept."""
        chain: list[SorId] = []
        current: SorId | None = sor_id
        while current in self._units and current not in self._traits and current not in chain:
            chain.append(current)
            current = self._units[current].parent_id
        above = None if current is None else self._traits.get(current)
        for one in reversed(chain):
            above = self._traits[one] = describe(self._units[one], above)
        return self._traits[sor_id]


def _merge(spans: Iterable[_Span]) -> list[_Span]:
    """The same days in as few spans as there are."""
    merged: list[_Span] = []
    for begin, end in sorted(spans):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged
