"""The last nights in words, for those who cannot see the picture or point at it."""

from collections.abc import Iterator

from sordiff.model import Day
from sordiff.render.language import Catalogue
from sordiff.render.report.headline import picture_label
from sordiff.render.report.html.night_chart import Column, Picture
from sordiff.report import Night

_USUAL = {"accepted", "held"}


def describe_night(column: Column, words: Catalogue) -> str:
    """One night: its day, its counts, and what was special."""
    counts = (f"{part_name(key, words)} {words.number(n)}" for key, n in column.counts.items() if n)
    special = describe_state(column.night, words)
    return " · ".join([words.day(column.night.day), *counts, *([special] if special else [])])


def describe_state(night: Night, words: Catalogue) -> str:
    """What was special about a night, if anything was."""
    return ", ".join(_special(night, words))


def _special(night: Night, words: Catalogue) -> Iterator[str]:
    if night.held:
        yield words.text("nights.held")
    elif night.unusual:
        yield words.text("nights.unusual")
    if night.state not in _USUAL:
        yield words.state(night.state)
    if night.nights_missing:
        yield words.counted("report.missing", night.nights_missing)


def describe_picture(picture: Picture, words: Catalogue) -> str:
    """The whole picture in a few sentences."""
    nights = [column.night for column in picture.columns]
    rows = "; ".join(
        f"{part_name(row.key, words)}: {words.number(row.total)}" for row in picture.rows
    )
    held = sum(night.held for night in nights)
    unusual = sum(night.unusual and not night.held for night in nights)
    marks = words.say("nights.marks", held=str(held), unusual=str(unusual))
    return f"{words.day(nights[0].day)} – {words.day(nights[-1].day)}. {rows}. {marks}."


def part_name(key: str, words: Catalogue) -> str:
    """A row of the picture as the line of counts names it, at the beginning of a line."""
    name = picture_label(key, words)
    return f"{name[:1].upper()}{name[1:]}"


def short_day(day: Day, words: Catalogue) -> str:
    """A day where there is little room: "4. mar."."""
    number = str(int(day.rpartition("-")[2]))
    return words.say("page.day", day=number, month=words.month(day)[:3])
