"""The parts of a changelog that hold the register as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol

from sordiff.changelog.records import NO_UNITS

if TYPE_CHECKING:
    from sordiff.brief_unit import BriefUnit
    from sordiff.changelog.records import PreparedUnits
    from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
    from sordiff.overlay import LazyRegister
    from sordiff.row_index import KnownRows, RowIndex
    from sordiff.subtrees import SubtreeChanges, SubtreeIndex
    from sordiff.unit_records import KeptUnit


class AcceptedState(Protocol):
    """The register of the last accepted snapshot: units, owners of numbers, classifications."""

    def read_units(self, wanted: Iterable[SorId] | None = None) -> dict[SorId, Unit]:
        """The units of the last accepted snapshot: all, or those wanted that are there."""

    def read_briefly(self, wanted: Iterable[SorId]) -> dict[SorId, BriefUnit]:
        """What a list tells of those of these units that are in the last accepted snapshot."""

    def prepare(self, units: Iterable[Unit]) -> bytes:
        """Do for some units what `write_units` needs not do then, in a form of its own.

        Nothing is read or written, so that another process may do it.
        """

    def write_units(
        self,
        units: Iterable[Unit | KeptUnit],
        removed: Iterable[SorId],
        records: Mapping[SorId, str] | None = None,
        *,
        created: AbstractSet[SorId] = frozenset(),
        prepared: PreparedUnits = NO_UNITS,
    ) -> None:
        """Put these units in place of what is there of them, and take the removed away.

        `records`: those of these units, where they are encoded already. `created`: those of them of
        which nothing is there; nobody need look for them. `prepared`: further units, of which
        nothing is there.
        """

    def remember_units(self, ids: Iterable[SorId], run_id: int) -> None:
        """Note which run first had these ids; a known one stays as it is."""

    def record_owners(
        self,
        run_id: int,
        day: Day,
        *,
        gone: Iterable[tuple[Gln, SorId]],
        come: Iterable[tuple[Gln, SorId]],
    ) -> None:
        """Note who stopped and who began to own a number in this run."""

    def read_lists(self) -> dict[str, Classification]:
        """The classifications that hold, by name."""

    def write_lists(self, lists: Mapping[str, Classification]) -> None:
        """Put these lists in place of what is there of them; others stay."""

    def open_register(self, header: Header, open_units: int | None = None) -> LazyRegister | None:
        """The register, each unit read when it is asked for; None where it is only read whole.

        `open_units`: how many are open on the day of the header, where that is known.
        """


class Index(Protocol):
    """The subtrees or rows of the last accepted snapshot, so that they need not be read again."""

    def read(self, run_id: int, units: int) -> SubtreeIndex | KnownRows | None:
        """The index of the last accepted run, which has so many units; None where it has none."""

    def write(self, run_id: int, changes: SubtreeChanges | RowIndex | None) -> None:
        """Take the index forward to a run that is being accepted; None leaves it without one."""
