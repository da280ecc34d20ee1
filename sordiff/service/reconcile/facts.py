"""Collecting the facts by which a list is judged, on today's register or on an earlier one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec

from sordiff.changelog import QuerySession
from sordiff.changelog.records import RemovedUnit, SequencedTelling
from sordiff.events import (
    LocationNumberClosed,
    LocationNumberReassigned,
    LocationNumberReleased,
    UnitClosed,
    UnitClosureScheduled,
    UnitRemoved,
    UnitReplaced,
    find_event_name,
)
from sordiff.model import Gln, SorId
from sordiff.reconcile.facts import (
    Facts,
    FormerCarrier,
    FormerName,
    Holding,
    Key,
    ListedUnit,
    Telling,
)
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.report import RecordedRun

_OF_UNITS: Final = (
    find_event_name(UnitClosed),
    find_event_name(UnitReplaced),
    find_event_name(UnitClosureScheduled),
)
_MOVES: Final = (find_event_name(LocationNumberReassigned), find_event_name(LocationNumberReleased))
_OF_NUMBERS: Final = (find_event_name(LocationNumberClosed), *_MOVES)


def collect_facts(
    session: QuerySession, run: RecordedRun, wanted: Mapping[ColumnKind, Collection[str]]
) -> Facts:
    """The facts of the numbers wanted, as they were after that accepted run."""
    return _Collector(session, run, wanted).facts()


class _Collector:
    def __init__(
        self, session: QuerySession, run: RecordedRun, wanted: Mapping[ColumnKind, Collection[str]]
    ) -> None:
        self._session = session
        self._listed = session.listed
        self._run = run
        newest = session.runs.find_last_accepted()
        self._is_newest = newest is not None and newest.id == run.id
        self._wanted = wanted
        self._days = self._listed.read_days()
        self._units: dict[SorId, ListedUnit] = {}
        self._holdings: dict[str, list[Holding]] = defaultdict(list)
        self._asked: set[SorId] = set()

    def facts(self) -> Facts:
        carriers, ended = self._carriers()
        sor_ids = self._wanted.get(ColumnKind.SOR_ID, ())
        self._load({*map(SorId, sor_ids), *(one for found in carriers.values() for one in found)})
        self._load(one.unit_id for found in ended.values() for one in found)
        gone = self._load_heirs()
        self._load_above()
        now, former = self._as_it_stood(carriers, ended)
        events, moves = self._events()
        return Facts(
            day=self._run.header.snapshot_date,
            units=self._units,
            gone=gone,
            carriers=now,
            former=former,
            holdings={number: tuple(found) for number, found in self._holdings.items()},
            former_numbers=self._former_numbers(),
            former_names=self._former_names(),
            events=events,
            moves=moves,
        )

    def _carriers(self) -> tuple[dict[Key, list[SorId]], dict[Key, list[FormerCarrier]]]:
        """Who carries each number in today's register, and who ever did."""
        carriers: dict[Key, list[SorId]] = defaultdict(list)
        ended: dict[Key, list[FormerCarrier]] = defaultdict(list)
        for kind, values in self._wanted.items():
            if kind in {ColumnKind.SOR_ID, ColumnKind.NAME} or not values:
                continue
            for value, sor_id in self._listed.find_carriers(kind, values):
                carriers[kind, value].append(sor_id)
            if kind is ColumnKind.LOCATION_NUMBER:
                self._find_holdings(values, ended)
                continue
            for value, sor_id, told in self._listed.find_former_carriers(kind, values):
                ended[kind, value].append(FormerCarrier(sor_id, self._telling(told)))
        return carriers, ended

    def _find_holdings(
        self, numbers: Collection[str], ended: dict[Key, list[FormerCarrier]]
    ) -> None:
        """Who owned these numbers when, by the run; who ever lost one is added to `ended`."""
        for number, held in self._listed.find_holdings(numbers):
            until = None
            if held.released_run is not None:
                until = self._telling(SequencedTelling(held.released_run, None, None))
                ended[ColumnKind.LOCATION_NUMBER, number].append(FormerCarrier(held.unit_id, until))
            if held.first_run <= self._run.id:
                self._holdings[number].append(
                    Holding(
                        unit_id=held.unit_id,
                        first_run=held.first_run,
                        begin=self._days.get(held.first_run, self._run.header.snapshot_date),
                        until=until if until and until.run <= self._run.id else None,
                    )
                )

    def _as_it_stood(
        self, carriers: Mapping[Key, list[SorId]], ended: Mapping[Key, list[FormerCarrier]]
    ) -> tuple[dict[Key, tuple[SorId, ...]], dict[Key, tuple[FormerCarrier, ...]]]:
        """Who carried it after the run, and whoever had by then stopped to."""
        now: dict[Key, tuple[SorId, ...]] = {}
        former: dict[Key, tuple[FormerCarrier, ...]] = {}
        for key in carriers.keys() | ended.keys():
            kind, value = key
            over = ended.get(key, ())
            candidates = carriers.get(key, [])
            if over:
                candidates = sorted({*candidates, *(one.unit_id for one in over)})
            found = [
                one
                for one in candidates
                if (unit := self._units.get(one)) is not None and unit.value(kind) == value
            ]
            if found:
                now[key] = tuple(found)
            stopped = [
                one for one in over if one.until.run <= self._run.id and one.unit_id not in found
            ]
            if stopped:
                former[key] = tuple(stopped)
        return now, former

    def _load(self, ids: Iterable[SorId]) -> None:
        """The units as they stood after the run; those that nothing happened to stand so still."""
        missing = set(ids) - self._asked
        if not missing:
            return
        self._asked |= missing
        found = self._listed.read_units(missing)
        if not self._is_newest:
            changed = self._listed.find_changed(missing, self._run.id)
            first = self._listed.find_first_runs(missing)
            changed |= {one for one, run_id in first.items() if run_id > self._run.id}
            then = self._session.past(self._run.id).units(changed)
            for sor_id in changed:
                found.pop(sor_id, None)
                if sor_id in then:
                    found[sor_id] = msgspec.convert(then[sor_id], ListedUnit, from_attributes=True)
        self._units.update(found)

    def _load_heirs(self) -> dict[SorId, tuple[ListedUnit | None, Telling]]:
        """The units that replace others, and on; with those of all that are gone."""
        while True:
            gone = self._gone()
            known = [*self._units.values(), *(last for last, _ in gone.values() if last)]
            heirs = {heir for unit in known for heir in unit.replaced_by}
            if not heirs - self._asked:
                return gone
            self._load(heirs)

    def _load_above(self) -> None:
        """All units above those that are known, level by level."""
        level: Collection[ListedUnit] = self._units.values()
        while parents := {unit.parent_id for unit in level if unit.parent_id} - self._asked:
            self._load(parents)
            level = [self._units[one] for one in parents if one in self._units]

    def _gone(self) -> dict[SorId, tuple[ListedUnit | None, Telling]]:
        missing = self._asked - self._units.keys()
        first = self._listed.find_first_runs(missing)
        known = [one for one, run_id in first.items() if run_id <= self._run.id]
        removed = self._listed.find_removed(known, self._run.id) if known else {}
        return {
            sor_id: (one.last, self._telling(_removing(one))) for sor_id, one in removed.items()
        }

    def _former_numbers(self) -> dict[SorId, tuple[tuple[Gln, Telling], ...]]:
        if not self._wanted.get(ColumnKind.LOCATION_NUMBER):
            return {}
        found: dict[SorId, list[tuple[Gln, Telling]]] = defaultdict(list)
        for sor_id, number, told in self._listed.find_former_numbers(self._asked):
            if told.run <= self._run.id:
                found[sor_id].append((Gln(number), self._telling(told)))
        return {sor_id: tuple(numbers) for sor_id, numbers in found.items()}

    def _former_names(self) -> dict[SorId, tuple[FormerName, ...]]:
        if not self._wanted.get(ColumnKind.NAME):
            return {}
        found: dict[SorId, list[FormerName]] = defaultdict(list)
        for sor_id, name, told in self._listed.find_former_names(self._asked):
            if told.run <= self._run.id:
                found[sor_id].append(FormerName(name, self._telling(told)))
        return {sor_id: tuple(names) for sor_id, names in found.items()}

    def _events(self) -> tuple[dict[tuple[str, str], Telling], dict[tuple[str, int], Telling]]:
        """The newest of each subject and type; and of location numbers the moves of each run."""
        ending = {one for one, unit in self._units.items() if unit.to is not None}
        numbers = set(self._wanted.get(ColumnKind.LOCATION_NUMBER, ()))
        found: dict[tuple[str, str], Telling] = {}
        moves: dict[tuple[str, int], Telling] = {}
        for subjects, names in ((ending, _OF_UNITS), (numbers, _OF_NUMBERS)):
            if subjects:
                for subject, told in self._listed.find_events(subjects, names, self._run.id):
                    found[subject, told.type or ""] = self._telling(told)
                    if told.type in _MOVES:
                        moves[subject, told.run] = self._telling(told)
        return found, moves

    def _telling(self, told: SequencedTelling) -> Telling:
        day = self._days.get(told.run, self._run.header.snapshot_date)
        return Telling(day, told.run, told.sequence, told.type)


def _removing(one: RemovedUnit) -> SequencedTelling:
    name = None if one.sequence is None else find_event_name(UnitRemoved)
    return SequencedTelling(one.run, one.sequence, name)
