"""What a subscriber says of an event that is posted to it."""

from typing import TypeAlias

from msgspec import Struct


class Accepted(Struct, frozen=True, kw_only=True):
    """It has the event."""


class Refused(Struct, frozen=True, kw_only=True):
    """It does not take this event; another one may be taken."""

    reason: str


class Unavailable(Struct, frozen=True, kw_only=True):
    """It could not be asked, or takes nothing now; `seconds`: ask no earlier."""

    reason: str
    seconds: int = 0


Outcome: TypeAlias = Accepted | Refused | Unavailable
