"""A code that a list has several times, each for a period: the entry that is valid on the day."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from lxml import etree

from sordiff.model import Day, OtherValue
from sordiff.snapshot.classifications.entries import ReadEntry, collect_leaves, strip_namespace

# What a column or element of a period is called, as `_fold_name` has it: English, or Danish.
_VALID: Final = "(valid|validity|effective|active|gyldig|gyldighed|gaeldende|aktiv)?"
_DATE: Final = "(date|dato|day|dag)"
_FROM: Final = re.compile(
    f"{_DATE}?{_VALID}(from|since|start|begin|fra){_DATE}?"
    f"|effective{_DATE}|ikrafttraedelse(s{_DATE})?"
)
_TO: Final = re.compile(
    f"{_DATE}?{_VALID}(to|until|end|expiry|expiration|til|slut|udloeb|ophoer|ophoert)s?{_DATE}?"
)
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_SPELT_OUT: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# As tables may write it.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
_EVER: Final = "0000-00-00"
_FOR_EVER: Final = "9999-99-99"


def choose_valid(entries: Sequence[ReadEntry], day: Day) -> Sequence[ReadEntry]:
    """Those of several entries of one code that their periods leave.

    The one that is valid on the day; where none is, the one that ended last, or else the one that
    begins first. All of them where not every one has a period, or where several are valid and none
    follows the others: their order in the file says nothing.
    """
    if len(entries) == 1:
        return entries
    periods = [_read_period(read) for read in entries]
    if (_EVER, _FOR_EVER) in periods:
        return entries
    placed = [*zip(periods, entries, strict=True)]
    valid = [(since, until, read) for (since, until), read in placed if since <= day <= until]
    if valid:
        return _choose_following(valid)
    past = [until for _, until in periods if until < day]
    if past:
        return [read for (_, until), read in placed if until == max(past)]
    first = min(since for since, _ in periods)
    return [read for (since, _), read in placed if since == first]


def read_periods(entries: Sequence[ReadEntry]) -> list[tuple[str, str]]:
    """The periods by which `choose_valid` chooses among several entries of one code."""
    return [*map(_read_period, entries)] if len(entries) > 1 else []


def _choose_following(valid: Sequence[tuple[str, str, ReadEntry]]) -> Sequence[ReadEntry]:
    """The one that began last, where it takes the place of the others; else all of them.

    It does so where the others have no end of their own, or end on the day on which it begins. Two
    lists melted into one look the same, but that something else tells their entries apart.
    """
    *earlier, (begins, _, newest) = sorted(valid, key=lambda period: period[0])
    further = _list_further_values(newest)
    for since, until, read in earlier:
        if (
            since == begins
            or until not in {begins, _FOR_EVER}
            or read.element.getparent() is not newest.element.getparent()
            or _list_further_values(read) != further
        ):
            return [read for _, _, read in valid]
    return [newest]


def _list_further_values(read: ReadEntry) -> dict[str, OtherValue]:
    """What an entry says beside code and text, but for its days."""
    return {
        name: value
        for name, value in read.entry.attributes.items()
        if not isinstance(value, str) or _find_day(value) is None
    }


def _read_period(read: ReadEntry) -> tuple[str, str]:
    """The first and the last day of an entry; open ends lie before and behind all days.

    An entry that has no days of its own has those of a block in it, such as SorStatus, if no other
    block has its name.
    """
    period = _find_period([read.element])
    if period == (_EVER, _FOR_EVER):
        tags = [child.tag for child in read.element]
        period = _find_period([child for child in read.element if tags.count(child.tag) == 1])
    return period


def _find_period(elements: Iterable[etree._Element]) -> tuple[str, str]:
    since, until = _EVER, _FOR_EVER
    for element in elements:
        for path, value in collect_leaves(element).items():
            name, day = _fold_name(strip_namespace(path)), _find_day(value or "")
            if day and _FROM.fullmatch(name):
                since = day
            elif day and _TO.fullmatch(name):
                until = day
    return since, until


def _fold_name(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold().translate(_SPELT_OUT))


def _find_day(text: str) -> str | None:
    """The day at the start of a text, as year, month and day."""
    if found := _DAY.match(text):
        return found[0]
    if found := _DAY_FIRST.match(text):
        return f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}"
    return None
