"""What may happen in one night: the defaults of the table [alarms] in sordiff.toml."""

from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from sordiff.anomalies.measures import MEASURES
from sordiff.events import (
    ClassificationCodeRemoved,
    ClassificationTextChanged,
    MeasureName,
    UnitCreated,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitRenamed,
    UnitReopened,
    find_event_name,
)

Count: TypeAlias = Annotated[int, Meta(ge=0)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]


class Ceiling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """More than `count`, and more than `share` of the open units or of all units, is too much."""

    count: Count
    share: Share = 0.0
    of: Literal["open_units", "units"] = "open_units"

    def most(self, *, units: int, open_units: int) -> float:
        """The most that is let through in a register of that size."""
        return max(self.count, self.share * (units if self.of == "units" else open_units))


class Level(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Off by more than `share` of the last accepted run, and by more than `least`."""

    share: Share = 0.2
    least: Count


class Unusual(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a run is out of the ordinary for this register.

    `score`: above this modified z-score; `least`, `times`: and above the median by so many a night,
    and above so many times the median; `nights`: silent until the history has so many; `weekdays`:
    compared with the same weekday alone when there are so many of them; `history`: only the newest
    so many count.
    """

    score: Annotated[float, Meta(gt=0)] = 3.5
    least: Count = 10
    times: Annotated[float, Meta(ge=1)] = 3.0
    nights: Annotated[int, Meta(ge=2)] = 14
    weekdays: Annotated[int, Meta(ge=2)] = 8
    history: Annotated[int, Meta(ge=2)] = 180


class Quiet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When silence is told of.

    `warn`: whether at all; `share`: not where more than this share of such working days had no
    change either; `hours`: a file that was recorded before is told of when the newest accepted
    snapshot is older than that.
    """

    warn: bool = True
    share: Share = 0.25
    hours: Annotated[float, Meta(gt=0)] = 36.0


DEFAULT_CEILINGS: Final[dict[str, Ceiling]] = {
    MeasureName.CEASED.value: Ceiling(count=200, share=0.005),
    find_event_name(UnitReopened): Ceiling(count=200, share=0.005),
    MeasureName.REMOVED_WHILE_OPEN.value: Ceiling(count=25),
    find_event_name(UnitCreated): Ceiling(count=300, share=0.02, of="units"),
    find_event_name(UnitMoved): Ceiling(count=150),
    find_event_name(UnitRenamed): Ceiling(count=1_000),
    find_event_name(UnitEffectiveLocationNumberChanged): Ceiling(count=500),
    MeasureName.LOST.value: Ceiling(count=50),
    find_event_name(ClassificationTextChanged): Ceiling(count=30),
    find_event_name(ClassificationCodeRemoved): Ceiling(count=10),
}


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [alarms]: everything that the rules may be told.

    `counts` are ceilings by name, over the defaults; a bare number is a ceiling without a share.
    `other` is the ceiling of each kind that has none of its own. `units` and `size` are
    compared with the last accepted run.
    """

    counts: dict[str, Count | Ceiling] = {}
    other: Count = 5_000
    units: Level = Level(least=50)
    size: Level = Level(least=200_000)
    unusual: Unusual = Unusual()
    quiet: Quiet = Quiet()

    def __post_init__(self) -> None:
        """Refuse a name that no measure has: a typing error must not be silently ignored."""
        unknown = sorted(self.counts.keys() - MEASURES.keys())
        if unknown:
            raise ValueError(f"nothing is counted under {', '.join(unknown)}")

    def ceiling(self, name: str) -> Ceiling:
        """The ceiling that holds for a measure."""
        chosen = self.counts.get(name, DEFAULT_CEILINGS.get(name, Ceiling(count=self.other)))
        return chosen if isinstance(chosen, Ceiling) else Ceiling(count=chosen)
