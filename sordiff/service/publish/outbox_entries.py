"""What is to be published, written in the transaction of the change that it tells.

A run that was recorded with --no-publish is told of in no way; only the state that it left goes
out, silently, with the next run that is published. So it is with a night of a history, until a sink
demands it (sordiff.service.publish.histories).
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.changelog.records import Decision
from sordiff.events import EVENT_TYPES
from sordiff.report import RecordedRun
from sordiff.run_events import (
    AlertRaised,
    AlertResolved,
    RunCompleted,
    RunEventData,
    RunHeld,
    RunOrigin,
    RunRejected,
    RunReleased,
    RunRetracted,
    RunSpan,
    RunStarted,
    RunSummary,
)
from sordiff.wire import encode_canonically, pad_sequence


class Publication(Struct, frozen=True, kw_only=True):
    """Where something is published, and under which name: the sink, and the changelog's."""

    changelog: str
    sink: str


RUN = "run"
SILENT = "state"
WHOLE = "whole state"
RETRACTED = "run.retracted"


def queue_accepted(session: Session, run_id: int) -> None:
    """An accepted or released run, to be published whole; or silently, its state alone."""
    run = session.runs.get(run_id)
    kind = RUN if run.publish else SILENT
    session.outbox.queue(run.id, kind, run.decided_at or run.recorded_at)


def queue_whole_state(session: Session, sinks: Iterable[str], at: str) -> None:
    """All state, to be written anew in these sinks; nothing where no run was accepted yet."""
    last = session.runs.find_last_accepted()
    if last is not None:
        for sink in sinks:
            session.outbox.of_sink(sink).queue_anew(last.id, WHOLE, at)


def queue_held(session: Session, run_id: int) -> None:
    """That a run is held, and why."""
    _queue(
        session,
        run_id,
        lambda run, common: RunHeld(
            **common,
            counts=_counts(session, run),
            alerts=session.alerts.read(run.id),
            at=run.recorded_at,
        ),
    )


def queue_raised(session: Session, run_id: int) -> None:
    """The alerts of an accepted run."""
    _queue(
        session,
        run_id,
        lambda run, common: AlertRaised(
            **common, alerts=session.alerts.read(run.id), at=run.recorded_at
        ),
    )


def queue_resolved(session: Session, run_id: int, by_run: int, at: str) -> None:
    """That a held run was settled by another."""
    _queue(
        session,
        run_id,
        lambda _, common: AlertResolved(**common, resolved_by=by_run, at=at),
        at,
    )


def queue_decided(
    session: Session,
    run_id: int,
    kind: Literal["run.released", "run.rejected", "run.retracted"],
    decision: Decision,
) -> None:
    """A person's decision; a released run follows it, whole."""

    def message(run: RecordedRun, common: dict[str, Any]) -> RunEventData:
        said: dict[str, Any] = {
            "decided_by": decision.user,
            "reason": decision.reason,
            "at": decision.at,
        }
        if kind == "run.retracted":
            return RunRetracted(**common, **collect_sequences(run), **said)
        record = RunReleased if kind == "run.released" else RunRejected
        return record(**common, **said)

    _queue(session, run_id, message, decision.at)
    if kind == "run.released":
        queue_accepted(session, run_id)


def build_run_started(session: Session, run: RecordedRun) -> RunStarted:
    """The first message of a run."""
    return RunStarted(**_common(session, run), **collect_sequences(run), units=run.units)


def is_beyond_events(session: Session, run: RecordedRun, sink: str) -> bool:
    """Whether the register came to where this run leaves it by more than events that are published.

    By a baseline, a rebaseline or another version of the format; by other rules of reading; by runs
    before it that are not published; by what was adopted.
    """
    return is_changed_beyond_events(session, run) or session.outbox.of_sink(sink).is_beyond_events(
        run.id
    )


def is_changed_beyond_events(session: Session, run: RecordedRun) -> bool:
    """Whether the run itself changed more than its own events tell."""
    return (
        run.kind in {"baseline", "rebaseline"} or run.version_changed or _is_read_anew(session, run)
    )


def _is_read_anew(session: Session, run: RecordedRun) -> bool:
    """Whether the run before it was read by other rules: what only they tell was adopted."""
    rules = session.runs.find_reading_rules
    return run.compared_with is not None and rules(run.id) != rules(run.compared_with)


def build_run_completed(
    session: Session, run: RecordedRun, publication: Publication
) -> RunCompleted:
    """The last message of a run."""
    return RunCompleted(
        **_common(session, run),
        **collect_sequences(run),
        units=run.units,
        counts=_counts(session, run),
        changelog=publication.changelog,
        digest=run.digest,
        version_changed=run.version_changed,
        nights_missing=run.nights_missing,
        beyond_events=is_beyond_events(session, run, publication.sink),
    )


def build_run_origin(session: Session, run: RecordedRun) -> RunOrigin:
    """What the ids of the run's own messages are made of."""
    before = _before(session, run)
    return RunOrigin(
        source=run.source,
        created_before=before.header.created_at if before else None,
        created_after=run.header.created_at,
        run_id=run.id,
    )


def collect_sequences(run: RecordedRun) -> dict[str, Any]:
    """First and last sequence of a run, padded."""
    return {
        "first_sequence": None if run.first_sequence is None else pad_sequence(run.first_sequence),
        "last_sequence": None if run.last_sequence is None else pad_sequence(run.last_sequence),
    }


def _queue(
    session: Session,
    run_id: int,
    message: Callable[[RecordedRun, dict[str, Any]], RunEventData],
    at: str | None = None,
) -> None:
    run = session.runs.get(run_id)
    if run.publish or session.outbox.is_published(run_id, RUN):
        data = message(run, _common(session, run))
        text = encode_canonically(data).decode()
        session.outbox.queue(run_id, data.NAME, at or run.recorded_at, text)


def _before(session: Session, run: RecordedRun) -> RecordedRun | None:
    return None if run.compared_with is None else session.runs.find(run.compared_with)


def _common(session: Session, run: RecordedRun) -> dict[str, Any]:
    before = _before(session, run)
    return {
        "snapshot": RunSpan(
            before=before.header.snapshot_date if before else None,
            after=run.header.snapshot_date,
            nights=run.nights,
        ),
        "run": RunSummary(id=run.id, kind=run.kind, count=run.event_count),
    }


def _counts(session: Session, run: RecordedRun) -> dict[str, int]:
    """The events of a run by name, without what the rules derive of them."""
    counts = session.counts.read(run.id)
    return {name: counts[name] for name in EVENT_TYPES if name in counts}
