"""A life as a timeline before it is written, the newest day first."""

from collections.abc import Iterator

from msgspec import Struct

from sordiff.model import Day
from sordiff.render.commands.history import HistoryText
from sordiff.render.event_style import EventStyle, find_style
from sordiff.render.language import Catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.text.rich_text import Line, words
from sordiff.report.lookup_results import Life, LifeEntry


class Happening(Struct, frozen=True, kw_only=True):
    """What one entry of a life tells; `style` is None where it is no event."""

    style: EventStyle | None
    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


class LifeDay(Struct, frozen=True, kw_only=True):
    """All that one run told, under its day."""

    day: Day
    run: int
    happenings: tuple[Happening, ...]


def list_life_days(life: Life, language: Catalogue) -> tuple[LifeDay, ...]:
    """The runs of a life, the newest first; within a run in the order of the contract."""
    by_run: dict[tuple[Day, int], list[Happening]] = {}
    text = ChangeText(life, language)
    for entry in life.entries:
        found = _tell(entry, life, text, language)
        by_run.setdefault((entry.day, entry.run), []).append(found)
    return tuple(
        LifeDay(day=day, run=run, happenings=tuple(found))
        for (day, run), found in reversed(by_run.items())
    )


def _tell(entry: LifeEntry, life: Life, text: ChangeText, language: Catalogue) -> Happening:
    told = HistoryText(life, language)
    return Happening(
        style=find_style(entry.change.type) if entry.change else None,
        title=told.title(entry),
        lines=tuple(_lines(entry, told, text)),
        notes=tuple(told.way_back(entry)),
    )


def _lines(entry: LifeEntry, told: HistoryText, text: ChangeText) -> Iterator[Line]:
    if entry.change is None:
        yield from map(words, told.differences(entry))
        return
    first, *more = text.lines(entry.change) or ((),)
    yield from (line for line in ((*text.label(entry.change), *first), *more) if line)
