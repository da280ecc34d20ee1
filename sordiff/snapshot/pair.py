"""Two snapshots to be compared: both judged whole, and of both only what differs read."""

from pathlib import Path

from msgspec import Struct

from sordiff.snapshot.cutting import UnsureError
from sordiff.snapshot.frame import read_frame
from sordiff.snapshot.judged import JudgedFile, JudgedRegister
from sordiff.snapshot.mapping import mapped_snapshots
from sordiff.snapshot.reading import Reading, Snapshot, completed, header_of
from sordiff.snapshot.touched import read_touched


class SnapshotPair(Struct, frozen=True, kw_only=True):
    """Two snapshots to be compared, both judged whole, of which only what differs was read."""

    old: Snapshot
    register: JudgedRegister
    new: Snapshot


def read_pair(old_path: Path, new_path: Path, how: Reading) -> SnapshotPair | None:
    """Read both by their differences; None where the fast road can't be sure of one."""
    if how.plain:
        return None
    with mapped_snapshots(old_path, new_path) as (old, new):
        if old is None or new is None:
            return None
        try:
            before = read_frame(old.content, old.name)
            after = read_frame(new.content, new.name)
            if before.root != after.root:
                return None
            judged = JudgedFile(old.content, before)
            touched = read_touched(new.content, after, judged)
        except UnsureError:
            return None
        if old.changed or new.changed:
            return None
        earlier = completed(old.name, header_of(before, old), old.data_types, how, units={})
        later = completed(
            new.name, header_of(after, new), new.data_types, how, units={}, touched=touched
        )
    register = JudgedRegister(judged, earlier.header, earlier.lists)
    return SnapshotPair(old=earlier, register=register, new=later)
