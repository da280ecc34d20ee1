"""Nights that can't be taken: a refused file, a missing one, a failure. Told once for each change.

A problem is known by its file and the codes of what is wrong. It lasts until another problem takes
its place, or until a run is recorded.
"""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from sordiff.alerts import Alert
from sordiff.changelog import Changelog, Session
from sordiff.errors import (
    Locked,
    NotASnapshot,
    NotFetched,
    Problem,
    SnapshotMissing,
    SnapshotRefused,
    SordiffError,
)
from sordiff.model import Day
from sordiff.notices.notice import Notice
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.notices import queue_notice
from sordiff.visible import visible

_PROBLEMS: Final = ("snapshot.refused", "snapshot.missing", "snapshot.failed")
_MOST_PROBLEMS: Final = 20
# A person has decided so, and run.rejected tells of it.
_DECIDED: Final = "rejected"


@contextmanager
def note_problem(path: Path, changelog: Changelog, options: IngestOptions) -> Iterator[None]:
    """Keep a notice of why the block can't take a snapshot, where one is sent afterwards.

    Without a changelog there is nowhere to keep it. What goes wrong here is not told: the problem
    itself is, and the next call tries again.
    """
    try:
        yield
    except Locked:  # the other one takes it
        raise
    except Exception as error:
        if options.sends_notices:
            with (
                suppress(Exception),  # what is raised below is worse
                changelog.open_to_publish() as session,
                session.transaction(),
            ):
                _queue_problem(session, _notice_of(error, path, options.recorded_at))
        raise


def find_problem(session: Session) -> Notice | None:
    """What was told last of a night that could not be taken, while nothing was recorded since."""
    kept = session.notices.find_last((*_PROBLEMS, "snapshot.resolved"))
    last = None if kept is None else msgspec.json.decode(kept, type=Notice)
    return last if last is not None and last.kind in _PROBLEMS else None


def queue_problem_over(session: Session, run_id: int, day: Day, at: str) -> None:
    """The notice that a run was recorded after nights that could not be taken."""
    problem = find_problem(session)
    if problem is None:
        return
    notice = Notice(
        kind="snapshot.resolved",
        run_id=run_id,
        day=day,
        severity="info",
        title=f"SOR {day}: a snapshot was taken again, as run {run_id}",
        text=f"What was told before is over: {problem.title}.",
        at=at,
    )
    queue_notice(session, notice)


def _queue_problem(session: Session, notice: Notice) -> None:
    if {alert.code for alert in notice.alerts} == {f"snapshot.{_DECIDED}"}:
        return
    last = find_problem(session)
    if last is None or _key(last) != _key(notice):
        queue_notice(session, notice)


def _key(notice: Notice) -> set[tuple[str, str | None]]:
    return {(alert.code, alert.subject) for alert in notice.alerts}


def _notice_of(error: Exception, path: Path, at: str) -> Notice:
    if isinstance(error, SnapshotRefused):
        return _refused(error, at)
    if isinstance(error, SnapshotMissing):
        return _missing(error, at)
    if isinstance(error, NotFetched):
        return _not_fetched(error, at)
    file = visible(str(path))
    # Without the text of an unexpected error, which may hold anything; stderr has it.
    message, advice = f"an unexpected {type(error).__name__}", "Please report it."
    if isinstance(error, SordiffError):
        message, advice = visible(error.message), error.advice
    return Notice(
        kind="snapshot.failed",
        run_id=None,
        day=at[:10],
        severity="critical",
        title=f"SOR: {file} could not be taken",
        text=_text(advice),
        alerts=(Alert(code="snapshot.failed", severity="critical", subject=file, message=message),),
        at=at,
    )


def _refused(error: SnapshotRefused, at: str) -> Notice:
    is_foreign = isinstance(error, NotASnapshot)  # known by its address, which is no file to check
    return Notice(
        kind="snapshot.refused",
        run_id=None,
        day=at[:10],
        severity="critical",
        title=f"SOR: {error.file} is refused",
        text=_text(error.advice),
        commands=() if is_foreign else (f"sordiff check {shlex.quote(error.file)}",),
        alerts=tuple(_alert(problem) for problem in error.problems[:_MOST_PROBLEMS]),
        at=at,
    )


def _missing(error: SnapshotMissing, at: str) -> Notice:
    file, code = error.file, "snapshot.missing" if error.is_absent else "snapshot.unreadable"
    title = f"SOR: {file} is missing" if error.is_absent else f"SOR: {file} can't be read"
    return Notice(
        kind="snapshot.missing",
        run_id=None,
        day=at[:10],
        severity="warning",
        title=title,
        text=_text(error.advice),
        alerts=(Alert(code=code, severity="warning", subject=file, message=error.message),),
        at=at,
    )


def _not_fetched(error: NotFetched, at: str) -> Notice:
    alert = Alert(
        code="snapshot.not_fetched", severity="warning", subject=error.url, message=error.message
    )
    return Notice(
        kind="snapshot.missing",
        run_id=None,
        day=at[:10],
        severity="warning",
        title=f"SOR: nothing could be fetched from {error.url}",
        text=_text(error.advice),
        alerts=(alert,),
        at=at,
    )


def _text(advice: str) -> str:
    return f"Nothing was recorded. {advice}".strip()


def _alert(problem: Problem) -> Alert:
    said, line = problem.message, problem.line
    return Alert(
        code=f"snapshot.{problem.code}",
        severity="critical",
        subject=problem.file,
        message=said if line is None else f"{said} (line {line})",
    )
