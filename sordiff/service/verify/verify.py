"""`sordiff verify`: what a changelog says in two ways must be the same."""

from collections.abc import Iterator

from sordiff.changelog import Changelog, Session
from sordiff.report import Contradiction, Proof, RecordedRun
from sordiff.service.verify.outbox import check_outbox
from sordiff.service.verify.replayed_state import check_replay
from sordiff.wire import Origin, build_event_id, compute_digest

ACCEPTED = frozenset({"accepted", "released"})


def verify(changelog: Changelog) -> Proof:
    """Compute all of it anew, at one moment, while others may write."""
    with changelog.open_at_one_moment() as session:
        runs = list(session.runs.iterate())
        accepted = [run for run in runs if run.state in ACCEPTED]
        found = (
            *_check_runs(session, runs),
            *_check_sequences(session, accepted),
            *check_replay(session, accepted),
            *check_outbox(session, runs),
            *session.plain_columns.find_contradictions(),
        )
        return Proof(
            runs=len(runs),
            events=sum(run.event_count for run in accepted),
            units=accepted[-1].units if accepted else 0,
            last_sequence=max((run.last_sequence or 0 for run in accepted), default=0),
            contradictions=found,
        )


def _check_runs(session: Session, runs: list[RecordedRun]) -> Iterator[Contradiction]:
    """The digest and the ids of each run, held or not, and the sequences of its events."""
    known = {run.id: run for run in runs}
    for run in runs:
        events, lines = session.events.read(run.id)
        if compute_digest(lines) != run.digest:
            yield _of(run, "its events are not those of its digest")
        if len(events) != run.event_count:
            yield _of(run, f"it has {len(events)} events, and says {run.event_count}")
        before = known.get(run.compared_with or 0)
        origin = Origin(
            source=run.source,
            created_before=before.header.created_at if before else "",
            created_after=run.header.created_at,
        )
        first = run.first_sequence
        for place, (event, row) in enumerate(
            zip(events, session.events.iterate_rows(run.id), strict=False)
        ):
            key, _, _, sequence, _ = row
            if key != build_event_id(event, origin):
                yield _of(run, f"the id {key} of its event {place + 1} is not the one that follows")
            if sequence != (None if first is None else first + place):
                yield _of(run, f"its event {place + 1} has the sequence {sequence}")


def _check_sequences(session: Session, accepted: list[RecordedRun]) -> Iterator[Contradiction]:
    """From 1, without a gap but behind what a lost or adopted changelog had."""
    reached, explained = 0, session.identity.read_adopted_sequence()
    for run in accepted:
        first, last = run.first_sequence, run.last_sequence
        if (first is None) != (run.event_count == 0):
            yield _of(run, "it has events without sequences, or sequences without events")
        if first is None or last is None:
            continue
        if first <= reached or (first > reached + 1 and first - 1 > explained):
            yield _of(run, f"its first sequence is {first}, and {reached + 1} is next")
        if last != first + run.event_count - 1:
            yield _of(run, f"its last sequence is {last}, for {run.event_count} events")
        reached = max(reached, last)


def _of(run: RecordedRun, message: str) -> Contradiction:
    return Contradiction(run=run.id, message=message)
