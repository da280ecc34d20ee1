"""Which days people work on in Denmark: on them, a register that does not change is suspicious."""

from datetime import date, timedelta
from typing import Final

from sordiff.model import Day

# Days from Easter Sunday: Maundy Thursday, Good Friday, Easter Monday, Ascension, Whit Monday.
_MOVING: Final = (-3, -2, 1, 39, 50)
_GREAT_PRAYER_DAY: Final = 26
_LAST_GREAT_PRAYER_DAY: Final = 2023  # abolished by law 214 of 6 March 2023
# New Year, Christmas and the day after; and, free in all but name, Constitution Day, the two eves.
_FIXED: Final = ((1, 1), (12, 25), (12, 26), (6, 5), (12, 24), (12, 31))
_SATURDAY: Final = 5


def compute_easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by Butcher's rule of 1876."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leaps = century // 4
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no Danish public holiday."""
    if day.weekday() >= _SATURDAY or (day.month, day.day) in _FIXED:
        return False
    from_easter = (day - compute_easter(day.year)).days
    is_prayer_day = from_easter == _GREAT_PRAYER_DAY and day.year <= _LAST_GREAT_PRAYER_DAY
    return from_easter not in _MOVING and not is_prayer_day


def holds_a_working_day(day: Day, nights: int) -> bool:
    """Whether one of the days that a run spans, its own the last of them, is a working day."""
    last = date.fromisoformat(day)
    # Two weeks always hold one: a gap of years need not be walked through.
    return any(is_working_day(last - timedelta(days=back)) for back in range(min(nights, 14)))
