"""What people must hear of beside the events; the rules that hold a run will stand here too."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from sordiff.events import Event, LocationNumberAssigned


class Alert(Struct, frozen=True, kw_only=True):
    """One thing to hear of: a stable code, how bad it is, what it is about, a sentence."""

    code: str
    severity: Literal["warning", "critical"]
    subject: str | None
    message: str


def alerts_of(events: Iterable[Event]) -> tuple[Alert, ...]:
    """A number given to a unit after another had it: GS1 forbids that in health care."""
    return tuple(
        Alert(
            code="location_number.reuse",
            severity="warning",
            subject=event.subject,
            message=(
                f"location number {event.subject} was given to {event.data.after.unit_id} after "
                f"{previously.unit_id} had it (no longer on {previously.released}): "
                "a GLN must not be reused"
            ),
        )
        for event in events
        if isinstance(event.data, LocationNumberAssigned)
        and (previously := event.data.previously) is not None
    )
