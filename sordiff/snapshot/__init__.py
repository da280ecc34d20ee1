"""Reading snapshots: from a path to checked units and classifications; alone in using lxml."""

from sordiff.snapshot.format.field_mapping import build_mapping
from sordiff.snapshot.format.field_places import PLACES, find_read_places
from sordiff.snapshot.read import read_snapshot
from sordiff.snapshot.read_history import SnapshotHistory, open_history
from sordiff.snapshot.read_pair import SnapshotPair, read_pair
from sordiff.snapshot.snapshot import Progress, ReadOptions, Snapshot
from sordiff.snapshot.source.truncation_guard import begin_anew_when_truncated
from sordiff.snapshot.source.unsure import UnsureError

__all__ = [
    "PLACES",
    "Progress",
    "ReadOptions",
    "Snapshot",
    "SnapshotHistory",
    "SnapshotPair",
    "UnsureError",
    "begin_anew_when_truncated",
    "build_mapping",
    "find_read_places",
    "open_history",
    "read_pair",
    "read_snapshot",
]
