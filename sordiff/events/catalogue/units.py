"""The rows of the events that tell of a unit's life, its last day, and what else is said of it."""

from typing import Final

from sordiff.events.event_type import (
    CountName,
    EventType,
    Family,
    Folding,
    Grouping,
    MeasureName,
    SectionName,
)
from sordiff.events.units import (
    UnitClosed,
    UnitClosureCancelled,
    UnitClosureScheduled,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitOpened,
    UnitRemoved,
    UnitReopened,
    UnitReplaced,
    UnitRestored,
)

COMING_UNITS: Final = (
    EventType(
        name="unit.created",
        data=UnitCreated,
        section=SectionName.CREATED,
        count=CountName.CREATED,
        family=Family.CREATED,
        folding=Folding.PRESENCE,
        grouping=Grouping.PLACE,
        plural="new units",
        meaning=(
            "A SOR id is in the new snapshot that was not in the old one. `after` is the whole "
            "unit. A new unit may lie in the future (`first_from` after the snapshot date): "
            "then `unit.open` is false, and `unit.opened` follows on its day. A unit that is "
            "created has no other unit event in that run; the location number that it owns has "
            "its own event."
        ),
    ),
    EventType(
        name="unit.restored",
        data=UnitRestored,
        variant_of=UnitCreated,
        section=SectionName.CREATED,
        count=CountName.RESTORED,
        family=Family.CREATED,
        folding=Folding.PRESENCE,
        grouping=Grouping.PLACE,
        plural="units that came back",
        meaning=(
            "As `unit.created`, but the changelog has seen the id in an earlier accepted run: "
            "the unit was gone and is back. Only a changelog can know that, so a plain `sordiff "
            "diff` says `unit.created`; the event's id is the same either way."
        ),
    ),
    EventType(
        name="unit.opened",
        data=UnitOpened,
        section=SectionName.CREATED,
        count=CountName.OPENED,
        family=Family.CREATED,
        folding=Folding.DAYS,
        grouping=Grouping.PLACE,
        plural="openings",
        meaning=(
            "The unit was in the future and is open now, because its opening day has come "
            "(`cause: date_elapsed`, often without a byte changed) or because that day was "
            "brought forward (`data_changed`)."
        ),
    ),
    EventType(
        name="unit.reopened",
        data=UnitReopened,
        section=SectionName.CREATED,
        count=CountName.REOPENED,
        family=Family.CREATED,
        folding=Folding.DAYS,
        grouping=Grouping.PLACE,
        plural="reopenings",
        meaning=(
            "`before` and `after` are the last valid day; no `unit.closure_scheduled` comes "
            "beside it, even where the new last day lies ahead."
        ),
    ),
)

CHANGED_UNITS: Final = (
    EventType(
        name="unit.closure_scheduled",
        data=UnitClosureScheduled,
        tells_closing=True,
        section=SectionName.CLOSURES,
        count=CountName.CLOSURES,
        family=Family.CLOSURES,
        folding=Folding.DAYS,
        grouping=Grouping.CLOSURE,
        plural="scheduled closings",
        meaning=(
            "The last valid day (`to`) was set, or set to another day, while the unit was not "
            "closed on either night. Users set it far ahead, and change it: it is an "
            "announcement. `effective` is the first day on which the unit will be closed."
        ),
    ),
    EventType(
        name="unit.closure_cancelled",
        data=UnitClosureCancelled,
        tells_closing=True,
        section=SectionName.CLOSURES,
        count=CountName.CANCELLED,
        family=Family.CLOSURES,
        folding=Folding.DAYS,
        grouping=Grouping.OWNER,
        meaning=(
            "The last valid day was taken away again before it came. `before` is the day that "
            "had been announced."
        ),
    ),
    EventType(
        name="unit.replaced",
        data=UnitReplaced,
        grouping=Grouping.OWNER,
        sides_name_units=True,
        meaning=(
            "`replaced_by` gained ids: the register says which units take over. Ids that were "
            "lost alone make a `unit.details_changed`."
        ),
    ),
    EventType(
        name="unit.details_changed",
        data=UnitDetailsChanged,
        folding=Folding.PARTS,
        grouping=Grouping.PATHS,
        plural="changes of details",
        meaning=(
            "Everything that has no event of its own, path by path: hospital flags, local codes "
            "and attributes, the mark that the location number is inherited, `replaces`, and "
            "every element that sordiff does not know (`other/{namespace}Local`). The "
            "register's bookkeeping (`from`, `updated`) stands here only when nothing else is "
            "said of the unit."
        ),
    ),
)

GOING_UNITS: Final = (
    EventType(
        name="unit.effective_location_number_changed",
        data=UnitEffectiveLocationNumberChanged,
        section=SectionName.LOCATION_NUMBERS,
        count=CountName.INHERITED,
        family=Family.LOCATION_NUMBERS,
        grouping=Grouping.INHERITED_NUMBER,
        plural="changes of effective location numbers",
        meaning=(
            "The location number under which an open unit is reached is another: its own or, "
            "where it inherits, that of the nearest unit above that owns one. It follows from "
            "other events (`cause: derived`), mostly far above: **subscribe to this to keep an "
            "address book right.** `null` is no number at all. A number that merely closes is "
            "no change here; see `location_number.closed`."
        ),
    ),
    EventType(
        name="unit.closed",
        data=UnitClosed,
        leaves_first=True,
        tells_closing=True,
        section=SectionName.CLOSED,
        count=CountName.CLOSED,
        family=Family.CLOSED,
        folding=Folding.DAYS,
        grouping=Grouping.PLACE,
        measure=MeasureName.CEASED,
        meaning=(
            "The unit was not closed and is now: its last valid day lies before the snapshot "
            "date. **This happens without a byte changed when the day passes** (`cause: "
            "date_elapsed`). `replaced_by` and the `location_number` that the unit itself owned "
            "say where to turn. Units below are not closed with it unless they carry a last day "
            "of their own."
        ),
    ),
    EventType(
        name="unit.removed",
        data=UnitRemoved,
        leaves_first=True,
        section=SectionName.CLOSED,
        count=CountName.REMOVED,
        family=Family.CLOSED,
        folding=Folding.PRESENCE,
        grouping=Grouping.PLACE,
        plural="removed units",
        meaning=(
            "The id is no longer in the register. `before` is the whole unit as it last was, "
            "and the common part tells of the old night as well. `was_open: true` means that it "
            "should have been there (something is wrong, or a person deleted it); `false` is "
            "the purge of a unit closed long ago."
        ),
    ),
)
