"""The use cases: check one snapshot, compare two, record the next."""

from sordiff.service.check import check_snapshot
from sordiff.service.compare import Comparison, compare_files
from sordiff.service.ingest import ingest_snapshots
from sordiff.service.judging import IngestOptions

__all__ = [
    "Comparison",
    "IngestOptions",
    "check_snapshot",
    "compare_files",
    "ingest_snapshots",
]
