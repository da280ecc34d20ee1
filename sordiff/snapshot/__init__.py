"""Reading: from a path to judged units and classifications. lxml is known only in here."""

from sordiff.snapshot.cutting import UnsureError
from sordiff.snapshot.pair import SnapshotPair, read_pair
from sordiff.snapshot.reading import Progress, Reading, Snapshot, read_snapshot

__all__ = [
    "Progress",
    "Reading",
    "Snapshot",
    "SnapshotPair",
    "UnsureError",
    "read_pair",
    "read_snapshot",
]
