"""What is to be published, written in the transaction of the change that it tells.

A run that was recorded with --no-publish is told of in no way; only the state that it left goes
out, silently, with the next run that is published.
"""

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any, Literal

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
from sordiff.store import outbox, runs
from sordiff.store.alerts import alerts_of_run
from sordiff.store.decisions import Decision
from sordiff.wire import canonical, padded

RUN = "run"
SILENT = "state"
WHOLE = "whole state"
RETRACTED = "run.retracted"


def queue_accepted(connection: Connection, run_id: int) -> None:
    """An accepted or released run, to be published whole; or silently, its state alone."""
    run = runs.referred_run(connection, run_id)
    kind = RUN if run.publish else SILENT
    outbox.queue(connection, run.id, kind, run.decided_at or run.recorded_at)


def queue_whole_state(connection: Connection, at: str) -> None:
    """The state topics, to be written anew; nothing where no run was accepted yet."""
    last = runs.last_accepted(connection)
    if last is not None:
        outbox.queue_anew(connection, last.id, WHOLE, at)


def queue_held(connection: Connection, run_id: int) -> None:
    """That a run is held, and why."""
    _queue(
        connection,
        run_id,
        lambda run, common: RunHeld(
            **common,
            counts=_counts(connection, run),
            alerts=alerts_of_run(connection, run.id),
            at=run.recorded_at,
        ),
    )


def queue_raised(connection: Connection, run_id: int) -> None:
    """The alerts of an accepted run."""
    _queue(
        connection,
        run_id,
        lambda run, common: AlertRaised(
            **common, alerts=alerts_of_run(connection, run.id), at=run.recorded_at
        ),
    )


def queue_resolved(connection: Connection, run_id: int, by_run: int, at: str) -> None:
    """That a held run was settled by another."""
    _queue(
        connection,
        run_id,
        lambda _, common: AlertResolved(**common, resolved_by=by_run, at=at),
        at,
    )


def queue_decided(
    connection: Connection,
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
            return RunRetracted(**common, **sequences_of(run), **said)
        record = RunReleased if kind == "run.released" else RunRejected
        return record(**common, **said)

    _queue(connection, run_id, message, decision.at)
    if kind == "run.released":
        queue_accepted(connection, run_id)


def started(connection: Connection, run: RecordedRun) -> RunStarted:
    """The first message of a run."""
    return RunStarted(**_common(connection, run), **sequences_of(run), units=run.units)


def is_beyond_events(connection: Connection, run: RecordedRun) -> bool:
    """Whether the register came to where this run leaves it by more than events that are published.

    By a baseline, a rebaseline or another version of the format; by runs before it that are not
    published; by what was adopted.
    """
    return (
        run.kind in {"baseline", "rebaseline"}
        or run.version_changed
        or outbox.is_beyond_events(connection, run.id)
    )


def completed(connection: Connection, run: RecordedRun, changelog_id: str) -> RunCompleted:
    """The last message of a run."""
    return RunCompleted(
        **_common(connection, run),
        **sequences_of(run),
        units=run.units,
        counts=_counts(connection, run),
        changelog=changelog_id,
        digest=run.digest,
        version_changed=run.version_changed,
        nights_missing=run.nights_missing,
        beyond_events=is_beyond_events(connection, run),
    )


def origin_of(connection: Connection, run: RecordedRun) -> RunOrigin:
    """What the ids of the run's own messages are made of."""
    before = _before(connection, run)
    return RunOrigin(
        source=run.source,
        created_before=before.header.created_at if before else None,
        created_after=run.header.created_at,
        run_id=run.id,
    )


def sequences_of(run: RecordedRun) -> dict[str, Any]:
    """First and last sequence of a run, padded."""
    return {
        "first_sequence": None if run.first_sequence is None else padded(run.first_sequence),
        "last_sequence": None if run.last_sequence is None else padded(run.last_sequence),
    }


def _queue(
    connection: Connection,
    run_id: int,
    message: Callable[[RecordedRun, dict[str, Any]], RunEventData],
    at: str | None = None,
) -> None:
    run = runs.referred_run(connection, run_id)
    if run.publish:
        data = message(run, _common(connection, run))
        text = canonical(data).decode()
        outbox.queue(connection, run_id, data.NAME, at or run.recorded_at, text)


def _before(connection: Connection, run: RecordedRun) -> RecordedRun | None:
    return None if run.compared_with is None else runs.run_by_id(connection, run.compared_with)


def _common(connection: Connection, run: RecordedRun) -> dict[str, Any]:
    before = _before(connection, run)
    return {
        "snapshot": RunSpan(
            before=before.header.snapshot_date if before else None,
            after=run.header.snapshot_date,
            nights=run.nights,
        ),
        "run": RunSummary(id=run.id, kind=run.kind, count=run.event_count),
    }


def _counts(connection: Connection, run: RecordedRun) -> dict[str, int]:
    """The events of a run by name, without what the rules derive of them."""
    counts = runs.counts_of(connection, run.id)
    return {name: counts[name] for name in EVENT_TYPES if name in counts}
