"""The last nights as a picture of characters: a row a kind of change, a column a night."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import Final

from sordiff.render.heads import PARTS, part_of
from sordiff.render.language import Catalogue
from sordiff.render.paint import Paint
from sordiff.report import Night, Report

_BARS: Final = "▁▂▃▄▅▆▇█"
_MARGIN: Final = 34
_MOST_DAYS: Final = 90
_FEWEST_DAYS: Final = 20


def night_lines(report: Report, language: Catalogue, paint: Paint) -> Iterator[str]:
    """A row for each kind of change that there was, each on its own scale, then the marks."""
    last = date.fromisoformat(report.headline.until)
    told = (last - date.fromisoformat(report.nights[0].day)).days + 1
    days = min(told, _MOST_DAYS, max(_FEWEST_DAYS, paint.width - _MARGIN))
    span = [(last - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
    by_day: dict[str, list[Night]] = {day: [] for day in span}
    for night in report.nights:
        if night.day in by_day:
            by_day[night.day].append(night)
    columns = [by_day[day] for day in span]
    for key, colour in [(part.key, part.colour) for part in PARTS] + [("other", "yellow")]:
        counts = [_count(nights, key) for nights in columns]
        most = max((count for count in counts if count is not None), default=0)
        if most:
            drawn = "".join(_bar(count, most) for count in counts)
            label = language.counted(f"count.{key}", 2)
            at_most = language.say("nights.most", count=language.number(most))
            yield f"  {label:<20.20} {paint(drawn, colour)} {paint(at_most, 'dim')}"
    marks = "".join(_mark(nights) for nights in columns)
    if marks.strip():
        yield f"  {'':<20} {paint(marks.rstrip(), 'bold')}"
        yield "  " + paint(f"{'':<20} {language.say('nights.marks', held='H', unusual='!')}", "dim")


def _count(nights: Sequence[Night], key: str) -> int | None:
    """How many changes of a kind on a day; None where no night was accepted for it."""
    accepted = [night for night in nights if night.state in {"accepted", "released"}]
    shown = accepted or nights[-1:]
    if not shown:
        return None
    return sum(n for night in shown for name, n in night.counts.items() if part_of(name).key == key)


def _bar(count: int | None, most: int) -> str:
    if not count:
        return " " if count is None else "·"
    return _BARS[round(sqrt(count / most) * (len(_BARS) - 1))]


def _mark(nights: Sequence[Night]) -> str:
    if any(night.held for night in nights):
        return "H"
    return "!" if any(night.unusual for night in nights) else " "
