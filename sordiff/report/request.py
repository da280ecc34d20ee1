"""What a report was asked for, and its first lines in figures."""

from typing import Final

from msgspec import UNSET, Struct, UnsetType

from sordiff.alerts import Alert
from sordiff.model import Day, Gln, SorId

# How a report may be shaped changes with this; it stands in the JSON form.
REPORT_VERSION: Final = 1
# What people read at once: so many changes of a list, unless they ask for others.
SHOWN_TO_PEOPLE: Final = 20


class Asked(Struct, frozen=True, kw_only=True, gc=False):
    """What the report was asked for: the runs, and what of them.

    `run`, or `since` and `until` as days, or none of them for the last run; `type` an event name;
    `under` the top of a subtree; `limit` the most changes that any one list shows; `list` the list
    of one's own whose units and numbers are meant.
    """

    run: int | None = None
    since: Day | None = None
    until: Day | None = None
    type: str | None = None
    under: SorId | None = None
    unit: SorId | None = None
    number: Gln | None = None
    folded: bool = True
    limit: int | None = None
    list: str | UnsetType = UNSET

    @property
    def is_of_a_part(self) -> bool:
        """Whether it is about some units or numbers alone, not about the whole register."""
        return bool(self.under or self.unit or self.number or self.list)


class HeldRun(Struct, frozen=True, kw_only=True, gc=False):
    """A run of the period that is held or once was, and what became of it."""

    run: int
    day: Day
    state: str
    reason: str | None


class TakenBackRun(Struct, frozen=True, kw_only=True, gc=False):
    """A run of the period that is wrong: put right by another run, or retracted, or both."""

    run: int
    day: Day
    corrected_by: int | None
    retracted_by: str | None
    retracted_reason: str | None


class Headline(Struct, frozen=True, kw_only=True, gc=False):
    """The first line, in figures.

    `since` is the day of the snapshot that was compared with (None for a baseline), `until` that
    of the last one; `nights` lie between them, of which `nights_missing` have no snapshot. `runs`
    are the runs told of, oldest first, and `state` that of the last one (accepted, held, released,
    rejected, superseded). `counts` are the changes by event name, after folding and choosing, in
    the order of the contract, and `noted` how many of them carry which note; `events` how many
    events they were folded from; `undone` how many changes came to nothing over the period
    (A → B → A), which are told of no further. `elsewhere` is how many changes the question left
    out (by type, subtree, unit, number). `held_runs` are, of a period of days, all runs within it
    that are held or once were; those that are not in `runs` moved nothing. `corrects` is the wrong
    run that a correction told of by itself puts right; `taken_back` are the wrong runs of `runs`.
    `recorded_at` is when the last run was recorded.
    """

    since: Day | None
    until: Day
    nights: int
    nights_missing: int
    runs: tuple[int, ...]
    kind: str
    state: str
    reason: str | None
    units_before: int | None
    units: int
    open_units: int | None
    version_change: tuple[str, str] | None
    first_lists: tuple[str, ...]
    counts: dict[str, int]
    events: int
    undone: int
    elsewhere: int
    warnings: tuple[str, ...]
    noted: dict[str, dict[str, int]] = {}
    held_runs: tuple[HeldRun, ...] = ()
    corrects: int | None = None
    taken_back: tuple[TakenBackRun, ...] = ()
    recorded_at: str | None = None


class RaisedAlert(Struct, frozen=True, kw_only=True, gc=False):
    """An alert, with the run it was raised by and, where it is settled, the one that did it."""

    run: int
    day: Day
    alert: Alert
    resolved_by: int | None
