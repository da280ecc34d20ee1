"""Interpretation: a changeset becomes events, in the order of the contract."""

from sordiff.diff import Changeset
from sordiff.events import Event
from sordiff.interpret.classifications import interpret_classifications
from sordiff.interpret.location_numbers import interpret_location_numbers
from sordiff.interpret.nights import History, Nights, NoHistory
from sordiff.interpret.order import sort_events
from sordiff.interpret.presence import interpret_presence
from sordiff.interpret.units import interpret_effective_numbers, interpret_units

__all__ = ["History", "NoHistory", "interpret"]


def interpret(changes: Changeset, history: History | None = None) -> tuple[Event, ...]:
    """All events of a changeset, ordered; `history` is what earlier accepted runs know."""
    nights = Nights(changes, history or NoHistory())
    events = [
        *interpret_classifications(nights),
        *interpret_presence(nights),
        *interpret_units(nights),
        *interpret_effective_numbers(nights),
        *interpret_location_numbers(nights),
    ]
    return sort_events(events, nights)
