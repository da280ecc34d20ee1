"""A code that a list has several times, each for a period: the entry that is valid on the day."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

from sordiff.model import Day, Entry
from sordiff.snapshot.classifications.entries import ReadEntry, collect_leaves, strip_namespace
from sordiff.snapshot.format.unknown_elements import sort_key
from sordiff.snapshot.loaded_lxml import etree

# What a column or element of a period is called, as `_fold_name` has it: English, or Danish.
_VALID: Final = (
    "(valid|validity|effective|active|activity|period"
    "|gyldig|gyldigheds?|gaeldende|aktiv|virknings?|periode)?"
)
_DATE: Final = "(date|datetime|time|day|dato|dag|tidspunkt)"
_FROM: Final = re.compile(
    f"{_DATE}?{_VALID}(from|since|start|begin|fra|fraogmed){_DATE}?"
    f"|(effective|activation|ikrafttraedelses?){_DATE}"
)
_TO: Final = re.compile(
    f"{_DATE}?{_VALID}(to|until|end|til|tilogmed|slut|expiry|expiration|udloebs?|ophoers?|ophoert)"
    f"{_DATE}?|inactivation{_DATE}"
)
_NO_LETTER: Final = re.compile(r"[\W\d_]+")
_SPELT_OUT: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# As tables may write it.
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-./])(\d{1,2})\2(\d{4})", re.ASCII)
_EVER: Final = "0000-00-00"
_FOR_EVER: Final = "9999-99-99"
_NO_PERIOD: Final = (_EVER, _FOR_EVER)
# As registers write an end that is open.
_FAR_AWAY: Final = "2999"


class ListValues:
    """What the entries of a list say, to ask what tells two of them apart."""

    def __init__(self, entries: Sequence[ReadEntry]) -> None:
        """`entries`: all of the list."""
        self._entries = entries

    @cached_property
    def _codes(self) -> dict[tuple[str, str], set[str]]:
        """The codes of which an attribute is said with a value; few lists are asked."""
        codes: dict[tuple[str, str], set[str]] = {}
        for read in self._entries:
            for said in _list_further_values(read.entry):
                codes.setdefault(said, set()).add(read.entry.code)
        return codes

    def tell_apart(self, one: Entry, other: Entry) -> bool:
        """Whether two entries of a code may be of two lists.

        They are if they differ in a value that other codes have too. Days and texts of their own,
        such as a second name, differ between entries that follow each other in one list.
        """
        differing = set(_list_further_values(one)) ^ set(_list_further_values(other))
        return any(len(self._codes[said]) > 1 for said in differing)


def drop_copies(reads: Iterable[ReadEntry]) -> list[ReadEntry]:
    """The entries of one code without those that say the same, in order of what they say."""
    contents = {
        sort_key([read.entry.text, read.entry.attributes]): read
        for read in reversed([*reads])  # of the same the first one stays
    }
    return [contents[key] for key in sorted(contents)]


def choose_valid(entries: Sequence[ReadEntry], day: Day, values: ListValues) -> Sequence[ReadEntry]:
    """Those of several entries of one code, without copies, that their periods leave.

    The one that is valid on the day; where none is, the one that ended last, or else the one that
    begins first. All of them where not every one has a period, or where several are valid and none
    follows the others: their order in the file says nothing. `values`: of all entries of the list.
    """
    if len(entries) == 1:
        return entries
    periods = [read_period(read) for read in entries]
    if _NO_PERIOD in periods:
        return entries
    placed = [*zip(periods, entries, strict=True)]
    valid = [(since, until, read) for (since, until), read in placed if since <= day <= until]
    if valid:
        return _choose_following(valid, values)
    past = [until for _, until in periods if until < day]
    if past:
        return [read for (_, until), read in placed if until == max(past)]
    first = min(since for since, _ in periods)
    return [read for (since, _), read in placed if since == first]


def have_one_meaning(entries: Sequence[ReadEntry], values: ListValues) -> bool:
    """Whether on each day one of these entries of a code, without copies, counts."""
    days = {Day(since) for since, _ in map(read_period, entries)}
    return all(len(choose_valid(entries, day, values)) == 1 for day in days)


def has_period(read: ReadEntry) -> bool:
    """Whether the entry has a first or a last day."""
    return read_period(read) != _NO_PERIOD


def _choose_following(
    valid: Sequence[tuple[str, str, ReadEntry]], values: ListValues
) -> Sequence[ReadEntry]:
    """The one that began last, where it takes the place of the others; else all of them.

    It does so where the others have no end of their own, or end on the day on which it begins. Two
    lists melted into one look the same, but that something else tells their entries apart.
    """
    *earlier, (begins, _, newest) = sorted(valid, key=lambda period: period[0])
    for since, until, read in earlier:
        if (
            since == begins
            or until not in {begins, _FOR_EVER}
            or not _stand_together(read, newest)
            or values.tell_apart(read.entry, newest.entry)
        ):
            return [read for _, _, read in valid]
    return [newest]


def _stand_together(one: ReadEntry, other: ReadEntry) -> bool:
    """Whether two entries are of one list by where they stand, or by more."""
    is_placed = one.is_placed and other.is_placed
    return is_placed or one.element.getparent() is other.element.getparent()


def _list_further_values(entry: Entry) -> list[tuple[str, str]]:
    """What an entry says beside code and text, but for its days."""
    return [
        (name, sort_key(value))
        for name, value in entry.attributes.items()
        if not isinstance(value, str) or _find_day(value) is None
    ]


def read_period(read: ReadEntry) -> tuple[str, str]:
    """The first and the last day of an entry; open ends lie before and behind all days.

    An entry that has no days of its own has those of a block in it, such as SorStatus.
    """
    period = _find_period([read.element])
    return _find_period(read.element) if period == _NO_PERIOD else period


def _find_period(elements: Iterable[etree._Element]) -> tuple[str, str]:
    """No period where what these say contradicts itself."""
    since, until = set(), set()
    for element in elements:
        for path, value in collect_leaves(element).items():
            name, day = _fold_name(strip_namespace(path)), _find_day(value or "")
            if day and _FROM.fullmatch(name):
                since.add(day)
            elif day and _TO.fullmatch(name):
                until.add(_FOR_EVER if day >= _FAR_AWAY else day)
    if len(since) > 1 or len(until) > 1:
        return _NO_PERIOD
    return (since or {_EVER}).pop(), (until or {_FOR_EVER}).pop()


def _fold_name(name: str) -> str:
    return _NO_LETTER.sub("", name.casefold().translate(_SPELT_OUT))


def _find_day(text: str) -> str | None:
    """The day at the start of a text, as year, month and day."""
    if found := _DAY.match(text):
        return found[0]
    if found := _DAY_FIRST.match(text):
        return f"{found[4]}-{found[3]:0>2}-{found[1]:0>2}"
    return None
