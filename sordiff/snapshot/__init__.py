"""Reading snapshots: from a path to checked units and classifications; alone in using lxml.

What only some commands need is loaded when it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from sordiff.snapshot.format.field_mapping import build_mapping
from sordiff.snapshot.format.field_places import PLACES, find_read_places
from sordiff.snapshot.read import (
    HeldBytes,
    digest_beside,
    digest_lists,
    read_held,
    read_snapshot,
)
from sordiff.snapshot.snapshot import Progress, ReadOptions, Snapshot
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.beside import HeldEntry
from sordiff.snapshot.source.files import read_data_types
from sordiff.snapshot.source.refusals import printable_path
from sordiff.snapshot.source.truncation_guard import begin_anew_when_truncated
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.known_records import KnownRecords

if TYPE_CHECKING:
    from sordiff.snapshot.arrival import holds_table, judge_arrival
    from sordiff.snapshot.night_identity import identify_night
    from sordiff.snapshot.nights_ahead import NightsAhead
    from sordiff.snapshot.read_history import SnapshotHistory, open_history
    from sordiff.snapshot.snapshot_pair import SnapshotPair, read_pair
    from sordiff.snapshot.source.unpacked import Unpacked, open_unpacked

_LATE: Final = {
    "holds_table": "sordiff.snapshot.arrival",
    "judge_arrival": "sordiff.snapshot.arrival",
    "identify_night": "sordiff.snapshot.night_identity",
    "NightsAhead": "sordiff.snapshot.nights_ahead",
    "SnapshotHistory": "sordiff.snapshot.read_history",
    "open_history": "sordiff.snapshot.read_history",
    "SnapshotPair": "sordiff.snapshot.snapshot_pair",
    "read_pair": "sordiff.snapshot.snapshot_pair",
    "Unpacked": "sordiff.snapshot.source.unpacked",
    "open_unpacked": "sordiff.snapshot.source.unpacked",
}

__all__ = [
    "PLACES",
    "HeldBytes",
    "HeldEntry",
    "KnownRecords",
    "ListFile",
    "NightsAhead",
    "Progress",
    "ReadOptions",
    "Snapshot",
    "SnapshotHistory",
    "SnapshotPair",
    "Unpacked",
    "UnsureError",
    "begin_anew_when_truncated",
    "build_mapping",
    "digest_beside",
    "digest_lists",
    "find_read_places",
    "holds_table",
    "identify_night",
    "judge_arrival",
    "open_history",
    "open_unpacked",
    "printable_path",
    "read_data_types",
    "read_held",
    "read_pair",
    "read_snapshot",
]


def __getattr__(name: str) -> Any:
    """Load what only some commands need."""
    if name not in _LATE:
        raise AttributeError(name)
    return getattr(import_module(_LATE[name]), name)
