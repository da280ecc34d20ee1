"""Read two snapshots to compare them: both are checked whole, and only what differs is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from msgspec import Struct

from sordiff.collection import pause_collection
from sordiff.errors import SnapshotRefused
from sordiff.model import Day, Header
from sordiff.overlay import LazyRegister
from sordiff.snapshot.fast.compared_records import compare_records
from sordiff.snapshot.fast.mapped_reader import build_header
from sordiff.snapshot.fast.root_frame import read_root_frame
from sordiff.snapshot.fast.scanned_register import ScannedFile, ScannedRegister
from sordiff.snapshot.read import build_snapshot
from sordiff.snapshot.snapshot import ReadOptions, Snapshot, SnapshotContent
from sordiff.snapshot.source.content_kind import TABLES, recognise
from sordiff.snapshot.source.mapped_file import MappedFile, map_snapshots, require_unchanged
from sordiff.snapshot.source.streams import HEAD_LENGTH
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.table_kinds import TableKind

_NO_DAYS: Final[tuple[Day | None, Day | None]] = (None, None)


class SnapshotPair(Struct, frozen=True, kw_only=True):
    """Two snapshots to compare. `register` holds the units of `old`, read when asked for."""

    old: Snapshot
    register: LazyRegister
    new: Snapshot


@contextmanager
def read_pair(
    old_path: Path,
    new_path: Path,
    options: ReadOptions,
    days: tuple[Day | None, Day | None] = _NO_DAYS,
) -> Iterator[SnapshotPair]:
    """Read both by their differences, and the units of OLD while the block asks for them.

    `days`: those of the two files, where they have none. UnsureError if the plain road must read
    both. It may also come from the block or at its end; discard then what the block has found.
    """
    with map_snapshots(old_path, new_path) as (old, new):
        if old is None or new is None:
            raise UnsureError("it can't be mapped")
        with require_unchanged(old, new):
            if recognise(old.content[:HEAD_LENGTH]).kind in TABLES:
                with pause_collection():
                    yield _read_table_pair(old, new, options, days)
            elif days == _NO_DAYS:
                with pause_collection():
                    yield _read_mapped_pair(old, new, options)
            else:
                raise UnsureError("a day that may be another than the file has")


def _read_mapped_pair(old: MappedFile, new: MappedFile, options: ReadOptions) -> SnapshotPair:
    before = read_root_frame(old.content, old.name, options.mapping)
    after = read_root_frame(new.content, new.name, options.mapping)
    if before.reading_key != after.reading_key:
        raise UnsureError("another root start tag")
    scanned = ScannedFile(old.content, before)
    touched = compare_records(scanned, new.content, after)
    earlier = SnapshotContent(header=build_header(before, old))
    later = SnapshotContent(header=build_header(after, new), touched=touched)
    old_snapshot = build_snapshot(old.name, earlier, old.lists, options)
    register = ScannedRegister(scanned, old_snapshot.header, old_snapshot.lists)
    return SnapshotPair(
        old=old_snapshot,
        register=register,
        new=build_snapshot(new.name, later, new.lists, options),
    )


def _read_table_pair(
    old: MappedFile, new: MappedFile, options: ReadOptions, days: tuple[Day | None, Day | None]
) -> SnapshotPair:
    # XML does without.
    from sordiff.snapshot.tables.compared_rows import RowComparison
    from sordiff.snapshot.tables.line_stretches import Stretch, find_stretches
    from sordiff.snapshot.tables.row_register import RowRegister, ScannedTable
    from sordiff.snapshot.tables.table_file import TableFile
    from sordiff.snapshot.tables.touched_rows import TouchedRows

    day_before, day = days
    if day_before is None or day is None or old.beside or new.beside:
        raise UnsureError("no day, or other tables beside it")
    old_content, new_content = old.map_content(), new.map_content()
    table_before = TableFile(old_content, old.name, options.columns)
    try:
        table = TableFile(new_content, new.name, options.columns)
    except SnapshotRefused as refused:
        raise UnsureError("what is wrong with the old one is told first") from refused
    stretches: list[Stretch] = []

    def compare_bytes() -> None:
        starts = table_before.rows_start, table.rows_start
        stretches.extend(find_stretches(old_content, starts[0], new_content, starts[1]))

    scanned = ScannedTable(table_before, old_content, compare_bytes)
    header = _build_table_header(old, day_before)
    earlier = build_snapshot(
        old.name, SnapshotContent(header=header, lists=scanned.lists), old.lists, options
    )
    comparison = RowComparison(table, new_content, scanned.known.rows)
    compared = comparison.compare_lines(old_content, scanned.scanned.places, stretches)
    # What stayed is read from the old file: it says the same, and is read but once.
    later = TouchedRows(table, scanned.known, compared, scanned.read_row).read(
        lambda: _build_table_header(new, day)
    )
    return SnapshotPair(
        old=earlier,
        register=RowRegister(scanned, header, earlier.lists),
        new=build_snapshot(new.name, later, new.lists, options),
    )


def _build_table_header(mapped: MappedFile, day: Day) -> Header:
    from sordiff.snapshot.tables.table_content import TableIdentity

    identity = TableIdentity(kind=TableKind.DAILY, sha256=mapped.sha256, size=len(mapped.content))
    return identity.build_header(day)
