"""Writing a run and the state it leads to; the caller's transaction makes it all or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.model import Classification, Day, Gln, SorId, Unit
from sordiff.register import Register
from sordiff.row_index import RowIndex
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.service.ingest.night_work import encode_events
from sordiff.service.publish.outbox_entries import queue_accepted
from sordiff.service.publish.state_records import record_changed_state
from sordiff.spooled_units import SpooledUnits
from sordiff.subtrees import SubtreeChanges
from sordiff.unit_records import KeptUnit
from sordiff.wire import build_envelope

# A location number, and the unit that owns it.
Ownership: TypeAlias = tuple[Gln, SorId]


class WrittenUnits(Struct, frozen=True, kw_only=True):
    """Units that were put into the state: their ids in order, and the numbers that they own."""

    ids: list[SorId]
    ownerships: set[Ownership]


def record_run(
    session: Session, run_id: int, judged: JudgedSnapshot, *, has_state: bool = False
) -> None:
    """A run with all that belongs to it; the state only where the run is accepted.

    `has_state`: of a first night the state was written already.
    """
    encoded = judged.encoded
    if encoded is None:
        encoded = encode_events(judged.events, judged.origin, run_id)
    lines = [
        build_envelope(event, judged.origin, data=one.data, event_id=one.id)
        for event, one in zip(judged.events, encoded, strict=True)
    ]
    session.runs.record(run_id, judged.run, lines)
    session.events.record_adoptions(run_id, judged.adoptions)
    session.alerts.record(run_id, judged.alerts)
    session.coverage.record(run_id, judged.coverage, judged.fields)
    session.findings.record(run_id, judged.quality.turns, judged.quality.standing)
    if judged.held:
        return
    record_changed_state(session, run_id, judged.state_keys)
    if not has_state:
        old, new = judged.before.units if judged.before else {}, judged.after.units
        record_state(
            session,
            run_id,
            judged.after.day,
            before={sor_id: old[sor_id] for sor_id in judged.touched if sor_id in old},
            after={sor_id: new[sor_id] for sor_id in judged.touched if sor_id in new},
        )
        session.state.write_lists(_choose_changed(judged))
        session.index.write(run_id, judged.snapshot.index)
    queue_accepted(session, run_id)


def record_first_state(
    session: Session, run_id: int, register: Register, index: SubtreeChanges | RowIndex | None
) -> None:
    """The state that a first night leads to, of which nothing is there: before the run itself."""
    record_state(session, run_id, register.day, before={}, after=register.units)
    session.state.write_lists(register.lists)
    session.index.write(run_id, index)


def _choose_changed(judged: JudgedSnapshot) -> dict[str, Classification]:
    """The lists that are otherwise than they were."""
    known = judged.before.lists if judged.before else {}

    def is_known(listed: Classification) -> bool:
        old = known.get(listed.name)
        return old is not None and (old.serves, old.entries) == (listed.serves, listed.entries)

    return {n: listed for n, listed in judged.snapshot.lists.items() if not is_known(listed)}


def record_state(
    session: Session,
    run_id: int,
    day: Day,
    *,
    before: Mapping[SorId, Unit],
    after: Mapping[SorId, Unit],
) -> None:
    """The units that a run changes, as they were and as they are; one that is in neither stays."""
    written = write_units(session, after, before.keys() - after.keys())
    _note_units(session, run_id, day, _ownerships(before.values()), written)


def write_units(
    session: Session, units: Mapping[SorId, Unit], removed: Iterable[SorId] = ()
) -> WrittenUnits:
    """Put units into the state, in order of their ids, one after the other."""
    ids = sorted(units)
    ownerships: set[Ownership] = set()

    def note(written: Iterable[Unit | KeptUnit]) -> Iterator[Unit | KeptUnit]:
        for unit in written:
            if unit.number is not None:
                ownerships.add((unit.number, unit.sor_id))
            yield unit

    those: Iterable[Unit | KeptUnit] = map(units.__getitem__, ids)
    if isinstance(units, SpooledUnits):
        those = units.iterate_kept(ids)
    session.state.write_units(note(those), sorted(removed))
    return WrittenUnits(ids=ids, ownerships=ownerships)


def _note_units(
    session: Session, run_id: int, day: Day, before: set[Ownership], written: WrittenUnits
) -> None:
    """Note that units are known from a run on, and whose numbers came and went with it."""
    session.state.remember_units(written.ids, run_id)
    now = written.ownerships
    session.state.record_owners(run_id, day, gone=sorted(before - now), come=sorted(now - before))


def _ownerships(units: Iterable[Unit]) -> set[Ownership]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}
