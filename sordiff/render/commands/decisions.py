"""What became of a run that somebody decided about, for people."""

from sordiff.render.language import Catalogue
from sordiff.report import RecordedRun


def released_line(run: RecordedRun, texts: Catalogue) -> str:
    """That a held run is accepted, and the sequences that its events have now."""
    if run.first_sequence is None:
        span = texts.text("decide.no_events")
    else:
        first, last = str(run.first_sequence), str(run.last_sequence)
        span = texts.say("sequence.span", first=first, last=last)
    day = run.header.snapshot_date
    return texts.say("decide.released", run=str(run.id), day=day, span=span)


def rejected_line(run: RecordedRun, texts: Catalogue) -> str:
    """That a held run is refused."""
    return texts.say("decide.rejected", run=str(run.id), day=run.header.snapshot_date)


def retracted_line(run: RecordedRun, texts: Catalogue) -> str:
    """That a published run is taken back."""
    return texts.say("decide.retracted", run=str(run.id), day=run.header.snapshot_date)
