"""The register as it stood after an accepted run: today's records with what came since undone.

Only the units asked for are taken back, each by its own events and adoptions, which are found by
indexes; so it takes as long in a changelog of ten years as in one of a week.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from sqlite3 import Connection
from typing import TYPE_CHECKING

import msgspec

from sordiff.changelog.queries import PastRegister
from sordiff.events import Event, UnitMoved, UnitRemoved, find_event_name
from sordiff.model import Classification, Entry, Gln, SorId, Unit
from sordiff.register import list_codes
from sordiff.replay import Adoption, PartFold
from sordiff.store.conditions import ACCEPTED
from sordiff.store.state import SqliteAcceptedState
from sordiff.store.subject_history import SqliteSubjects

if TYPE_CHECKING:
    from sordiff.changelog.records import SubjectEvent

_MOVED, _REMOVED = find_event_name(UnitMoved), find_event_name(UnitRemoved)

# Who is below a unit now, who has moved away from it, and who was removed from below it; the last
# two by an event or without one. Each expression is that of the index.
_EVER_BELOW = (
    "SELECT sor_id FROM units WHERE parent_id = :id",
    (
        "SELECT subject FROM events INDEXED BY events_by_former_parent"  # noqa: S608  # the name is ours; an index needs it
        f" WHERE json_extract(data, '$.before.parent.id') = :id AND type = '{_MOVED}'"
        " AND sequence > :sequence"
    ),
    (
        "SELECT subject FROM events INDEXED BY events_by_removed_below"  # noqa: S608  # same
        f" WHERE json_extract(data, '$.before.parent_id') = :id AND type = '{_REMOVED}'"
        " AND sequence > :sequence"
    ),
    (
        "SELECT subject FROM adoptions INDEXED BY adoptions_by_former_parent"
        " WHERE json_extract(before, '$') = :id AND path = 'parent_id' AND run_id > :run"
    ),
    (
        "SELECT subject FROM adoptions INDEXED BY adoptions_by_removed_below"
        " WHERE json_extract(before, '$.parent_id') = :id AND path = '' AND run_id > :run"
    ),
)


class _Since(msgspec.Struct, frozen=True):
    """What a run did that is to be undone, in the order in which it was done."""

    events: list[Event]
    adoptions: list[Adoption]


class SqlitePastRegister(PastRegister):
    """The register after an accepted run, asked a few units at a time; what was undone is kept."""

    def __init__(self, connection: Connection, run_id: int) -> None:
        """`run_id`: an accepted run, the last one for today's register."""
        self._connection = connection
        self._subjects = SqliteSubjects(connection)
        self._run_id = run_id
        self._units: dict[SorId, Unit | None] = {}
        query = f"SELECT EXISTS (SELECT 1 FROM runs WHERE {ACCEPTED} AND id > ?)"  # noqa: S608
        # Of the last run nothing is to be undone, and nothing is looked up for it.
        self._is_newest = not connection.execute(query, [run_id]).fetchone()[0]
        if not self._is_newest:
            query = f"SELECT max(last_sequence) FROM runs WHERE {ACCEPTED} AND id <= ?"  # noqa: S608
            self._sequence = int(connection.execute(query, [run_id]).fetchone()[0] or 0)

    def unit(self, sor_id: SorId) -> Unit | None:
        """A unit as it was, or None where there was none."""
        return self.units([sor_id]).get(sor_id)

    def units(self, ids: Iterable[SorId]) -> dict[SorId, Unit]:
        """Those of these units that there were, in the order of their ids."""
        wanted = sorted(set(ids))
        if self._is_newest:
            return SqliteAcceptedState(self._connection).read_units(wanted)
        missing = [sor_id for sor_id in wanted if sor_id not in self._units]
        now = SqliteAcceptedState(self._connection).read_units(missing)
        for sor_id in missing:
            self._units[sor_id] = self._taken_back(sor_id, now.get(sor_id))
        found = {sor_id: self._units[sor_id] for sor_id in wanted}
        return {sor_id: unit for sor_id, unit in found.items() if unit is not None}

    def ancestors(self, unit: Unit) -> list[Unit]:
        """The units above, nearest first."""
        above: list[Unit] = []
        parent_id = unit.parent_id
        while parent_id is not None:
            parent = self.units([parent_id])[parent_id]
            above.append(parent)
            parent_id = parent.parent_id
        return above

    def children(self, sor_id: SorId) -> list[Unit]:
        """The units right below, by id: those that are there now or have left since."""
        units = self.units(self._ever_below(sor_id))
        return [unit for unit in units.values() if unit.parent_id == sor_id]

    def owners(self, number: Gln) -> list[SorId]:
        """The units that owned the number, by id; more than one is a fault in the data."""
        rows = self._connection.execute(
            "SELECT unit_id FROM location_number_owners WHERE number = ? AND first_run <= ?"
            " AND (released_run IS NULL OR released_run > ?) ORDER BY unit_id",
            [number, self._run_id, self._run_id],
        )
        return [SorId(unit_id) for (unit_id,) in rows]

    def lists(self, units: Iterable[Unit]) -> dict[str, Classification]:
        """The classifications, with the entries of the codes alone that these units carry."""
        known = list(units)
        found: dict[str, Classification] = {}
        for name, serves in self._names_of_lists:
            codes = (
                {code for unit in known for code in list_codes(unit, serves)} if serves else set()
            )
            entries = {code: self.entry(name, code) for code in sorted(codes)}
            found[name] = Classification(
                name=name,
                serves=serves,
                entries={code: entry for code, entry in entries.items() if entry is not None},
            )
        return found

    @cached_property
    def _names_of_lists(self) -> list[tuple[str, str | None]]:
        """The classifications, each with the field whose codes it explains."""
        return self._connection.execute("SELECT list, serves FROM classifications").fetchall()

    def _taken_back(self, sor_id: SorId, now: Unit | None) -> Unit | None:
        """Most units are as they are now: those cost the look-up alone."""
        events = self._subjects.iterate_events_of_unit(sor_id, self._sequence)
        undone = self._since(events, sor_id)
        if not undone:
            return now
        fold = PartFold([now] if now else [], {})
        for since in undone:
            fold.backwards(since.events, since.adoptions)
        return fold.as_units().get(sor_id)

    def entry(self, name: str, code: str) -> Entry | None:
        """An entry of a classification as it was, or None where there was none."""
        row = self._connection.execute(
            "SELECT text, attributes FROM classification_entries WHERE list = ? AND code = ?",
            [name, code],
        ).fetchone()
        subject = f"{name}/{code}"
        now = {}
        if row:
            attributes = msgspec.json.decode(row[1])
            now[subject] = Entry(code=code, text=row[0], attributes=attributes)
        if self._is_newest:
            return now.get(subject)
        fold = PartFold([], now)
        for since in self._since(
            self._subjects.iterate_events(subject, since=self._sequence), subject
        ):
            fold.backwards(since.events, since.adoptions)
        return fold.entries.get(subject)

    def _since(self, events: Iterable[SubjectEvent], subject: str) -> list[_Since]:
        """What is to be undone, the newest run first."""
        by_run: dict[int, _Since] = defaultdict(lambda: _Since([], []))
        for run_id, _, event in sorted(events, key=lambda found: found[1]):
            by_run[run_id].events.append(event)
        for run_id, adoption in self._subjects.iterate_adoptions(subject, self._run_id):
            by_run[run_id].adoptions.append(adoption)
        return [by_run[run_id] for run_id in sorted(by_run, reverse=True)]

    def _ever_below(self, sor_id: SorId) -> set[SorId]:
        """Every unit that is right below this one now, or was and has moved or gone since."""
        if self._is_newest:
            rows = self._connection.execute(_EVER_BELOW[0], {"id": sor_id})
            return {SorId(found) for (found,) in rows}
        since = {"sequence": self._sequence, "id": sor_id, "run": self._run_id}
        return {
            SorId(found)
            for query in _EVER_BELOW
            for (found,) in self._connection.execute(query, since)
        }
