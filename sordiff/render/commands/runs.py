"""The list of runs, for people."""

from collections.abc import Iterable, Iterator

from sordiff.render.text.colour import Paint
from sordiff.report import RecordedRun
from sordiff.visible import visible


def run_lines(runs: Iterable[RecordedRun], paint: Paint) -> Iterator[str]:
    """A line a run, with what is out of the ordinary behind it."""
    yield paint(
        f"{'run':>4}  {'kind':<10} {'state':<10} {'snapshot':<10} {'units':>8} {'events':>7}  "
        f"{'sequence':<15} notes",
        "bold",
    )
    for run in runs:
        sequence = "" if run.first_sequence is None else f"{run.first_sequence}–{run.last_sequence}"
        yield (
            f"{run.id:>4}  {run.kind:<10} {run.state:<10} {run.header.snapshot_date:<10} "
            f"{run.units:>8,} {run.event_count:>7,}  {sequence:<15} {'; '.join(_notes(run))}"
        ).rstrip()


def _notes(run: RecordedRun) -> Iterator[str]:
    if run.nights_missing:
        yield f"{run.nights_missing} {'night' if run.nights_missing == 1 else 'nights'} missing"
    if run.version_changed:
        yield f"now version {visible(run.header.version)}"
    if not run.publish:
        yield "never to be published"
    yield from map(visible, run.warnings)
    if run.reason:
        yield visible(run.reason)
