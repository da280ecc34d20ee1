"""Two snapshots to be compared: both judged whole, and of both only what differs read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from sordiff.snapshot.fast.changed_subtrees import read_touched
from sordiff.snapshot.fast.root_frame import read_frame
from sordiff.snapshot.fast.scanned_register import JudgedFile, JudgedRegister
from sordiff.snapshot.read import Reading, Snapshot, completed, header_of
from sordiff.snapshot.source.mapped_file import Mapped, mapped_snapshots, unchanged
from sordiff.snapshot.source.unsure import UnsureError


class SnapshotPair(Struct, frozen=True, kw_only=True):
    """Two snapshots to be compared, both judged whole, of which only what differs was read."""

    old: Snapshot
    register: JudgedRegister
    new: Snapshot


@contextmanager
def read_pair(old_path: Path, new_path: Path, how: Reading) -> Iterator[SnapshotPair]:
    """Read both by their differences, and the units of OLD while the block asks for them.

    UnsureError, also from the block and behind it, where the plain road must read both; nothing
    that the block found is then to be told.
    """
    with mapped_snapshots(old_path, new_path) as (old, new):
        if old is None or new is None:
            raise UnsureError("not to be mapped")
        with unchanged(old, new):
            yield _pair(old, new, how)


def _pair(old: Mapped, new: Mapped, how: Reading) -> SnapshotPair:
    before = read_frame(old.content, old.name, how.mapping)
    after = read_frame(new.content, new.name, how.mapping)
    if before.reading != after.reading:
        raise UnsureError("another root")
    judged = JudgedFile(old.content, before)
    touched = read_touched(new.content, after, judged)
    earlier = completed(old.name, header_of(before, old), old.data_types, how, units={})
    later = completed(
        new.name, header_of(after, new), new.data_types, how, units={}, touched=touched
    )
    register = JudgedRegister(judged, earlier.header, earlier.lists)
    return SnapshotPair(old=earlier, register=register, new=later)
