"""From what differs to what it means: a changeset becomes events, in the order of the contract."""

from sordiff.diff import Changeset
from sordiff.events import Event
from sordiff.interpret.classifications import classification_events
from sordiff.interpret.location_numbers import location_number_events
from sordiff.interpret.nights import History, Nights, NoHistory
from sordiff.interpret.order import in_order
from sordiff.interpret.presence import presence_events
from sordiff.interpret.units import effective_number_events, unit_events

__all__ = ["History", "NoHistory", "interpret"]


def interpret(changes: Changeset, history: History | None = None) -> tuple[Event, ...]:
    """All events of a changeset, ordered; `history` is what earlier accepted runs know."""
    nights = Nights(changes, history or NoHistory())
    events = [
        *classification_events(nights),
        *presence_events(nights),
        *unit_events(nights),
        *effective_number_events(nights),
        *location_number_events(nights),
    ]
    return in_order(events, nights)
