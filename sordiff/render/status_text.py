"""The state of a changelog, for people."""

from collections.abc import Iterator

from sordiff.render.paint import Paint
from sordiff.report import RecordedRun, StatusReport
from sordiff.visible import visible


def status_lines(status: StatusReport, paint: Paint) -> Iterator[str]:
    """The newest snapshot and its age, the last run, what is held, what waits, the size."""
    yield paint(visible(status.database), "bold") + f" · {status.database_size / 1e6:,.1f} MB"
    if status.last_accepted is None or status.snapshot_age_hours is None:
        yield "  no snapshot is accepted yet"
        return
    newest = status.last_accepted
    age = f"{status.snapshot_age_hours:,.0f} hours old"
    yield f"  newest snapshot  {newest.header.snapshot_date} · {age} · {newest.units:,} units"
    yield f"  last run         {_run(status.last_run)}"
    yield f"  last sequence    {status.last_sequence}"
    held = "nothing" if status.held is None else paint(_run(status.held), "bold", "red")
    yield f"  held             {held}"
    if status.unsent_notices:
        yield f"  notices waiting  {status.unsent_notices}"
    waiting = status.unpublished
    if waiting.begun and (waiting.runs or waiting.messages):
        tried = "" if waiting.attempted is None else f" · last tried {waiting.attempted}"
        yield (
            f"  to be published  {waiting.runs} runs · {waiting.events:,} events ·"
            f" {waiting.messages} messages beside them · since {waiting.oldest}{tried}"
        )


def _run(run: RecordedRun | None) -> str:
    if run is None:
        return "none"
    return f"{run.id} · {run.kind} · {run.state} · {run.header.snapshot_date}"
