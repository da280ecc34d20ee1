"""Units that were removed and restored within a period: compared as if they had stayed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from sordiff.diff import Presence, compare
from sordiff.events import (
    Cause,
    Event,
    UnitEffectiveLocationNumberChanged,
    UnitRemoved,
    UnitRestored,
    UnitSummary,
    find_event_name,
)
from sordiff.interpret.nights import Nights, NoHistory
from sordiff.interpret.units import interpret_units
from sordiff.model import Classification, Day, Entry, Kind, SorId, Unit
from sordiff.register import Register
from sordiff.report.change import Change, Note
from sordiff.report.change_from_event import RecordedEvent, change_from_event

# By the unit and the run that brought it back: what differs between the record that went and the
# one that came.
Gaps: TypeAlias = Mapping[tuple[str, int], Sequence[Change]]

NO_GAPS: Final[Gaps] = {}
_COME_BACK: Final = find_event_name(UnitRestored)
_GONE: Final = find_event_name(UnitRemoved)


def find_gaps(events: Iterable[RecordedEvent]) -> Gaps:
    """The gaps between a removal and a restoration that are both among these events."""
    gone: dict[str, UnitRemoved] = {}
    found: dict[tuple[str, int], Sequence[Change]] = {}
    for recorded in events:
        data = recorded.event.data
        if isinstance(data, UnitRemoved):
            gone[recorded.event.subject] = data
        elif isinstance(data, UnitRestored):
            before = gone.pop(recorded.event.subject, None)
            if before is not None:
                found[recorded.event.subject, recorded.run] = tuple(
                    _changes_over_gap(before, data, recorded)
                )
    return found


def bridge_gap(life: Sequence[Change], gaps: Gaps) -> tuple[list[Change], bool]:
    """The changes of a unit as if it had never been gone, and whether it was gone."""
    told: list[Change] = []
    was_away = False
    for change in life:
        if change.type == _COME_BACK and told and told[-1].type == _GONE:
            told[-1:] = gaps.get((change.subject, change.run), ())
            was_away = True
        else:
            told.append(change)
    return told, was_away


def note_gap(changes: Iterable[Change]) -> list[Change]:
    """The changes, each with the note that the unit was gone in between."""
    return [
        msgspec.structs.replace(change, notes=(*change.notes, Note.GONE_BETWEEN))
        for change in changes
    ]


def _changes_over_gap(
    gone: UnitRemoved, come: UnitRestored, recorded: RecordedEvent
) -> Iterator[Change]:
    """The changes between removal and restoration, by the rules of one night."""
    old = _register(gone.snapshot.before, gone.before, gone.unit)
    new = _register(come.snapshot.after, come.after, come.unit)
    both = Presence(both=(come.after.sor_id,), created=(), removed=())
    changes = compare(old, new, both)
    if changes.units:
        for event in interpret_units(Nights(changes, NoHistory())):
            told = change_from_event(RecordedEvent(run=recorded.run, day=recorded.day, event=event))
            # How many stand below it is not known here.
            yield msgspec.structs.replace(told, descendants=None)
    yield from _effective_number_change(gone, come, recorded)


def _effective_number_change(
    gone: UnitRemoved, come: UnitRestored, recorded: RecordedEvent
) -> Iterator[Change]:
    before, after = (side.unit.effective_location_number for side in (gone, come))
    if come.unit.open and (before and before.number) != (after and after.number):
        data = UnitEffectiveLocationNumberChanged(
            snapshot=come.snapshot,
            cause=Cause.DERIVED,
            effective=None,
            unit=come.unit,
            status=come.status,
            before=before,
            after=after,
        )
        event = Event(subject=recorded.event.subject, data=data)
        yield change_from_event(RecordedEvent(run=recorded.run, day=recorded.day, event=event))


def _register(day: Day, unit: Unit, summary: UnitSummary) -> Register:
    """A register with what an event tells: the unit, and the units above it by their ids."""
    above = dict.fromkeys((summary.parent_id, summary.institution_id, summary.owner_id))
    ids = [sor_id for sor_id in above if sor_id is not None and sor_id != unit.sor_id]
    units = {
        sor_id: Unit(sor_id=sor_id, kind=_kind(sor_id, summary), parent_id=parent_id)
        for sor_id, parent_id in zip(ids, [*ids, None][1:], strict=True)
    }
    return Register(
        day=day,
        created_at="",
        version="",
        units={**units, unit.sor_id: unit},
        lists=_types(summary),
    )


def _kind(sor_id: SorId, summary: UnitSummary) -> Kind:
    if sor_id == summary.owner_id:
        return Kind.OWNER
    return Kind.INSTITUTION if sor_id == summary.institution_id else Kind.ORGANIZATIONAL_UNIT


def _types(summary: UnitSummary) -> dict[str, Classification]:
    """The text of the unit's type, as the event has it."""
    coded = summary.unit_type
    if coded is None:
        return {}
    entries = {coded.code: Entry(code=coded.code, text=coded.text)}
    return {"EntityType": Classification(name="EntityType", serves="unit_type", entries=entries)}
