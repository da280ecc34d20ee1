"""The changelog, its sessions, and the register as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager

import msgspec

from sordiff.brief_unit import BriefUnit
from sordiff.changelog import Changelog, kept_lists, plain_columns
from sordiff.changelog import state as state_port
from sordiff.changelog.records import NO_UNITS, GivenRun, PreparedUnits
from sordiff.errors import ChangelogFailed, ChangelogMissing, Locked
from sordiff.events import Previously
from sordiff.interpret import History as HistoryPort
from sordiff.model import Classification, Day, Gln, Header, SorId, Unit
from sordiff.reconcile.kept_list import KeptList
from sordiff.report import Contradiction, Restoration
from sordiff.row_index import RowIndex
from sordiff.subtrees import SubtreeChanges
from sordiff.unit_records import KeptUnit, decode_unit, encode_unit
from tests.ports.memory_changelog.data import Data, Owner
from tests.ports.memory_changelog.publishing import Identity, Outbox, StateChanges
from tests.ports.memory_changelog.recording import (
    Alerts,
    Counts,
    Coverages,
    Decisions,
    Events,
    Findings,
    Notices,
    Runs,
    Sequences,
)


class State(state_port.AcceptedState):
    def __init__(self, data: Data) -> None:
        self.data = data

    def read_units(self, wanted: Iterable[SorId] | None = None) -> dict[SorId, Unit]:
        units = self.data.units
        return {i: units[i] for i in sorted(units if wanted is None else wanted) if i in units}

    def read_briefly(self, wanted: Iterable[SorId]) -> dict[SorId, BriefUnit]:
        found = self.read_units(wanted)
        return {
            i: msgspec.convert(unit, BriefUnit, from_attributes=True) for i, unit in found.items()
        }

    def prepare(self, units: Iterable[Unit]) -> bytes:
        return "\n".join(map(encode_unit, units)).encode()

    def write_units(
        self,
        units: Iterable[Unit | KeptUnit],
        removed: Iterable[SorId],
        records: Mapping[SorId, str] | None = None,
        *,
        created: AbstractSet[SorId] = frozenset(),
        prepared: PreparedUnits = NO_UNITS,
    ) -> None:
        del records, created  # it keeps the units themselves
        units = [*units, *map(decode_unit, b"\n".join(prepared.parts).splitlines())]
        for sor_id in removed:
            self.data.units.pop(sor_id, None)
        self.data.units |= {
            unit.sor_id: decode_unit(unit.record) if isinstance(unit, KeptUnit) else unit
            for unit in units
        }

    def remember_units(self, ids: Iterable[SorId], run_id: int) -> None:
        self.data.first_runs = {**dict.fromkeys(ids, run_id), **self.data.first_runs}

    def record_owners(
        self,
        run_id: int,
        day: Day,
        *,
        gone: Iterable[tuple[Gln, SorId]],
        come: Iterable[tuple[Gln, SorId]],
    ) -> None:
        left = set(gone)
        self.data.owners = [
            one._replace(released_run=run_id, released=day)
            if one.released_run is None and (one.number, one.unit_id) in left
            else one
            for one in self.data.owners
        ]
        self.data.owners += [Owner(number, unit, run_id, None, None) for number, unit in come]

    def read_lists(self) -> dict[str, Classification]:
        return dict(self.data.lists)

    def write_lists(self, lists: Mapping[str, Classification]) -> None:
        self.data.lists |= lists

    def open_register(self, header: Header, open_units: int | None = None) -> None:
        del header, open_units


class Index(state_port.Index):
    """It keeps none, so that every snapshot is read whole."""

    def read(self, run_id: int, units: int) -> None:
        del run_id, units

    def write(self, run_id: int, changes: SubtreeChanges | RowIndex | None) -> None:
        pass


class History(HistoryPort):
    def __init__(self, data: Data) -> None:
        self.data = data

    def find_known(self, ids: Iterable[SorId]) -> frozenset[SorId]:
        return frozenset(self.data.first_runs.keys() & ids)

    def earlier_owner(self, number: Gln, owners: frozenset[SorId]) -> Previously | None:
        left = [
            one
            for one in self.data.owners
            if one.number == number and one.released_run is not None and one.unit_id not in owners
        ]
        found = min(left, key=lambda one: (-(one.released_run or 0), one.unit_id), default=None)
        if found is None or found.released is None:
            return None
        return Previously(unit_id=found.unit_id, released=found.released)


class PlainColumns(plain_columns.PlainColumns):
    """There are none."""

    def find_contradictions(self) -> Iterator[Contradiction]:
        return iter(())


class KeptLists(kept_lists.KeptLists):
    def __init__(self, data: Data) -> None:
        self.data = data

    def keep(self, kept: KeptList) -> None:
        self.data.kept_lists[kept.name] = kept

    def find(self, name: str) -> KeptList | None:
        return self.data.kept_lists.get(name)

    def list_names(self) -> list[str]:
        return sorted(self.data.kept_lists)

    def remove(self, name: str) -> bool:
        return self.data.kept_lists.pop(name, None) is not None

    def mark_told(self, name: str, run_id: int) -> None:
        if name in self.data.kept_lists:
            kept = self.data.kept_lists[name]
            self.data.kept_lists[name] = msgspec.structs.replace(kept, told_run=run_id)


class MemorySession:
    def __init__(self, data: Data) -> None:
        self.data = data
        self.runs = Runs(data)
        self.counts = Counts(data)
        self.decisions = Decisions(data)
        self.sequences = Sequences(data)
        self.events = Events(data)
        self.alerts = Alerts(data)
        self.coverage = Coverages(data)
        self.plain_columns = PlainColumns()
        self.kept_lists = KeptLists(data)
        self.findings = Findings(data)
        self.notices = Notices(data)
        self.outbox = Outbox(data)
        self.identity = Identity(data)
        self.state = State(data)
        self.index = Index()
        self.state_changes = StateChanges(data)
        self.history = History(data)

    @contextmanager
    def read_at_one_moment(self) -> Iterator[None]:
        live = self.data
        self.__init__(live.copy())  # type: ignore[misc]  # all parts read the copy
        try:
            yield
        finally:
            self.__init__(live)  # type: ignore[misc]  # and the changelog again

    @contextmanager
    def transaction(self) -> Iterator[None]:
        before = self.data.copy()
        try:
            yield
        except BaseException:
            self.data.restore(before)
            raise


class MemoryChangelog(Changelog):
    def __init__(self) -> None:
        self.data: Data | None = None
        self.locks: set[str] = set()

    @property
    def name(self) -> str:
        return "memory"

    @property
    def size(self) -> int:
        return 0

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        if name in self.locks:
            raise Locked(f"Another holds the lock of the {name}.")
        self.locks.add(name)
        try:
            yield
        finally:
            self.locks.remove(name)

    def lock_writer(self) -> AbstractContextManager[None]:
        return self._locked("writer")

    def lock_publisher(self, sink: str) -> AbstractContextManager[None]:
        return self._locked(f"publisher into {sink}")

    def upgrade(self) -> None:
        self._there()

    def demand_sound(self) -> None:
        self._there()

    def continue_restored(self) -> None:
        """Nobody can restore a backup of it."""
        self._there()

    @contextmanager
    def build(self) -> Iterator[MemoryChangelog]:
        if self.data is not None:
            raise ChangelogFailed("There is a changelog in memory already.")
        aside = MemoryChangelog()
        yield aside
        self.data = aside.data

    @property
    def warnings(self) -> list[str]:
        return []

    def find_restoration(self) -> Restoration | None:
        self._there()
        return None

    def remember_given(self, runs: Sequence[GivenRun]) -> None:
        """Nothing of it is ever lost."""

    def _there(self) -> Data:
        if self.data is None:
            raise ChangelogMissing("There is no changelog in memory.")
        return self.data

    @contextmanager
    def open_to_read(self) -> Iterator[MemorySession]:
        yield MemorySession(self._there())

    @contextmanager
    def open_at_one_moment(self, *, looked_at: bool = False) -> Iterator[MemorySession]:
        del looked_at  # nothing of it can be damaged
        yield MemorySession(self._there().copy())

    @contextmanager
    def open_to_write(self) -> Iterator[MemorySession]:
        self.data = self.data or Data()
        yield MemorySession(self.data)

    def open_to_write_many(self) -> AbstractContextManager[MemorySession]:
        return self.open_to_write()

    @contextmanager
    def open_to_publish(self) -> Iterator[MemorySession]:
        yield MemorySession(self._there())

    @contextmanager
    def open_copy(self) -> Iterator[MemorySession]:
        yield MemorySession((self.data or Data()).copy())
