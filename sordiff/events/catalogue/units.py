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
            "The new snapshot has a SOR id that the old one did not have. `after` is the whole "
            "unit. A new unit may be in the future (`first_from` after the snapshot date). Then "
            "`unit.open` is false, and `unit.opened` follows on its day. A created unit has no "
            "other unit event in that run. The location number that it owns has its own event."
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
            "The same as `unit.created`, but an earlier accepted run had the id: the unit was "
            "gone and is back. Only a changelog can know that, so a plain `sordiff diff` "
            "reports `unit.created`. The id of the event is the same in both cases."
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
            "The unit was in the future and is open now. Either its opening day has come "
            "(`cause: date_elapsed`, often without a changed byte), or that day was brought "
            "forward (`data_changed`)."
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
            "The unit was closed and is no longer closed. `before` and `after` are the last "
            "valid day. There is no `unit.closure_scheduled` beside it, even if the new last "
            "day is in the future."
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
            "The last valid day (`to`) was set or changed, and the unit was closed on neither "
            "night. It is an announcement: such days are set far ahead, and change. `effective` "
            "is the first day on which the unit will be closed."
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
        meaning="The last valid day was removed before it came. `before` is the announced day.",
    ),
    EventType(
        name="unit.replaced",
        data=UnitReplaced,
        grouping=Grouping.OWNER,
        sides_name_units=True,
        meaning=(
            "`replaced_by` gained ids: these units take over. If ids were only removed, there "
            "is a `unit.details_changed` instead."
        ),
    ),
    EventType(
        name="unit.details_changed",
        data=UnitDetailsChanged,
        folding=Folding.PARTS,
        grouping=Grouping.PATHS,
        plural="changes of details",
        meaning=(
            "Everything without its own event, path by path: hospital flags, local codes and "
            "attributes, the mark that the location number is inherited, `replaces`, and every "
            "element that sordiff does not know (`other/{namespace}Local`). The register's "
            "bookkeeping (`from`, `updated`) is only here if the unit has no other event."
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
            "The effective location number of an open unit changed. It is the unit's own number "
            "or, if the unit inherits, that of the nearest unit above that owns one. The event "
            "follows from other events (`cause: derived`), often far above: **subscribe to this "
            "to keep an address book correct.** `null` means no number. If a number only "
            "closes, it does not change here; see `location_number.closed`."
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
            "The unit was not closed and is closed now: its last valid day is before the "
            "snapshot date. **This happens without a changed byte when the day passes** "
            "(`cause: date_elapsed`). `replaced_by`, and the `location_number` that the unit "
            "itself owned, help to find a replacement. Units below are only closed with it if "
            "they have a last day of their own."
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
            "and the common part describes the old night too. `was_open: true` means that it "
            "should still be there: something is wrong, or a person deleted it. `false` is the "
            "purge of a unit that closed long ago."
        ),
    ),
)
