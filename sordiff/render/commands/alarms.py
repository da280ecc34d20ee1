"""What other limits would have said of the recorded runs, for people."""

from collections.abc import Iterable, Iterator

from sordiff.render.text.colour import Paint
from sordiff.report import ReevaluatedRun
from sordiff.visible import visible


def alarm_lines(runs: Iterable[ReevaluatedRun], paint: Paint) -> Iterator[str]:
    """A line a run that would be held or warned of, its alerts below, and the sum at the end."""
    judged = held = warned = 0
    for run in runs:
        judged += 1
        critical = any(alert.severity == "critical" for alert in run.alerts)
        held += critical
        warned += bool(run.alerts) and not critical
        if run.alerts:
            verdict = paint("would be held", "bold", "red") if critical else "would be warned of"
            yield f"run {run.run_id} · {run.day} · was {run.state} · {verdict}"
            for alert in run.alerts:
                yield f"  {alert.severity}: {visible(alert.message)}"
    yield f"{judged:,} runs judged again: {held:,} held, {warned:,} warned of"
