"""Reading snapshots: from a path to checked units and classifications; alone in using lxml."""

from sordiff.snapshot.read import read_snapshot
from sordiff.snapshot.read_pair import SnapshotPair, read_pair
from sordiff.snapshot.snapshot import Progress, ReadOptions, Snapshot
from sordiff.snapshot.source.unsure import UnsureError

__all__ = [
    "Progress",
    "ReadOptions",
    "Snapshot",
    "SnapshotPair",
    "UnsureError",
    "read_pair",
    "read_snapshot",
]
