"""The use cases: check one snapshot, compare two, record the next."""

from sordiff.service.check import CheckResult, check_snapshot
from sordiff.service.compare import Comparison, compare_files
from sordiff.service.ingest import IngestOptions, IngestResult, Outcome, ingest_snapshots

__all__ = [
    "CheckResult",
    "Comparison",
    "IngestOptions",
    "IngestResult",
    "Outcome",
    "check_snapshot",
    "compare_files",
    "ingest_snapshots",
]
