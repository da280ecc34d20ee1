"""The last nights as a picture: where each bar stands, as numbers for the template to draw.

Across, everything is in percent of the picture's width, so that it is as wide as there is room for
and its words keep their size: nothing has to be scrolled, on a telephone neither. Downwards it is
in pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from sordiff.model import Day
from sordiff.render.event_style import ALL_PARTS, Part, find_part, find_style
from sordiff.render.report.last_nights import ACCEPTED, LastNights, nights_by_day
from sordiff.report import Night

# So wide a night may become, and so narrow the whole picture.
_WIDEST_NIGHT: Final = 64
_NARROWEST: Final = 320
_TOP: Final = 20
_ROW: Final = 56
_BAR: Final = 30
_BOTTOM: Final = 20
# A bar that is this many times what nearly all nights have is cut, or nothing else could be seen.
_CUT_ABOVE: Final = 3
_NEVER_CUT: Final = 20
# Two counts above bars stand at least so many hundredths of the width apart.
_LABEL_APART: Final = 9
# So many days are named one by one; of more the first and the last are, and the months between.
_EACH_DAY: Final = 5
_DAY_APART: Final = 15


class Bar(Struct, frozen=True, kw_only=True):
    """A bar of one night in one row; `cut`: it is longer than there is room for."""

    x: float
    y: float
    width: float
    height: float
    cut: bool
    counted: bool


class Label(Struct, frozen=True, kw_only=True):
    """A count above a bar; `anchor` keeps it inside the picture."""

    x: float
    y: float
    count: int
    anchor: str


class ChartRow(Struct, frozen=True, kw_only=True):
    """One row of bars, on its own scale; `total` is of the nights that moved the register."""

    key: str
    family: str
    top: float
    base: float
    total: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


class Column(Struct, frozen=True, kw_only=True):
    """The room of one run from top to bottom, with its counts by row; several may share a day."""

    x: float
    width: float
    middle: float
    night: Night
    counts: dict[str, int]
    counted: bool
    shown: bool


class Tick(Struct, frozen=True, kw_only=True):
    """A day, or a month, below the picture."""

    x: float
    day: Day
    month: bool
    anchor: str


class Picture(Struct, frozen=True, kw_only=True):
    """All that is drawn."""

    nights: int
    width: int
    height: int
    top: int
    bottom: int
    columns: tuple[Column, ...]
    rows: tuple[ChartRow, ...]
    ticks: tuple[Tick, ...]
    is_marked: bool
    is_waiting: bool


def picture(last: LastNights) -> Picture:
    """The last nights, with a row for what ever happened in them; those told of are marked."""
    columns = tuple(_columns(last))
    parts = [part for part in ALL_PARTS if any(column.counts[part.key] for column in columns)]
    bottom = _TOP + _ROW * len(parts)
    return Picture(
        nights=last.days,
        width=max(_NARROWEST, _WIDEST_NIGHT * last.days),
        height=bottom + _BOTTOM,
        top=_TOP,
        bottom=bottom,
        columns=columns,
        rows=tuple(_row(part, place, columns) for place, part in enumerate(parts)),
        ticks=tuple(_ticks(last.until, last.days)),
        is_marked=any(night.held or night.unusual for night in last.nights),
        is_waiting=any(not column.counted for column in columns),
    )


def _columns(last: LastNights) -> Iterator[Column]:
    """The runs of a day side by side in the room of that day, which is empty where none was."""
    step = 100 / last.days
    for place, found in enumerate(nights_by_day(last).values()):
        for number, night in enumerate(found):
            x, width = step * (place + number / len(found)), step / len(found)
            yield Column(
                x=round(x, 3),
                width=round(width, 3),
                middle=round(x + width / 2, 3),
                night=night,
                counts=_by_part(night.counts),
                counted=night.state in ACCEPTED,
                shown=night.run in last.runs,
            )


def _by_part(counts: Mapping[str, int]) -> dict[str, int]:
    summed = {part.key: 0 for part in ALL_PARTS}
    for name, count in counts.items():
        summed[find_part(name).key] += count
    return summed


def _row(part: Part, place: int, columns: Sequence[Column]) -> ChartRow:
    top, base = _TOP + _ROW * place, _TOP + _ROW * (place + 1)
    counts = [column.counts[part.key] for column in columns]
    room = _room(counts)
    return ChartRow(
        key=part.key,
        family=find_style(part.names[0]).page_class,
        top=top,
        base=base,
        total=sum(column.counts[part.key] for column in columns if column.counted),
        bars=tuple(
            _bar(column, count, room, base)
            for column, count in zip(columns, counts, strict=True)
            if count
        ),
        labels=tuple(_labels(columns, counts, base)),
    )


def _bar(column: Column, count: int, room: int, base: float) -> Bar:
    height = round(max(min(count / room, 1) * _BAR, 1.5), 2)
    return Bar(
        x=round(column.x + column.width * 0.12, 3),
        y=round(base - height, 2),
        width=round(column.width * 0.76, 3),
        height=height,
        cut=count > room,
        counted=column.counted,
    )


def _room(counts: Sequence[int]) -> int:
    """The count that fills a row: the most, unless a few nights tower above all others."""
    busy = sorted(count for count in counts if count)
    if not busy:
        return 1
    nearly_all = busy[int((len(busy) - 1) * 0.9)]
    return min(busy[-1], max(nearly_all * _CUT_ABOVE, _NEVER_CUT))


def _labels(columns: Sequence[Column], counts: Sequence[int], base: float) -> Iterator[Label]:
    """The highest counts, as far as they don't stand in each other's way."""
    taken: list[float] = []
    for place in sorted(range(len(counts)), key=lambda at: (-counts[at], at))[:3]:
        middle = columns[place].middle
        if not counts[place] or any(abs(middle - other) < _LABEL_APART for other in taken):
            continue
        if counts[place] * 2 < max(counts):
            return
        taken.append(middle)
        yield Label(x=middle, y=base - _BAR - 2, count=counts[place], anchor=_anchor(middle))


def _anchor(x: float) -> str:
    if x < _LABEL_APART:
        return "start"
    return "end" if x > 100 - _LABEL_APART else "middle"


def _ticks(until: Day, days: int) -> Iterator[Tick]:
    """The days below: each of a few; of many the first and the last, and where a month begins."""
    step = 100 / days
    last = date.fromisoformat(until).toordinal()
    if days <= _EACH_DAY:
        for place in range(days):
            day = Day(date.fromordinal(last - days + 1 + place).isoformat())
            yield Tick(x=round(step * (place + 0.5), 3), day=day, month=False, anchor="middle")
        return
    first = Day(date.fromordinal(last - days + 1).isoformat())
    yield Tick(x=0, day=first, month=False, anchor="start")
    for place in range(1, days):
        begun = date.fromordinal(last - days + 1 + place)
        x = round(step * place, 3)
        if begun.day == 1 and _DAY_APART <= x <= 95 - _DAY_APART:
            yield Tick(x=x, day=Day(begun.isoformat()), month=True, anchor="start")
    yield Tick(x=100, day=until, month=False, anchor="end")
