"""One change, and one unit, as a report tells of them."""

from enum import StrEnum
from typing import Any

from msgspec import Struct

from sordiff.events import TYPE_BY_NAME, Cause, CodedText, EventType
from sordiff.model import Day, Gln, Kind, SorId, State
from sordiff.reconcile.verdict import Suggestion


class UnitEntry(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A unit as it stands at the end of the period; one that is gone as it last stood.

    The path of a unit is found by following `parent`: all units above are in the table, too.
    `owner` and `institution` are the nearest of that kind, the unit itself included. `unit_type`
    and `region` are codes, whose texts are in `Report.unit_types` and `Report.regions`; the region
    is that of the unit's own address or of the nearest unit above that has one. `missing`: the
    changelog tells nothing of this id but the id.
    """

    name: str | None = None
    kind: Kind | None = None
    unit_type: str | None = None
    parent: SorId | None = None
    institution: SorId | None = None
    owner: SorId | None = None
    region: str | None = None
    state: State | None = None
    gone: bool = False
    missing: bool = False


class Mark(StrEnum):
    """What became of a stretch of text."""

    SAME = "="
    GONE = "-"
    COME = "+"


class Stretch(Struct, frozen=True, array_like=True, gc=False):
    """A stretch of words that stayed, went or came; written as a pair, ["-", "filial af "].

    Put together, SAME and GONE are the old text, SAME and COME the new one.
    """

    mark: Mark
    text: str


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One differing field of a change: its path, and its value before and after; null is absent."""

    path: str
    before: Any = None
    after: Any = None


class Note(StrEnum):
    """What more is to be said of a change that was folded from several, or chosen from them.

    `…_again` of what came in the period; `…_later` of what else happened to the unit after it.
    """

    CLOSED_AGAIN = "closed_again"
    REMOVED_AGAIN = "removed_again"
    GONE_BETWEEN = "gone_between"
    REOPENED_BETWEEN = "reopened_between"
    OPENED_BEFORE = "opened_before"
    OPENED_LATER = "opened_later"
    CLOSED_WITHIN = "closed_within"
    CLOSED_LATER = "closed_later"
    REMOVED_LATER = "removed_later"
    REOPENED_LATER = "reopened_later"
    CANCELLED_LATER = "cancelled_later"


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One change of one unit, number or code over the period.

    `type` is an event name, `subject` a SOR id, a GLN or list/code, `unit` the unit concerned (of
    a number its owner now, of a released one its last). `run` and `day` are those of the (last)
    event, `steps` how many events were folded into it.

    `before` and `after` by type: renamed, and the events of one text: that text; type_changed: the
    type's code and text; closure_scheduled, closure_cancelled, closed, reopened: the last valid
    day (that of a created or removed unit, and of a number that closed, is `to`); moved: ids from
    the owner down to the parent; replaced: ids; location_number: the id of the owning unit;
    effective_location_number_changed: the number, and `origins` the units it comes from;
    classification: the text. What has parts (address, contact, specialities, details, entries) is
    told in `differences`, path by path; `stretches` mark the words of a new name or text.

    `effective` is the day from which it holds, `carriers` how many open units have the number or
    carry the code now, `descendants` how many units stand below a moved one, `number` the location
    number that a unit has (created) or had (closed), `relation` how a number's new owner stands to
    the old one, `previously` who had a reused number and until when, `was_open` marks a removed
    unit that was not closed. `group` is the place in `Report.groups` of the group it belongs to.
    `successor` is who probably goes on in place of a unit that is gone, which is inferred.
    """

    type: str
    subject: str
    unit: SorId | None = None
    run: int
    day: Day
    steps: int = 1
    cause: Cause = Cause.DATA_CHANGED
    effective: Day | None = None
    before: str | CodedText | tuple[str, ...] | None = None
    after: str | CodedText | tuple[str, ...] | None = None
    origins: tuple[SorId | None, SorId | None] | None = None
    differences: tuple[Difference, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    notes: tuple[Note, ...] = ()
    to: Day | None = None
    replaces: tuple[SorId, ...] = ()
    replaced_by: tuple[SorId, ...] = ()
    number: Gln | None = None
    relation: str | None = None
    previously: tuple[SorId, Day] | None = None
    shared: bool = False
    was_open: bool = False
    descendants: int | None = None
    carriers: int | None = None
    group: int | None = None
    successor: Suggestion | None = None

    @property
    def event_type(self) -> EventType:
        """The row of the catalogue that tells of the change's type."""
        return TYPE_BY_NAME[self.type]
