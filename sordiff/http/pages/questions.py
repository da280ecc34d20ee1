"""What is asked of a page, read from its path and its fields; RequestRefused where it is wrong."""

import re
from datetime import date
from typing import Final

from sordiff.http.pages.page import Asked, refuse
from sordiff.model import Day, SorId

_MOST_DIGITS: Final = 19
_ID: Final = re.compile(r"[0-9]{1,40}")


def read_day(asked: Asked, name: str) -> Day | None:
    """A day; none where the field was left empty."""
    given = asked.query.get(name, "").strip()
    if not given:
        return None
    try:
        return Day(date.fromisoformat(given).isoformat())
    except ValueError:
        raise refuse(f"{given} is no day such as 2024-03-06.") from None


def read_number(given: str, largest: int) -> int:
    """A number from 0 on."""
    is_number = given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS
    if not (is_number and int(given) <= largest):
        raise refuse(f"{given} is no number of this kind.")
    return int(given)


def read_id(given: str) -> SorId:
    """The digits of an id or of a location number."""
    if not _ID.fullmatch(given):
        raise refuse(f"{given} is no id: ids are digits.")
    return SorId(given)
