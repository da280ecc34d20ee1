"""A changelog made anew, and what it tells otherwise, for people."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sordiff.render.language import Catalogue
from sordiff.report import RunDifference
from sordiff.visible import visible

_MOST_EVENTS = 20
_LONGEST_VALUE = 60


def rebuilt_line(runs: int, sequence: int, database: str, texts: Catalogue) -> str:
    """How many runs the new changelog has, and its last sequence."""
    number = texts.number(sequence)
    return texts.counted("rebuild.done", runs, database=visible(database), sequence=number)


def difference_lines(
    found: Sequence[RunDifference], database: str, texts: Catalogue
) -> Iterator[str]:
    """A line a run that is told otherwise, with what differs below; or that nothing is."""
    yield texts.counted("rebuild.differences", len(found), database=visible(database))
    for run in found:
        yield _head(run, texts)
        for name, (before, after) in run.fields.items():
            yield f"  {name}: {_short(before)} → {_short(after)}"
        for event in run.events[:_MOST_EVENTS]:
            how = texts.text(f"rebuild.{event.how}")
            yield f"  {how} {event.type} {visible(event.subject)}"
        more = len(run.events) - _MOST_EVENTS
        if more > 0:
            yield f"  {texts.say('said.more', count=texts.number(more))}"


def _head(run: RunDifference, texts: Catalogue) -> str:
    counts = Counter(event.how for event in run.events)
    said = [texts.counted(f"rebuild.events.{how}", count) for how, count in counts.items()]
    if run.renumbered:
        said.append(texts.text("rebuild.renumbered"))
    head = texts.say("rebuild.run", run=str(run.run), day=visible(run.day))
    return f"{head}: {'; '.join(said)}" if said else head


def _short(value: str) -> str:
    shown = visible(value) or "–"
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[:_LONGEST_VALUE]}…"
