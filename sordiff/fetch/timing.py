"""When to ask: the hours in which the site is closed, and the pauses between two attempts."""

from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

COPENHAGEN: Final = ZoneInfo("Europe/Copenhagen")
LONGEST_PAUSE: Final = 600.0
_FIRST_PAUSE: Final = 2.0
_MINUTE: Final = timedelta(minutes=1)


class Timing(Struct, frozen=True, kw_only=True):
    """Clock, sleep and chance, so that a test can hold them.

    `now`: the present instant, with its zone. `elapsed`: seconds that only ever grow. `chance`:
    evenly spread from 0 up to 1.
    """

    now: Callable[[], datetime]
    elapsed: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]


def seconds_until_open(now: datetime, window: tuple[time, time] | None) -> float:
    """How long the site stays closed at this instant; 0 where it is open.

    The clock of Copenhagen is read minute by minute, so that the answer is also right in the nights
    in which it is put forward or back.
    """
    instant = began = now.astimezone(timezone.utc)
    while window is not None and _is_closed(instant, window):
        instant = _next_minute(instant)
    return (instant - began).total_seconds()


def _is_closed(instant: datetime, window: tuple[time, time]) -> bool:
    begin, end = window
    there = instant.astimezone(COPENHAGEN).time()
    return begin <= there < end if begin < end else there >= begin or there < end


def _next_minute(instant: datetime) -> datetime:
    """The full minute after this instant."""
    return instant.replace(second=0, microsecond=0) + _MINUTE


def choose_pause(earlier: int, asked: float, chance: float) -> float:
    """Seconds until the next attempt: 2, 4, 8, … with up to half of it left off by chance.

    `earlier`: how many pauses there were. `asked`: what the server asks for, which is kept up to
    ten minutes.
    """
    pause = _FIRST_PAUSE * 2.0**earlier * (1 - chance / 2)
    return min(max(pause, asked), LONGEST_PAUSE)
