"""Two snapshots to be compared: both judged whole, and of both only what differs read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from sordiff.snapshot.fast.changed_subtrees import read_touched_units
from sordiff.snapshot.fast.root_frame import read_root_frame
from sordiff.snapshot.fast.scanned_register import ScannedFile, ScannedRegister
from sordiff.snapshot.read import ReadOptions, Snapshot, build_snapshot, header_of
from sordiff.snapshot.source.mapped_file import MappedFile, map_snapshots, require_unchanged
from sordiff.snapshot.source.unsure import UnsureError


class SnapshotPair(Struct, frozen=True, kw_only=True):
    """Two snapshots to be compared, both judged whole, of which only what differs was read."""

    old: Snapshot
    register: ScannedRegister
    new: Snapshot


@contextmanager
def read_pair(old_path: Path, new_path: Path, how: ReadOptions) -> Iterator[SnapshotPair]:
    """Read both by their differences, and the units of OLD while the block asks for them.

    UnsureError, also from the block and behind it, where the plain road must read both; nothing
    that the block found is then to be told.
    """
    with map_snapshots(old_path, new_path) as (old, new):
        if old is None or new is None:
            raise UnsureError("not to be mapped")
        with require_unchanged(old, new):
            yield _read_mapped_pair(old, new, how)


def _read_mapped_pair(old: MappedFile, new: MappedFile, how: ReadOptions) -> SnapshotPair:
    before = read_root_frame(old.content, old.name)
    after = read_root_frame(new.content, new.name)
    if before.start_tag != after.start_tag:
        raise UnsureError("another root")
    judged = ScannedFile(old.content, before)
    touched = read_touched_units(new.content, after, judged)
    earlier = build_snapshot(old.name, header_of(before, old), old.data_types, how, units={})
    later = build_snapshot(
        new.name, header_of(after, new), new.data_types, how, units={}, touched=touched
    )
    register = ScannedRegister(judged, earlier.header, earlier.lists)
    return SnapshotPair(old=earlier, register=register, new=later)
