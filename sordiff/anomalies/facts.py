"""The figures of one run, by which the rules judge it."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from sordiff.events import Event, MeasureName, UnitClosed, UnitRemoved, find_event_name
from sordiff.model import Day

_CLOSED: Final = find_event_name(UnitClosed)


class RunFacts(Struct, frozen=True, kw_only=True):
    """One run in figures.

    `kind` is that of the run; `nights` lie between its snapshot and the one
    it was compared with. `counts` are events by name, and two derived ones: unit.removed_while_open
    and unit.ceased (closed, or removed while open). `size` is in bytes, unpacked. `exceptional`
    (held, released, or taken with --accept) keeps the run out of the history. Sizes of files are
    compared only between the same `version` of the format, as far as it is told.
    """

    run_id: int | None
    kind: str
    day: Day
    nights: int
    counts: dict[str, int]
    units: int
    open_units: int
    size: int
    exceptional: bool
    version: str | None = None


def count_facts(events: Iterable[Event]) -> dict[str, int]:
    """The counts of a run: events by name, and the derived ones; what did not happen is absent."""
    counts: Counter[str] = Counter()
    for event in events:
        counts[event.name] += 1
        if isinstance(event.data, UnitRemoved) and event.data.was_open:
            counts[MeasureName.REMOVED_WHILE_OPEN.value] += 1
    ceased = counts[_CLOSED] + counts[MeasureName.REMOVED_WHILE_OPEN.value]
    if ceased:
        counts[MeasureName.CEASED.value] = ceased
    return {name: counts[name] for name in sorted(counts) if counts[name]}
