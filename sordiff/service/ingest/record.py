"""Writing a run and the state it leads to; the caller's transaction makes it all or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from sordiff.changelog import Session
from sordiff.changelog.records import NO_UNITS, EncodedEvent, PreparedEvents, PreparedUnits
from sordiff.model import Classification, Day, Gln, SorId, Unit
from sordiff.register import Register
from sordiff.row_index import RowIndex
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.service.publish.outbox_entries import queue_accepted
from sordiff.service.publish.state_records import record_changed_state
from sordiff.spooled_units import SpooledUnits
from sordiff.subtrees import SubtreeChanges
from sordiff.unit_records import KeptUnit

# A location number, and the unit that owns it.
Ownership: TypeAlias = tuple[Gln, SorId]


def record_run(
    session: Session,
    run_id: int,
    judged: JudgedSnapshot,
    events: Sequence[EncodedEvent] | PreparedEvents,
) -> None:
    """A run with all that belongs to it but the state; `events`: as they are recorded."""
    session.runs.record(run_id, judged.run, events)
    session.events.record_adoptions(run_id, judged.adoptions)
    session.alerts.record(run_id, judged.alerts)
    session.coverage.record(run_id, judged.coverage, judged.fields)
    session.findings.record(run_id, judged.quality.turns, judged.quality.standing)
    if not judged.held:
        record_changed_state(session, run_id, judged.state_keys)
        queue_accepted(session, run_id)


def record_first_state(
    session: Session, run_id: int, register: Register, index: SubtreeChanges | RowIndex | None
) -> None:
    """The state that a first night leads to, of which nothing is there."""
    record_state(session, run_id, register.day, before={}, after=register.units)
    _record_beside(session, run_id, register.lists, index)


def record_next_state(session: Session, run_id: int, judged: JudgedSnapshot) -> None:
    """The state that an accepted run leads to."""
    old, new = judged.before.units if judged.before else {}, judged.after.units
    record_state(
        session,
        run_id,
        judged.after.day,
        before=_pick_present(old, judged.touched),
        after=_pick_present(new, judged.touched),
        records=judged.records,
        prepared=judged.created,
    )
    _record_beside(session, run_id, _choose_changed(judged), judged.snapshot.index)


def _pick_present(units: Mapping[SorId, Unit], ids: Iterable[SorId]) -> dict[SorId, Unit]:
    found = ((sor_id, units.get(sor_id)) for sor_id in ids)
    return {sor_id: unit for sor_id, unit in found if unit is not None}


def _record_beside(
    session: Session,
    run_id: int,
    lists: Mapping[str, Classification],
    index: SubtreeChanges | RowIndex | None,
) -> None:
    session.state.write_lists(lists)
    session.index.write(run_id, index)


def _choose_changed(judged: JudgedSnapshot) -> dict[str, Classification]:
    """The lists that are otherwise than they were."""
    known = judged.before.lists if judged.before else {}
    lists = judged.snapshot.lists
    return {name: listed for name, listed in lists.items() if known.get(name) != listed}


def record_state(  # noqa: PLR0913  # of a run, the units before and after, and what is known of them
    session: Session,
    run_id: int,
    day: Day,
    *,
    before: Mapping[SorId, Unit],
    after: Mapping[SorId, Unit],
    records: Mapping[SorId, str] | None = None,
    prepared: PreparedUnits = NO_UNITS,
) -> None:
    """The units that a run changes, as they were and as they are; one that is in neither stays.

    `records`: of those that are, if they are encoded already; `prepared`: those of them that are
    prepared.
    """
    ids = sorted(after)
    had, now = _ownerships(before.values()), set[Ownership]()

    def note(written: Iterable[Unit | KeptUnit]) -> Iterator[Unit | KeptUnit]:
        for unit in written:
            if unit.number is not None:
                now.add((unit.number, unit.sor_id))
            yield unit

    those: Iterable[Unit | KeptUnit]
    if isinstance(after, SpooledUnits):
        those = after.iterate_kept(ids)
    else:
        now |= _ownerships(map(after.__getitem__, prepared.ids))
        those = (after[sor_id] for sor_id in ids if sor_id not in prepared.ids)
    session.state.write_units(
        note(those),
        sorted(before.keys() - after.keys()),
        records,
        created=after.keys() - before.keys() if before else frozenset(),
        prepared=prepared,
    )
    session.state.remember_units(ids, run_id)
    session.state.record_owners(run_id, day, gone=sorted(had - now), come=sorted(now - had))


def _ownerships(units: Iterable[Unit]) -> set[Ownership]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}
