"""The events of units that are in one register only: created, restored, removed."""

from collections.abc import Iterator

from sordiff.events import Event, UnitCreated, UnitRemoved, UnitRestored
from sordiff.interpret.nights import Nights
from sordiff.model import State


def interpret_presence(nights: Nights) -> Iterator[Event]:
    """One event for each id that only one of the two registers has."""
    known = nights.history.find_known(nights.changes.created)
    for sor_id in nights.changes.created:
        unit = nights.new.units[sor_id]
        event_type = UnitRestored if sor_id in known else UnitCreated
        part = nights.unit_part(None, unit, effective=unit.first_from)
        yield Event(subject=sor_id, data=event_type(**part, after=unit))
    for sor_id in nights.changes.removed:
        unit = nights.old.units[sor_id]
        was_open = unit.state(nights.new.day) is State.OPEN
        part = nights.unit_part(unit, None)
        yield Event(subject=sor_id, data=UnitRemoved(**part, before=unit, was_open=was_open))
