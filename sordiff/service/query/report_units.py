"""The table of units that a report speaks of, each as it stood at the end of the period."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from sordiff.brief_unit import BriefAddress, BriefUnit
from sordiff.changelog import QuerySession
from sordiff.events import StatusChange, UnitCreated, UnitRemoved, UnitRestored, UnitSummary
from sordiff.model import Address, Kind, SorId, Unit, find_state
from sordiff.report import UnitEntry
from sordiff.report.change_from_event import RecordedEvent
from sordiff.service.query.report_period import Period

_UNKNOWN: Final = UnitEntry(gone=True, missing=True)
_NOWHERE: Final = UnitEntry()
# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_INSTITUTION: Final = Kind.INSTITUTION
_OWNER: Final = Kind.OWNER


class Units:
    """Units by id as they stood; what was read is kept, and so are all units above."""

    def __init__(
        self,
        session: QuerySession,
        period: Period,
        steps: Sequence[RecordedEvent],
        known: dict[SorId, UnitEntry] | None = None,
    ) -> None:
        """`steps` are the events of the period, which tell of what is gone and what is held.

        `known`: what `list_present` told of some units already.
        """
        self._session = session
        self._last = period.last
        self._day = period.last.header.snapshot_date
        base = period.base
        moved_on = base is not None and session.runs.has_later(base)
        self._past = session.past(base.id) if base is not None and moved_on else None
        self._told = None if period.is_accepted else _collect_told_units(steps)
        self._gone = {
            SorId(step.event.subject): step.event.data.before
            for step in steps
            if isinstance(step.event.data, UnitRemoved)
        }
        self._records: dict[SorId, Unit | BriefUnit | None] = {}
        self._is_gone: set[SorId] = set()
        self._entries: dict[SorId, UnitEntry] = {} if known is None else known

    def table(self, ids: Iterable[SorId]) -> dict[SorId, UnitEntry]:
        """These units and all above them."""
        entries = self._entries
        waiting = set(ids) - self._records.keys() - entries.keys()
        while waiting:
            waiting = self._read(waiting) - self._records.keys() - entries.keys()
        for sor_id in reversed(self._records):  # those above were read last, and are needed first
            if sor_id not in entries:
                self._build_entry(sor_id)
        return entries

    def list_present(self, ids: Iterable[SorId]) -> dict[SorId, UnitEntry]:
        """Those of these units that are in the register now, and all above them.

        None at all where a unit above is not there: what is told of it may be known by its removal.
        """
        waiting = set(ids)
        found = self._as_they_are(waiting)
        while found:
            self._records.update(found)
            waiting = {unit.parent_id for unit in found.values() if unit.parent_id is not None}
            waiting -= self._records.keys()
            found = self._as_they_are(waiting)
            if len(found) < len(waiting):
                return {}
        return self.table(())

    def _read(self, ids: set[SorId]) -> set[SorId]:
        """Read units, and say which stand directly above them."""
        if self._told is None:
            as_they_were = self._past.units if self._past else self._as_they_are
            found: Mapping[SorId, Unit | BriefUnit] = as_they_were(ids)
        else:
            found = self._as_told(ids, self._told)
        self._records.update(found)
        above = {unit.parent_id for unit in found.values()}
        if len(found) < len(ids):
            for sor_id in ids - found.keys():
                unit = self._records[sor_id] = self._last_seen(sor_id)
                self._is_gone.add(sor_id)
                above.add(None if unit is None else unit.parent_id)
        return {sor_id for sor_id in above if sor_id is not None}

    def _as_they_are(self, ids: Iterable[SorId]) -> dict[SorId, BriefUnit]:
        return self._session.state.read_briefly(ids)

    def _as_told(self, ids: Iterable[SorId], told: Mapping[SorId, Unit]) -> dict[SorId, Unit]:
        """By what the events of the last run tell, which moved no state, and by the state."""
        staying = set(ids) - self._gone.keys()
        known = self._past.units(staying) if self._past else self._session.state.read_units(staying)
        found = {
            sor_id: _complete_told_unit(told.get(sor_id), known.get(sor_id)) for sor_id in staying
        }
        return {sor_id: unit for sor_id, unit in found.items() if unit is not None}

    def _last_seen(self, sor_id: SorId) -> Unit | None:
        return self._gone.get(sor_id) or self._session.report.find_last_record(
            sor_id, self._last.id
        )

    def _build_entry(self, sor_id: SorId) -> UnitEntry:
        """What is told of a unit; what it has from those above it is found once for all of them."""
        unit = self._records.get(sor_id)
        if unit is None:
            self._entries[sor_id] = _UNKNOWN
            return _UNKNOWN
        parent, kind, address = unit.parent_id, unit.kind, unit.address
        above = _NOWHERE
        if parent:
            above = self._entries.get(parent) or self._build_above(sor_id, parent)
        gone = sor_id in self._is_gone
        entry = self._entries[sor_id] = UnitEntry(
            name=unit.name,
            kind=kind,
            unit_type=unit.unit_type,
            parent=parent,
            institution=sor_id if kind is _INSTITUTION else above.institution,
            owner=sor_id if kind is _OWNER else above.owner,
            region=(address and _find_region(address)) or above.region,
            state=None if gone else find_state(self._day, unit.first_from, unit.to),
            gone=gone,
        )
        return entry

    def _build_above(self, sor_id: SorId, parent: SorId) -> UnitEntry:
        self._entries[sor_id] = _NOWHERE  # should the units ever stand in a circle
        return self._build_entry(parent)


def _complete_told_unit(told: Unit | None, known: Unit | None) -> Unit | None:
    """As it is told; what is told has no address where only a summary was."""
    if told is not None and told.address is None and known is not None:
        return msgspec.structs.replace(told, address=known.address)
    return told or known


def _find_region(address: Address | BriefAddress) -> str | None:
    blocks = (address.visiting, address.postal, address.activity)
    return next((block.region_code for block in blocks if block and block.region_code), None)


def _collect_told_units(steps: Iterable[RecordedEvent]) -> dict[SorId, Unit]:
    """Units as the events of a run tell of them, which moved no state."""
    told: dict[SorId, Unit] = {}
    for step in steps:
        data = step.event.data
        if isinstance(data, UnitCreated | UnitRestored):
            told[data.after.sor_id] = data.after
        elif data.unit is not None and not isinstance(data, UnitRemoved):
            told.setdefault(data.unit.id, _build_from_summary(data.unit, data.status))
    return told


def _build_from_summary(summary: UnitSummary, days: StatusChange | None) -> Unit:
    status = days.after if days else None
    return Unit(
        sor_id=summary.id,
        kind=summary.kind,
        parent_id=summary.parent_id,
        name=summary.name,
        unit_type=summary.unit_type.code if summary.unit_type else None,
        to=status.to if status else None,
        first_from=status.first_from if status else None,
    )
