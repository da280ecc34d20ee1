"""Reading: from a path to judged units and classifications. lxml is known only in here."""

from sordiff.snapshot.format.field_mapping import field_mapping
from sordiff.snapshot.format.field_places import PLACES, read_from
from sordiff.snapshot.read import Progress, Reading, Snapshot, read_snapshot
from sordiff.snapshot.read_pair import SnapshotPair, read_pair
from sordiff.snapshot.source.unsure import UnsureError

__all__ = [
    "PLACES",
    "Progress",
    "Reading",
    "Snapshot",
    "SnapshotPair",
    "UnsureError",
    "field_mapping",
    "read_from",
    "read_pair",
    "read_snapshot",
]
