"""What people must be told of a run: put into words once, kept with the run, sent by `sordiff run`.

A notice is written in the transaction of the change that it tells, so that none is lost and none
is told twice.
"""

import shlex
from datetime import datetime
from pathlib import Path
from typing import Literal

from sordiff.alerts import Alert
from sordiff.anomalies.quiet import find_same_file_alert
from sordiff.changelog import Session, WriteSession
from sordiff.changelog.records import Decision, KeptNotice
from sordiff.model import read_instant
from sordiff.notices.notice import Notice
from sordiff.report import RecordedRun
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.judged_snapshot import JudgedSnapshot
from sordiff.service.publish.outbox_entries import (
    queue_decided,
    queue_held,
    queue_raised,
    queue_resolved,
)
from sordiff.settings import Settings
from sordiff.wire import encode_canonically


def list_deciding_commands(run_id: int, database: Path | None = None) -> tuple[str, ...]:
    """How a held run is looked at, accepted and refused; with `--db` where a file is given."""
    where = "" if database is None else f" --db {shlex.quote(str(database))}"
    return (
        f"sordiff report --run {run_id}{where}",
        f"sordiff release {run_id} --reason TEXT{where}",
        f"sordiff reject {run_id} --reason TEXT{where}",
    )


def queue_run(
    session: Session,
    run_id: int,
    judged: JudgedSnapshot,
    pending: RecordedRun | None,
    database: Path | None,
) -> None:
    """The notices of a run that is being recorded: held, warned of, or healing a held one.

    Nobody is sent one of a night of years ago: whoever records a history sees what comes of it.
    """
    if judged.run.history:
        pending = None if pending is None or pending.history else pending
    elif judged.held:
        _queue_held_run(session, run_id, judged, database)
    elif judged.run.corrects is not None:
        queue_notice(session, _corrected(run_id, judged.run.corrects, judged))
        if judged.alerts:
            queue_raised(session, run_id)
    elif judged.alerts:
        _queue_unusual_run(session, run_id, judged)
    if pending is not None and not judged.held:
        _queue_superseded_run(session, run_id, judged, pending)


def _queue_held_run(
    session: Session, run_id: int, judged: JudgedSnapshot, database: Path | None
) -> None:
    day = str(judged.after.day)
    notice = Notice(
        kind="run.held",
        run_id=run_id,
        day=day,
        severity="critical",
        title=f"SOR {day}: run {run_id} is held",
        text=_sentences(tuple(found for found in judged.alerts if found.severity == "critical")),
        commands=list_deciding_commands(run_id, database),
        alerts=judged.alerts,
        at=judged.run.recorded_at,
    )
    queue_notice(session, notice)
    queue_held(session, run_id)


def _queue_unusual_run(session: Session, run_id: int, judged: JudgedSnapshot) -> None:
    day = str(judged.after.day)
    notice = Notice(
        kind="alert.raised",
        run_id=run_id,
        day=day,
        severity="warning",
        title=f"SOR {day}: run {run_id} is unusual",
        text=_sentences(judged.alerts),
        alerts=judged.alerts,
        at=judged.run.recorded_at,
    )
    queue_notice(session, notice)
    queue_raised(session, run_id)


def _queue_superseded_run(
    session: Session, run_id: int, judged: JudgedSnapshot, pending: RecordedRun
) -> None:
    """The pending run is settled by this one."""
    at = judged.run.recorded_at
    notice = Notice(
        kind="alert.resolved",
        run_id=pending.id,
        day=str(pending.header.snapshot_date),
        severity="info",
        title=(f"SOR {judged.after.day}: the held run {pending.id} is settled by run {run_id}"),
        text=(
            f"Run {run_id} was compared with the last accepted snapshot and is accepted; "
            f"run {pending.id} is superseded and will never be published."
        ),
        at=at,
    )
    queue_notice(session, notice)
    queue_resolved(session, pending.id, run_id, at)


def _corrected(run_id: int, wrong: int, judged: JudgedSnapshot) -> Notice:
    """That somebody has put a wrong run right; what is unusual in the correction goes with it."""
    day, run = judged.after.day, judged.run
    return Notice(
        kind="run.corrected",
        run_id=wrong,
        day=str(day),
        severity="warning" if judged.alerts else "info",
        title=f"SOR {day}: run {wrong} is corrected by run {run_id}",
        text=f"Corrected by {run.decided_by}: {run.reason}",
        alerts=judged.alerts,
        at=run.recorded_at,
    )


def queue_decision(
    session: Session,
    run: RecordedRun,
    kind: Literal["run.released", "run.rejected", "run.retracted"],
    decision: Decision,
) -> None:
    """The notice of a decision about a run, and what is published of it."""
    word = kind.removeprefix("run.")
    queue_notice(
        session,
        Notice(
            kind=kind,
            run_id=run.id,
            day=str(run.header.snapshot_date),
            severity="info",
            title=f"SOR {run.header.snapshot_date}: run {run.id} is {word}",
            text=f"{word.capitalize()} by {decision.user}: {decision.reason}",
            at=decision.at,
        ),
    )
    queue_decided(session, run.id, kind, decision)


def queue_late(session: WriteSession, options: IngestOptions, settings: Settings) -> list[str]:
    """Whether the file is one already recorded while the newest snapshot grows old.

    The notice is written once for each snapshot that stays the newest for too long; the warning
    is given back each time. No new night is awaited from a history.
    """
    last = session.runs.find_last_accepted()
    if last is None or options.history:
        return []
    now = datetime.fromisoformat(options.recorded_at)
    alert = find_same_file_alert(read_instant(last.header), now, settings.alarms)
    if alert is None:
        return []
    day = str(last.header.snapshot_date)
    notice = Notice(
        kind="quiet",
        run_id=last.id,
        day=day,
        severity="warning",
        title=f"SOR: nothing new since {day}",
        text=_sentences((alert,)),
        alerts=(alert,),
        at=options.recorded_at,
    )
    if options.sends_notices:
        with session.transaction():
            queue_notice(session, notice)
    return [alert.message]


def queue_notice(session: Session, notice: Notice) -> None:
    """Keep a notice in the transaction of what it tells; of one kind once for a run.

    A correction of lists may be told more often: whoever keeps it compares it with the last one.
    """
    is_repeatable = notice.kind == "classifications.corrected"
    kept = KeptNotice(
        run_id=None if is_repeatable else notice.run_id,
        kind=notice.kind,
        at=notice.at,
        notice=encode_canonically(notice).decode(),
    )
    session.notices.queue(kept)


def _sentences(alerts: tuple[Alert, ...]) -> str:
    said = (alert.message.rstrip(".") for alert in alerts)
    return " ".join(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in said)
