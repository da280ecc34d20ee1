"""Many numbers looked up at once: they go to SQLite as one JSON array, which is joined."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from sqlite3 import Connection
from typing import TYPE_CHECKING, Final

import msgspec

from sordiff.changelog.listed import ListedUnits
from sordiff.changelog.records import OwnerSpan, RemovedUnit, SequencedTelling
from sordiff.events import (
    UnitEffectiveLocationNumberChanged,
    UnitEventData,
    UnitProviderNumberChanged,
    UnitRenamed,
    find_event_name,
)
from sordiff.model import Day, SorId
from sordiff.reconcile.facts import ListedUnit
from sordiff.reconcile.registered_unit import RegisteredUnit
from sordiff.store.listed_queries import (
    ALL_GONE,
    BEFORE,
    CARRIERS,
    CHANGED,
    DAYS,
    FORMER,
    GONE,
    HOLDINGS,
    LOST,
    TOUCHED,
)
from sordiff.unit_records import decode_brief_unit

if TYPE_CHECKING:
    from sordiff.brief_unit import BriefUnit
    from sordiff.reconcile.identifiers import ColumnKind

_LISTED: Final = msgspec.json.Decoder(ListedUnit)
_REGISTERED: Final = msgspec.json.Decoder(RegisteredUnit)
_ENCODER: Final = msgspec.json.Encoder()


class SqliteListedUnits(ListedUnits):
    """ListedUnits in SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read_units(self, ids: Collection[str]) -> dict[SorId, ListedUnit]:
        rows = self._connection.execute(
            "SELECT record FROM json_each(?) CROSS JOIN units ON sor_id = value", [_array(ids)]
        )
        found = (_LISTED.decode(record) for (record,) in rows)
        return {unit.sor_id: unit for unit in found}

    def find_carriers(
        self, kind: ColumnKind, values: Collection[str]
    ) -> Iterator[tuple[str, SorId]]:
        return self._connection.execute(f"{CARRIERS[kind]} ORDER BY 1, 2", [_array(values)])

    def find_former_carriers(
        self, kind: ColumnKind, values: Collection[str]
    ) -> Iterator[tuple[str, SorId, SequencedTelling]]:
        parameters = {"kind": str(kind), "changed": CHANGED[kind], "values": _array(values)}
        rows = self._connection.execute(FORMER, parameters)
        for value, sor_id, run, sequence, name in rows:
            yield value, sor_id, SequencedTelling(run, sequence, name)

    def find_holdings(self, numbers: Collection[str]) -> Iterator[tuple[str, OwnerSpan]]:
        rows = self._connection.execute(HOLDINGS, [_array(numbers)])
        for number, unit_id, first, released in rows:
            yield (
                number,
                OwnerSpan(unit_id=SorId(unit_id), first_run=first, released_run=released),
            )

    def find_lost_numbers(self, ids: Collection[str]) -> Iterator[tuple[SorId, str, int]]:
        return self._connection.execute(LOST, [_array(ids)])

    def find_lost_provider_numbers(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        return self._before(UnitProviderNumberChanged, "$.before", "provider_number", ids)

    def find_former_numbers(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        return self._before(UnitEffectiveLocationNumberChanged, "$.before.number", "", ids)

    def find_former_names(
        self, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        return self._before(UnitRenamed, "$.before", "name", ids)

    def _before(
        self, data: type[UnitEventData], place: str, path: str, ids: Collection[str]
    ) -> Iterator[tuple[SorId, str, SequencedTelling]]:
        """What units had, by events of that type and by adoptions at that path."""
        rows = self._connection.execute(
            BEFORE,
            {"place": place, "type": find_event_name(data), "path": path, "ids": _array(ids)},
        )
        for sor_id, before, run, sequence, name in rows:
            yield SorId(sor_id), before, SequencedTelling(run, sequence, name)

    def find_removed(self, ids: Collection[str], until_run: int) -> dict[SorId, RemovedUnit]:
        rows = self._connection.execute(GONE, {"ids": _array(ids), "run": until_run})
        return {
            SorId(sor_id): RemovedUnit(
                last=None if record is None else _LISTED.decode(record), run=run, sequence=sequence
            )
            for sor_id, run, sequence, record in rows
        }

    def find_first_runs(self, ids: Collection[str]) -> dict[SorId, int]:
        rows = self._connection.execute(
            "SELECT sor_id, first_run FROM json_each(?) CROSS JOIN known_units ON sor_id = value",
            [_array(ids)],
        )
        return dict(rows.fetchall())

    def find_changed(self, ids: Collection[str], since_run: int) -> set[SorId]:
        rows = self._connection.execute(TOUCHED, {"ids": _array(ids), "run": since_run})
        return {SorId(sor_id) for (sor_id,) in rows}

    def find_events(
        self, subjects: Collection[str], names: Collection[str], until_run: int
    ) -> Iterator[tuple[str, SequencedTelling]]:
        rows = self._connection.execute(
            "SELECT subject, events.type, run_id, max(sequence)"
            " FROM json_each(:subjects) AS wanted"
            " CROSS JOIN events INDEXED BY events_by_subject ON subject = wanted.value"
            " WHERE sequence > 0 AND run_id <= :run"
            " AND events.type IN (SELECT value FROM json_each(:names))"
            " GROUP BY subject, events.type, run_id ORDER BY max(sequence)",
            {"subjects": _array(subjects), "names": _array(names), "run": until_run},
        )
        for subject, name, run, sequence in rows:
            yield subject, SequencedTelling(run, sequence, name)

    def read_days(self) -> Mapping[int, Day]:
        return dict(self._connection.execute(DAYS).fetchall())

    def iterate_opened(self, spans: Iterable[tuple[str, str]]) -> Iterator[RegisteredUnit]:
        for begin, end in spans:
            for (record,) in self._connection.execute(
                "SELECT record FROM units INDEXED BY units_by_first_from"
                " WHERE first_from BETWEEN ? AND ?",
                [begin, end],
            ):
                yield _REGISTERED.decode(record)

    def list_ids_after(self, sor_id: str, most: int) -> list[SorId]:
        rows = self._connection.execute(
            "SELECT sor_id FROM units WHERE sor_id > ? ORDER BY sor_id LIMIT ?", [sor_id, most]
        )
        return [SorId(found) for (found,) in rows]

    def iterate_briefly(self) -> Iterator[BriefUnit]:
        for (record,) in self._connection.execute("SELECT record FROM units"):
            yield decode_brief_unit(record)

    def iterate_gone_briefly(self) -> Iterator[BriefUnit]:
        for (record,) in self._connection.execute(ALL_GONE):
            yield decode_brief_unit(record)

    def read_registered(self, ids: Iterable[str]) -> dict[SorId, RegisteredUnit]:
        wanted = list(ids)
        rows = self._connection.execute(
            "SELECT record FROM json_each(?) CROSS JOIN units ON sor_id = value", [_array(wanted)]
        ).fetchall()
        found = {unit.sor_id: unit for unit in (_REGISTERED.decode(record) for (record,) in rows)}
        missing = [sor_id for sor_id in wanted if sor_id not in found]
        parameters = {"ids": _array(missing), "run": 2**63 - 1}
        for _, _, _, record in self._connection.execute(GONE, parameters) if missing else ():
            if record is not None:
                unit = _REGISTERED.decode(record)
                found[unit.sor_id] = unit
        return found


def _array(values: Iterable[str]) -> str:
    """In the order in which the rows lie, so that each page is read once."""
    return _ENCODER.encode(sorted(values)).decode()
