"""What other limits would have said of the recorded runs, for people."""

from collections.abc import Iterable, Iterator

from sordiff.render.language import Catalogue
from sordiff.render.text.colour import Paint
from sordiff.report import ReevaluatedRun
from sordiff.visible import visible


def alarm_lines(runs: Iterable[ReevaluatedRun], texts: Catalogue, paint: Paint) -> Iterator[str]:
    """A line a run that would be held or warned of, its alerts below, and the sum at the end."""
    judged = held = warned = 0
    for run in runs:
        judged += 1
        critical = any(alert.severity == "critical" for alert in run.alerts)
        held += critical
        warned += bool(run.alerts) and not critical
        if run.alerts:
            verdict = texts.text("alarms.held" if critical else "alarms.warned")
            yield texts.say(
                "alarms.run",
                run=str(run.run_id),
                day=run.day,
                state=texts.state(run.state),
                verdict=paint(verdict, "bold", "red") if critical else verdict,
            )
            for alert in run.alerts:
                message = visible(texts.sentence(alert.message))
                yield f"  {texts.text(f'alarms.{alert.severity}')}: {message}"
    yield texts.counted(
        "alarms.sum",
        judged,
        held=texts.number(held),
        warned=texts.number(warned),
    )
