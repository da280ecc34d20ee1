"""What each medium shows of a report."""

from typing import Final

from msgspec import Struct


class Medium(Struct, frozen=True, kw_only=True):
    """What a medium shows: paper is read from the top down, a page is opened where one likes.

    `notices` are shown before the others fold away; of the calendar so many days and units are
    named. A page opens a group to all its members, so that its examples say the same again.
    `lists_standing`: findings that stood before are listed and not only counted. `database` is the
    changelog as commands name it; empty where they find it without.
    """

    is_page: bool
    closing_units: int
    closing_days: int | None = None
    notices: int | None = None
    says_nights_left_out: bool = True
    has_alerts_title: bool = False
    lists_standing: bool = False
    database: str = ""


TERMINAL: Final = Medium(is_page=False, closing_units=3, closing_days=12, has_alerts_title=True)
MAIL: Final = Medium(is_page=False, closing_units=3, closing_days=12, says_nights_left_out=False)
PAGE: Final = Medium(
    is_page=True, closing_units=5, notices=8, says_nights_left_out=False, lists_standing=True
)
