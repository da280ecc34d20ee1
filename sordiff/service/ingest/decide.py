"""`sordiff release` and `sordiff reject`: a person decides what becomes of a held run."""

from collections.abc import Mapping

from msgspec.structs import replace

from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import Decision
from sordiff.errors import SordiffError
from sordiff.model import Classification
from sordiff.replay import Fold
from sordiff.report import RecordedRun
from sordiff.service.changelog_source import demand_source
from sordiff.service.ingest.notices import queue_decision
from sordiff.service.ingest.record import record_state
from sordiff.service.publish.state_records import record_released_state
from sordiff.service.query.register_at import (
    collect_changed_units,
    collect_entries,
    overlay_register,
    read_register_after,
)
from sordiff.wire import compute_digest


def release_run(changelog: Changelog, run_id: int, decision: Decision, source: str) -> RecordedRun:
    """Accept a held run: its events get sequences, and the state is what they lead to.

    What is released is what was shown: the digest of the events proves it. Releasing twice is
    releasing once. `source` is that of the call.
    """
    with changelog.lock_writer(), changelog.open_to_publish() as session:
        demand_source(session, source)
        with session.transaction():
            run = _decidable(session, run_id, "released")
            if run.state == "held":
                _release(session, run, decision)
        return _found(session, run_id)


def reject_run(changelog: Changelog, run_id: int, decision: Decision, source: str) -> RecordedRun:
    """Refuse a held run for good; the same file is then refused, unless it is taken by --accept."""
    with changelog.lock_writer(), changelog.open_to_publish() as session:
        demand_source(session, source)
        with session.transaction():
            run = _decidable(session, run_id, "rejected")
            if run.state == "held":
                session.decisions.decide(run, "rejected", decision)
                session.alerts.resolve(run.id, run.id)
                queue_decision(session, run, "run.rejected", decision)
        return _found(session, run_id)


def _found(session: Session, run_id: int) -> RecordedRun:
    run = session.runs.find(run_id)
    if run is None:
        raise SordiffError(f"There is no run {run_id}.", advice="`sordiff runs` lists them.")
    return run


def _decidable(session: Session, run_id: int, wish: str) -> RecordedRun:
    run = _found(session, run_id)
    if run.state not in {"held", wish}:
        message = f"Run {run_id} is {run.state}; only the newest held run can be decided."
        raise SordiffError(message, advice="`sordiff runs` lists them.")
    return run


def _empty_lists(
    session: Session, run: RecordedRun, before: Mapping[str, Classification]
) -> dict[str, Classification]:
    """The lists of a held run, without their entries.

    Codes in use leave a list as it was read before; which lists of the run were such is not known.
    """
    rules = session.runs.find_reading_rules(run.id)
    lists = {}
    for name, serves in run.lists.items():
        known = before.get(name, Classification(name=name, reading_rules=rules))
        lists[name] = replace(
            known, serves=serves, reading_rules=min(rules, known.reading_rules), entries={}
        )
    return lists


def _release(session: Session, run: RecordedRun, decision: Decision) -> None:
    events, lines = session.events.read(run.id)
    if compute_digest(lines) != run.digest:
        message = f"The events of run {run.id} are not those that were held: its digest differs."
        raise SordiffError(message, advice="Reject it, and ingest the next snapshot.")
    adoptions = session.events.read_adoptions(run.id)
    old = read_register_after(session, _found(session, int(run.compared_with or 0)))
    touched = collect_changed_units(events, adoptions)
    units = {sor_id: old.units[sor_id] for sor_id in touched if sor_id in old.units}
    fold = Fold(units.values(), collect_entries(old.lists))
    fold.forwards(events, adoptions)
    after = fold.as_units()
    new_lists = _empty_lists(session, run, old.lists)
    for subject, entry in fold.entries.items():
        name = subject.partition("/")[0]
        if name in new_lists:
            new_lists[name].entries[entry.code] = entry
    record_state(session, run.id, run.header.snapshot_date, before=units, after=after)
    session.state.write_lists(new_lists)
    session.index.write(run.id, None)  # the file is not at hand: the next night is read whole
    gone, lists = units.keys() - after.keys(), {**old.lists, **new_lists}
    new = overlay_register(old, run.header, changed=after, gone=gone, lists=lists)
    record_released_state(session, run.id, old, new, touched)
    session.decisions.release(run, decision)
    session.alerts.resolve(run.id, run.id)
    queue_decision(session, run, "run.released", decision)
