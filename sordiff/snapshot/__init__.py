"""Reading snapshots: from a path to checked units and classifications; alone in using lxml."""

from sordiff.snapshot.arrival import holds_table, judge_arrival
from sordiff.snapshot.format.field_mapping import build_mapping
from sordiff.snapshot.format.field_places import PLACES, find_read_places
from sordiff.snapshot.read import HeldBytes, digest_lists, read_held, read_snapshot
from sordiff.snapshot.read_history import SnapshotHistory, open_history
from sordiff.snapshot.read_moment import Moment, read_moment
from sordiff.snapshot.read_pair import SnapshotPair, read_pair
from sordiff.snapshot.snapshot import Progress, ReadOptions, Snapshot
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.beside import HeldEntry
from sordiff.snapshot.source.files import read_data_types
from sordiff.snapshot.source.refusals import printable_path
from sordiff.snapshot.source.truncation_guard import begin_anew_when_truncated
from sordiff.snapshot.source.unpacked import Unpacked, open_unpacked
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.known_records import KnownRecords
from sordiff.snapshot.tables.table_content import identify_night

__all__ = [
    "PLACES",
    "HeldBytes",
    "HeldEntry",
    "KnownRecords",
    "ListFile",
    "Moment",
    "Progress",
    "ReadOptions",
    "Snapshot",
    "SnapshotHistory",
    "SnapshotPair",
    "Unpacked",
    "UnsureError",
    "begin_anew_when_truncated",
    "build_mapping",
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
    "read_moment",
    "read_pair",
    "read_snapshot",
]
