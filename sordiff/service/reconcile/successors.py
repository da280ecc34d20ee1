"""Looking for who goes on: one pass over the register for all units that are gone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from sordiff.changelog import QuerySession
from sordiff.model import Day, SorId
from sordiff.reconcile.succession import (
    LEAST_SCORE,
    WEAK_LINKS,
    Link,
    RegisteredUnit,
    Successor,
    Traits,
    describe,
    list_links,
    opening_span,
    rank_successors,
)

# What more units than this have in common says nothing of who goes on.
_CROWD: Final = 60
# So many are looked for, of those that closed last; a list with more dead lines is no longer kept.
_MOST: Final = 5000


def find_successors(
    session: QuerySession, day: Day, gone: Mapping[SorId, Day]
) -> dict[SorId, Successor]:
    """The likeliest successor of each unit, where one is likely; `gone`: their last valid days."""
    if not gone:
        return {}
    latest = sorted(gone, key=lambda one: (gone[one], one))[-_MOST:]
    return _Search(session, day, {one: gone[one] for one in latest}).successors()


class _Search:
    def __init__(self, session: QuerySession, day: Day, gone: Mapping[SorId, Day]) -> None:
        self._listed = session.listed
        self._day = day
        self._gone = gone
        self._units: dict[SorId, RegisteredUnit] = {}
        self._traits: dict[SorId, Traits] = {}

    def successors(self) -> dict[SorId, Successor]:
        self._load(self._gone)
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

    def _best(self, traits: Traits, candidates: Iterable[SorId]) -> Successor | None:
        described = [self._describe(one) for one in sorted(set(candidates))]
        ranked = rank_successors(traits, self._gone[traits.sor_id], described)
        return ranked[0] if ranked and ranked[0].score >= LEAST_SCORE else None

    def _candidates(
        self, wanted: Mapping[tuple[Link, str], list[SorId]]
    ) -> dict[SorId, set[SorId]]:
        """Open units that share a number, a house, a name or the like with one that is gone.

        A unit below shares what it inherits, so that the ways down are followed as well.
        """
        hits: dict[tuple[Link, str], list[SorId]] = defaultdict(list)
        below: dict[SorId, list[SorId]] = defaultdict(list)
        opened: dict[SorId, str] = {}
        spans = {one: opening_span(closed) for one, closed in self._gone.items()}
        for unit in self._listed.iterate_units():
            if not unit.is_open(self._day) or unit.sor_id in self._gone:
                continue
            opened[unit.sor_id] = unit.first_from or ""
            if unit.parent_id is not None:
                below[unit.parent_id].append(unit.sor_id)
            for link in list_links(describe(unit, None)):
                if link in wanted:
                    hits[link].append(unit.sor_id)
        found: dict[SorId, set[SorId]] = defaultdict(set)
        for link, units in hits.items():
            reached = set(units).union(*(_downwards(one, below) for one in units))
            for sor_id in wanted[link]:
                begin, end = spans[sor_id]
                near = (
                    [one for one in reached if begin <= opened[one] <= end]
                    if link[0] in WEAK_LINKS
                    else reached
                )
                if len(near) <= _CROWD:
                    found[sor_id].update(near)
        self._load({one for units in found.values() for one in units})
        return found

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


def _downwards(sor_id: SorId, below: Mapping[SorId, list[SorId]]) -> list[SorId]:
    """The units below, at most so many as are looked at."""
    found: list[SorId] = []
    waiting = [sor_id]
    while waiting and len(found) <= _CROWD:
        children = below.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
