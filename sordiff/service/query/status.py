"""How the changelog stands: the newest snapshot's age, what is held, what waits."""

from collections import Counter
from datetime import datetime, timedelta

from msgspec import UNSET

from sordiff.changelog import Changelog, Session
from sordiff.event_sink import KAFKA
from sordiff.events import EVENT_TYPES
from sordiff.model import read_instant
from sordiff.notices.metrics import Metrics
from sordiff.report import RecordedRun, StatusReport, Unpublished, WebhookPosition


def read_status(
    changelog: Changelog, *, now: str, webhooks: tuple[WebhookPosition, ...] = ()
) -> StatusReport:
    """The state of a changelog at a moment (ISO 8601 with offset), with its subscribers'."""
    with changelog.open_to_read() as session:
        accepted = session.runs.find_last_accepted()
        age = compute_snapshot_age(accepted, now) if accepted else None
        return StatusReport(
            database=changelog.name,
            database_size=changelog.size,
            last_run=session.runs.find_last(),
            last_accepted=accepted,
            snapshot_age_hours=None if age is None else age / timedelta(hours=1),
            held=session.runs.find_held(),
            unsent_notices=session.notices.count_unsent(),
            last_sequence=session.sequences.next() - 1,
            unpublished=count_largest_backlog(session),
            sinks=count_backlogs(session) or UNSET,
            restored=changelog.find_restoration() or UNSET,
            webhooks=webhooks or UNSET,
        )


def count_largest_backlog(session: Session) -> Unpublished:
    """What waits for the sink that is furthest behind; everything where none was ever used."""
    sinks = session.outbox.list_sinks() or [""]
    backlogs = [session.outbox.of_sink(sink).count_backlog() for sink in sinks]
    return max(backlogs, key=lambda waiting: (waiting.events, waiting.runs, waiting.messages))


def count_backlogs(session: Session) -> dict[str, Unpublished]:
    """What waits for each sink; nothing where Kafka alone was ever used, or none."""
    sinks = session.outbox.list_sinks()
    if sinks in ([], [KAFKA]):
        return {}
    return {sink: session.outbox.of_sink(sink).count_backlog() for sink in sinks}


def compute_snapshot_age(run: RecordedRun, now: str) -> timedelta:
    """How long ago a snapshot was created."""
    return datetime.fromisoformat(now) - read_instant(run.header)


def read_metrics(session: Session, *, now: str, duration_seconds: float | None = None) -> Metrics:
    """The figures of a changelog; a run counts in every state that it ever came into."""
    now_in = session.runs.count_states()
    states = Counter(now_in)
    states["held"] += sum(now_in.get(state, 0) for state in ("released", "rejected", "superseded"))
    states["accepted"] += now_in.get("released", 0)
    waiting = count_largest_backlog(session)
    accepted = session.runs.find_last_accepted()
    success = accepted and (accepted.decided_at or accepted.recorded_at)
    return Metrics(
        runs={state: count for state, count in states.items() if count},
        events={
            name: count
            for name, count in session.counts.sum_accepted().items()
            if name in EVENT_TYPES
        },
        held_runs=now_in.get("held", 0),
        outbox_backlog=waiting.events if waiting.begun else None,
        sink_backlogs={sink: found.events for sink, found in count_backlogs(session).items()},
        last_success_timestamp_seconds=(
            datetime.fromisoformat(success).timestamp() if success else None
        ),
        snapshot_age_seconds=(
            compute_snapshot_age(accepted, now).total_seconds() if accepted else None
        ),
        units=accepted.units if accepted else None,
        run_duration_seconds=duration_seconds,
    )
