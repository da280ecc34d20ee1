"""Read two snapshots to compare them: both are checked whole, and only what differs is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from sordiff.snapshot.fast.changed_subtrees import read_touched_units
from sordiff.snapshot.fast.mapped_reader import build_header
from sordiff.snapshot.fast.root_frame import read_root_frame
from sordiff.snapshot.fast.scanned_register import ScannedFile, ScannedRegister
from sordiff.snapshot.read import build_snapshot
from sordiff.snapshot.snapshot import ReadOptions, Snapshot, SnapshotContent
from sordiff.snapshot.source.mapped_file import MappedFile, map_snapshots, require_unchanged
from sordiff.snapshot.source.unsure import UnsureError


class SnapshotPair(Struct, frozen=True, kw_only=True):
    """Two snapshots to compare. `register` holds the units of `old`, read when asked for."""

    old: Snapshot
    register: ScannedRegister
    new: Snapshot


@contextmanager
def read_pair(old_path: Path, new_path: Path, options: ReadOptions) -> Iterator[SnapshotPair]:
    """Read both by their differences, and the units of OLD while the block asks for them.

    UnsureError if the plain road must read both. It may also come from the block or at its end;
    discard then what the block has found.
    """
    with map_snapshots(old_path, new_path) as (old, new):
        if old is None or new is None:
            raise UnsureError("it can't be mapped")
        with require_unchanged(old, new):
            yield _read_mapped_pair(old, new, options)


def _read_mapped_pair(old: MappedFile, new: MappedFile, options: ReadOptions) -> SnapshotPair:
    before = read_root_frame(old.content, old.name, options.mapping)
    after = read_root_frame(new.content, new.name, options.mapping)
    if before.reading_key != after.reading_key:
        raise UnsureError("another root start tag")
    scanned = ScannedFile(old.content, before)
    touched = read_touched_units(new.content, after, scanned)
    earlier = SnapshotContent(header=build_header(before, old))
    later = SnapshotContent(header=build_header(after, new), touched=touched)
    old_snapshot = build_snapshot(old.name, earlier, old.lists, options)
    register = ScannedRegister(scanned, old_snapshot.header, old_snapshot.lists)
    return SnapshotPair(
        old=old_snapshot,
        register=register,
        new=build_snapshot(new.name, later, new.lists, options),
    )
