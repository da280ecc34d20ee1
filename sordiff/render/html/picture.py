"""The last nights as a picture: where each bar stands, as numbers for the template to draw."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from sordiff.report import Night

# The rows of the picture, by the class of their colour; what is in no other row is in the last.
ROWS: Final[dict[str, tuple[str, ...]]] = {
    "created": ("unit.created", "unit.restored", "unit.opened", "unit.reopened"),
    "closed": ("unit.closed", "unit.removed"),
    "moved": ("unit.moved",),
    "renamed": ("unit.renamed",),
    "number": ("location_number.", "unit.effective_location_number_changed"),
    "text": ("classification.",),
    "other": ("",),
}
_WIDTH: Final = 1000
_LEFT: Final = 150
_TOP: Final = 22
_ROW: Final = 46
_BAR: Final = 34
_BOTTOM: Final = 20
_WIDEST: Final = 40
# A bar that is this many times what nearly all nights have is cut, or nothing else could be seen.
_CUT_ABOVE: Final = 3
_NEVER_CUT: Final = 20
_LABEL_APART: Final = 6


class Bar(Struct, frozen=True, kw_only=True):
    """A bar of one night in one row; `cut`: it is longer than there is room for."""

    x: float
    y: float
    width: float
    height: float
    cut: bool


class Label(Struct, frozen=True, kw_only=True):
    """A count above a bar."""

    x: float
    y: float
    count: int
    end: bool


class Row(Struct, frozen=True, kw_only=True):
    """One row of bars, on its own scale."""

    name: str
    base: float
    most: int
    total: int
    bars: tuple[Bar, ...]
    labels: tuple[Label, ...]


class Column(Struct, frozen=True, kw_only=True):
    """The room of one night from top to bottom, with its counts by row."""

    x: float
    width: float
    middle: float
    night: Night
    counts: dict[str, int]
    shown: bool
    month: bool


class Picture(Struct, frozen=True, kw_only=True):
    """All that is drawn."""

    width: int
    height: int
    top: int
    bottom: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_marked: bool


def row_of(name: str) -> str:
    """The row, and so the colour, of an event name."""
    return next(
        row
        for row, names in ROWS.items()
        for said in names
        if name == said or ((not said or said.endswith(".")) and name.startswith(said))
    )


def picture(nights: Sequence[Night], runs: Sequence[int]) -> Picture:
    """The picture of these nights, with a row for what ever happened; those told of are marked."""
    columns = tuple(_columns(nights, set(runs)))
    names = [name for name in ROWS if any(column.counts[name] for column in columns)]
    bottom = _TOP + _ROW * len(names)
    return Picture(
        width=_WIDTH,
        height=bottom + _BOTTOM,
        top=_TOP,
        bottom=bottom,
        columns=columns,
        rows=tuple(_row(name, place, columns) for place, name in enumerate(names)),
        is_marked=any(night.held or night.unusual for night in nights),
    )


def _columns(nights: Sequence[Night], runs: set[int]) -> Iterator[Column]:
    step = round(min((_WIDTH - _LEFT) / max(len(nights), 1), _WIDEST), 2)
    month = ""
    for place, night in enumerate(nights):
        x = round(_LEFT + place * step, 2)
        yield Column(
            x=x,
            width=step,
            middle=round(x + step / 2, 2),
            night=night,
            counts=_by_row(night.counts),
            shown=night.run in runs,
            month=month not in {"", str(night.day)[:7]},
        )
        month = str(night.day)[:7]


def _by_row(counts: Mapping[str, int]) -> dict[str, int]:
    summed = dict.fromkeys(ROWS, 0)
    for name, count in counts.items():
        summed[row_of(name)] += count
    return summed


def _row(name: str, place: int, columns: Sequence[Column]) -> Row:
    base = _TOP + _ROW * (place + 1)
    counts = [column.counts[name] for column in columns]
    room = _room(counts)
    bars = []
    for column, count in zip(columns, counts, strict=True):
        height = round(max(min(count / room, 1) * _BAR, 1.5), 2) if count else 0
        if count:
            bars.append(
                Bar(
                    x=round(column.x + column.width * 0.12, 2),
                    y=round(base - height, 2),
                    width=round(column.width * 0.76, 2),
                    height=height,
                    cut=count > room,
                )
            )
    return Row(
        name=name,
        base=base,
        most=max(counts, default=0),
        total=sum(counts),
        bars=tuple(bars),
        labels=tuple(_labels(columns, counts, base)),
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
    taken: list[int] = []
    for place in sorted(range(len(counts)), key=lambda at: (-counts[at], at))[:3]:
        if not counts[place] or any(abs(place - other) < _LABEL_APART for other in taken):
            continue
        if counts[place] * 2 < max(counts):
            return
        taken.append(place)
        yield Label(
            x=columns[place].middle,
            y=base - _BAR - 2,
            count=counts[place],
            end=columns[place].middle > _WIDTH - 40,
        )
