"""The last nights as a picture of characters: a row a kind of change, a column a night.

Where the screen is narrower than there are nights, a column stands for several of them and shows
the largest; nothing is cut off, so that each row's scale is that of all nights.
"""

from collections.abc import Iterator, Sequence
from math import ceil, sqrt
from textwrap import wrap
from typing import Final

from sordiff.render.event_style import ALL_PARTS, find_part
from sordiff.render.language import Catalogue
from sordiff.render.report.headline import picture_label
from sordiff.render.report.last_nights import LastNights, counted_nights, nights_by_day
from sordiff.render.text.colour import Paint
from sordiff.report import Night

_BARS: Final = "▁▂▃▄▅▆▇█"
_INDENT: Final = "  "
# With less room than this beside the names, the names stand above their rows.
_LEAST_BESIDE: Final = 30

_Day = list[Night]


def night_lines(last: LastNights, language: Catalogue, paint: Paint) -> Iterator[str]:
    """A row for each kind of change that there was, each on its own scale, then the marks."""
    days = list(nights_by_day(last).values())
    rows = list(_rows(days, language))
    if not rows:
        return
    label, most = (max(len(row[place]) for row in rows) for place in (0, 1))
    beside = paint.width - len(_INDENT) - label - most - 2
    is_beside = beside >= min(_LEAST_BESIDE, len(days))
    room = beside if is_beside else max(1, paint.width - 2 * len(_INDENT))
    fold = ceil(len(days) / room)
    lead = _INDENT + " " * (label + 1 if is_beside else len(_INDENT))
    for name, at_most, colour, counts in rows:
        drawn = paint(_drawn(counts, fold), colour)
        told = paint(at_most, "dim")
        if is_beside:
            yield f"{_INDENT}{name:<{label}} {drawn} {told}"
        else:
            yield f"{_INDENT}{name} {told}"
            yield f"{lead}{drawn}"
    marks = "".join(_mark(nights) for nights in _folded(days, fold))
    if marks.strip():
        yield lead + paint(marks.rstrip(), "bold")
    for note in _notes(marks, fold, language):
        indent = lead if is_beside else _INDENT
        for line in wrap(note, max(1, paint.width - len(indent))):
            yield indent + paint(line, "dim")


def _rows(
    days: Sequence[_Day], language: Catalogue
) -> Iterator[tuple[str, str, str, list[int | None]]]:
    """The name, the scale, the colour and the counts of what there was at all."""
    for part in ALL_PARTS:
        counts = [_count(nights, part.key) for nights in days]
        most = max((count for count in counts if count is not None), default=0)
        if most:
            at_most = language.say("nights.most", count=language.number(most))
            yield picture_label(part.key, language), at_most, part.colour, counts


def _notes(marks: str, fold: int, language: Catalogue) -> Iterator[str]:
    if marks.strip():
        yield language.say("nights.marks", held="H", unusual="!")
    if fold > 1:
        yield language.say("nights.folded", count=language.number(fold))


def _columns(days: int, fold: int) -> Iterator[slice]:
    """The days of each column; the newest column is always full."""
    for end in range(days % fold or fold, days + 1, fold):
        yield slice(max(0, end - fold), end)


def _folded(days: Sequence[_Day], fold: int) -> list[_Day]:
    """The runs of each column."""
    return [[night for day in days[one] for night in day] for one in _columns(len(days), fold)]


def _drawn(counts: Sequence[int | None], fold: int) -> str:
    most = max(count for count in counts if count is not None)
    largest = (
        max((count for count in counts[one] if count is not None), default=None)
        for one in _columns(len(counts), fold)
    )
    return "".join(_bar(count, most) for count in largest)


def _count(nights: Sequence[Night], key: str) -> int | None:
    """How many changes of a kind on a day; None where no night was accepted for it."""
    shown = counted_nights(nights)
    if not shown:
        return None
    return sum(
        n for night in shown for name, n in night.counts.items() if find_part(name).key == key
    )


def _bar(count: int | None, most: int) -> str:
    if not count:
        return " " if count is None else "·"
    return _BARS[round(sqrt(count / most) * (len(_BARS) - 1))]


def _mark(nights: Sequence[Night]) -> str:
    if any(night.held for night in nights):
        return "H"
    return "!" if any(night.unusual for night in nights) else " "
