"""Writing a run and the state it leads to; the caller's transaction makes it all or nothing."""

from collections.abc import Iterable, Mapping
from sqlite3 import Connection

from sordiff.model import Day, Gln, SorId, Unit
from sordiff.service.ingest.evaluate import Judged
from sordiff.service.publish.outbox_entries import queue_accepted
from sordiff.service.publish.state_records import record_changed_state
from sordiff.store import runs, state
from sordiff.store.alerts import record_alerts
from sordiff.store.coverage import record_coverage
from sordiff.store.events import record_adoptions
from sordiff.store.findings import record_findings
from sordiff.store.subtrees import write_index
from sordiff.wire import envelope, positioned


def record(connection: Connection, run_id: int, judged: Judged) -> None:
    """A run with all that belongs to it; the state only where the run is accepted."""
    lines = [
        envelope(event, judged.origin, data=data)
        for event, data in positioned(judged.events, run_id)
    ]
    runs.record_run(connection, run_id, judged.run, lines)
    record_adoptions(connection, run_id, judged.adoptions)
    record_alerts(connection, run_id, judged.alerts)
    record_coverage(connection, run_id, judged.coverage, judged.fields)
    record_findings(connection, run_id, judged.quality.turns, judged.quality.standing)
    if judged.held:
        return
    # Before the state moves, which the register of the last night is read from.
    record_changed_state(connection, run_id, judged.changes)
    old, new = judged.before.units if judged.before else {}, judged.after.units
    record_state(
        connection,
        run_id,
        judged.after.day,
        before={sor_id: old[sor_id] for sor_id in judged.touched if sor_id in old},
        after={sor_id: new[sor_id] for sor_id in judged.touched if sor_id in new},
    )
    state.write_lists(connection, judged.snapshot.lists)
    write_index(connection, run_id, judged.snapshot.index)
    queue_accepted(connection, run_id)


def record_state(
    connection: Connection,
    run_id: int,
    day: Day,
    *,
    before: Mapping[SorId, Unit],
    after: Mapping[SorId, Unit],
) -> None:
    """The units that a run changes, as they were and as they are; one that is in neither stays."""
    changed = [after[sor_id] for sor_id in sorted(after)]
    state.write_units(connection, changed, sorted(before.keys() - after.keys()))
    state.remember_units(connection, (unit.sor_id for unit in changed), run_id)
    old, new = _ownerships(before.values()), _ownerships(after.values())
    state.record_owners(connection, run_id, day, gone=sorted(old - new), come=sorted(new - old))


def _ownerships(units: Iterable[Unit]) -> set[tuple[Gln, SorId]]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}
