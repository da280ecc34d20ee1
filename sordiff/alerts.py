"""What people must hear of beside the events; the rules that hold a run are in anomalies."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import UNSET, Struct, UnsetType

from sordiff.events import Event, LocationNumberAssigned

Severity: TypeAlias = Literal["warning", "critical"]


class Alert(Struct, frozen=True, kw_only=True):
    """One thing to hear of: a stable code, how bad it is, what it is about, a sentence.

    The sentence holds everything; where a run was judged, its parts stand beside it: the figure
    that was seen, the limit that holds for it, what was expected from what history, and where it
    concentrates. `mapping` are the lines that it proposes for sordiff.toml: of
    [fields], or with another table before the field.
    """

    code: str
    severity: Severity
    subject: str | None
    message: str
    saw: float | None = None
    limit: float | None = None
    expected: str | None = None
    concentration: str | None = None
    mapping: tuple[str, ...] | UnsetType = UNSET


def find_reuse_alerts(events: Iterable[Event]) -> tuple[Alert, ...]:
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
