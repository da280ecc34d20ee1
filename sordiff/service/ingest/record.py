"""Writing a run and the state it leads to; the caller's transaction makes it all or nothing."""

from collections.abc import Iterable, Mapping

from sordiff.changelog import Session
from sordiff.model import Classification, Day, Gln, SorId, Unit
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.service.publish.outbox_entries import queue_accepted
from sordiff.service.publish.state_records import record_changed_state
from sordiff.wire import build_envelope, encode_positioned


def record_run(session: Session, run_id: int, judged: JudgedSnapshot) -> None:
    """A run with all that belongs to it; the state only where the run is accepted."""
    lines = [
        build_envelope(event, judged.origin, data=data)
        for event, data in encode_positioned(judged.events, run_id)
    ]
    session.runs.record(run_id, judged.run, lines)
    session.events.record_adoptions(run_id, judged.adoptions)
    session.alerts.record(run_id, judged.alerts)
    session.coverage.record(run_id, judged.coverage, judged.fields)
    session.findings.record(run_id, judged.quality.turns, judged.quality.standing)
    if judged.held:
        return
    # Before the state moves, which the register of the last night is read from.
    record_changed_state(session, run_id, judged.changes)
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
    changed = [after[sor_id] for sor_id in sorted(after)]
    session.state.write_units(changed, sorted(before.keys() - after.keys()))
    session.state.remember_units((unit.sor_id for unit in changed), run_id)
    old, new = _ownerships(before.values()), _ownerships(after.values())
    session.state.record_owners(run_id, day, gone=sorted(old - new), come=sorted(new - old))


def _ownerships(units: Iterable[Unit]) -> set[tuple[Gln, SorId]]:
    return {(unit.number, unit.sor_id) for unit in units if unit.number is not None}
