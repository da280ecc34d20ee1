"""Read the nights that lie in one table of states (SOREntity.csv), in one pass over the file."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct, structs

from sordiff.collection import pause_collection, set_aside_what_stays
from sordiff.errors import SnapshotRefused
from sordiff.model import Classification, Day, SorId, Unit
from sordiff.snapshot.classifications.delivered import DeliveredClassifications
from sordiff.snapshot.classifications.read_classifications import read_classifications
from sordiff.snapshot.foreign_file import is_foreign, refuse_foreign
from sordiff.snapshot.read import digest_lists, join_lists
from sordiff.snapshot.snapshot import (
    ReadOptions,
    Snapshot,
    SnapshotContent,
    TouchedUnits,
    bind_progress,
)
from sordiff.snapshot.source.content_kind import ContentKind, recognise
from sordiff.snapshot.source.files import open_snapshot
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.tables.history import TableHistory
from sordiff.snapshot.tables.side_tables import SideTables
from sordiff.snapshot.tables.table_content import TableIdentity
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.snapshot.tables.table_reader import spool_table
from sordiff.table_kinds import TableKind


class TouchedNight(Struct, frozen=True, kw_only=True):
    """What differs in a night from the one read before it; the fields are those of its content."""

    touched: TouchedUnits
    lists: dict[str, Classification]
    warnings: tuple[str, ...]


class SnapshotHistory:
    """The nights of a table, each as a snapshot of its day."""

    def __init__(
        self,
        name: str,
        history: TableHistory,
        options: ReadOptions,
        set_aside: Callable[[], None] = lambda: None,
    ) -> None:
        """`set_aside`: called when the units of a whole night were read, which stay."""
        self._name = name
        self._set_aside = set_aside
        self._history = history
        self._options = options
        self._lists: DeliveredClassifications | None = None
        self._lists_of = Day("")
        self._lists_sha256: str | None = None

    def demand_states(self) -> None:
        """SnapshotRefused if it is a daily file, which tells nothing of nights before its own."""
        if not self._history.has_states():
            raise _refuse_without_states(self._name)

    def list_changes(self, first: Day, last: Day) -> list[Day]:
        """The first day, and each day after it on which anything may differ."""
        turns = self._read_lists(self._history.name_night(first), first).list_turns()
        days = {*self._history.list_changes(first, last), *turns}
        return sorted(day for day in days if first <= day <= last)

    def name_night(self, day: Day) -> Snapshot:
        """A night by its header alone: no unit of it is read."""
        return self._build(self._history.name_night(day), day)

    def read(self, day: Day) -> Snapshot:
        """Read a night, whole."""
        with pause_collection():
            content = self._history.read_night(day, whole=True)
        self._set_aside()
        return self._build(content, day)

    def read_touched(self, day: Day) -> TouchedNight:
        """Read what differs from the night read before."""
        with pause_collection():
            content = self._history.read_night(day, whole=False)
        touched = content.touched
        assert touched is not None, "a night that is not read whole is read where it is touched"  # noqa: S101
        return TouchedNight(touched=touched, lists=content.lists, warnings=content.warnings)

    def build_touched(self, day: Day, night: TouchedNight) -> Snapshot:
        """The snapshot of a night of which that was read."""
        content = structs.replace(
            self._history.name_night(day),
            touched=night.touched,
            lists=night.lists,
            warnings=night.warnings,
        )
        return self._build(content, day)

    def _build(self, content: SnapshotContent, day: Day) -> Snapshot:
        # The lists are those of all nights, but for entries that are valid for a time.
        if self._lists is None or not self._lists.are_those_of(self._lists_of, day):
            self._lists, self._lists_of = self._read_lists(content, day), day
        return join_lists(self._name, content, self._lists, self._lists_sha256)

    def _read_lists(self, content: SnapshotContent, day: Day) -> DeliveredClassifications:
        files = content.list_files
        self._lists_sha256 = digest_lists(files)
        return read_classifications(files, self._name, self._options.layout, day, demanded=False)

    def settle(self, units: Mapping[SorId, Unit], lists: dict[str, Classification]) -> None:
        """Take these for the units and lists of the night read last: its gaps were filled."""
        self._history.settle(units, lists)


def _refuse_without_states(name: str) -> SnapshotRefused:
    message = "there are no states in it: only SOREntity.csv has the nights of years"
    advice = "Give SOREntity.csv or Sor_complete.zip; nothing was changed."
    return build_refusal(name, "no_states", message, advice=advice)


@contextmanager
def open_history(path: Path, options: ReadOptions) -> Iterator[SnapshotHistory]:
    """Read and judge the whole file; SnapshotRefused if it is not good, or has no states."""
    with open_snapshot(path) as streams:
        stream = PeekedStream(streams.content, streams.beside)
        if recognise(stream.head).kind is not ContentKind.SOR2_ENTITIES:
            if is_foreign(stream.head):
                refuse_foreign(stream, streams.name, options, None)
            raise _refuse_without_states(streams.name)
        with spool_table(stream, streams.name) as (content, sha256):
            table = TableFile(content, streams.name, options.columns)
            side = SideTables(streams.beside, options.columns.get(TableKind.COMPLETE, {}))
            identity = TableIdentity(
                kind=TableKind.COMPLETE, sha256=sha256, size=len(content), beside=side.digest
            )
            progress = bind_progress(options, streams.name)
            with set_aside_what_stays() as set_aside:
                with pause_collection():
                    history = TableHistory(table, side, identity, progress)
                yield SnapshotHistory(streams.name, history, options, set_aside)
