"""What the rules look at: one run as a handful of figures."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from sordiff.events import Event, UnitRemoved
from sordiff.model import Day

REMOVED_WHILE_OPEN: Final = "unit.removed_while_open"
CEASED: Final = "unit.ceased"


class RunFacts(Struct, frozen=True, kw_only=True):
    """One run in figures.

    `kind` is baseline, night, reissue or rebaseline; `nights` lie between its snapshot and the one
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


def facts_of_events(events: Iterable[Event]) -> dict[str, int]:
    """The counts of a run: events by name, and the derived ones; what did not happen is absent."""
    counts: Counter[str] = Counter()
    for event in events:
        counts[event.name] += 1
        if isinstance(event.data, UnitRemoved) and event.data.was_open:
            counts[REMOVED_WHILE_OPEN] += 1
    ceased = counts["unit.closed"] + counts[REMOVED_WHILE_OPEN]
    if ceased:
        counts[CEASED] = ceased
    return {name: counts[name] for name in sorted(counts) if counts[name]}
