"""A code that a list has several times, each for a period: the entry that is valid on the day."""

import re
from collections.abc import Sequence
from typing import Final

from sordiff.model import Day
from sordiff.snapshot.classifications.entries import ReadEntry, collect_leaves, strip_namespace

_FROM: Final = re.compile(r"(valid|effective)?(from|start|begin)(date)?", re.IGNORECASE)
_TO: Final = re.compile(r"(valid|effective)?(to|until|end|expiry|expiration)(date)?", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# As tables may write it.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
_EVER: Final = "0000-00-00"
_FOR_EVER: Final = "9999-99-99"


def choose_valid(entries: Sequence[ReadEntry], day: Day) -> Sequence[ReadEntry]:
    """Those of several entries of one code that their periods leave.

    The one that is valid on the day; where none is, the one that ended last. All of them where
    not every one has a period, or where periods overlap: their order in the file says nothing.
    """
    if len(entries) == 1:
        return entries
    periods = [_read_period(read) for read in entries]
    if (_EVER, _FOR_EVER) in periods:
        return entries
    placed = sorted(zip(periods, range(len(entries)), strict=True))
    valid = [place for (since, until), place in placed if since <= day <= until]
    if valid:
        return [entries[place] for place in valid]
    past = [(until, place) for (_, until), place in placed if until < day]
    return [entries[max(past)[1]]] if past else entries


def read_periods(entries: Sequence[ReadEntry]) -> list[tuple[str, str]]:
    """The periods by which `choose_valid` chooses among several entries of one code."""
    return [*map(_read_period, entries)] if len(entries) > 1 else []


def _read_period(read: ReadEntry) -> tuple[str, str]:
    """The first and the last day of an entry; open ends lie before and behind all days."""
    since, until = _EVER, _FOR_EVER
    for path, value in collect_leaves(read.element).items():
        name, day = strip_namespace(path), _find_day(value or "")
        if day and _FROM.fullmatch(name):
            since = day
        elif day and _TO.fullmatch(name):
            until = day
    return since, until


def _find_day(text: str) -> str | None:
    """The day at the start of a text, as year, month and day."""
    if found := _DAY.match(text):
        return found[0]
    if found := _DAY_FIRST.match(text):
        return f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}"
    return None
