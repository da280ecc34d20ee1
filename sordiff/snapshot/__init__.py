"""Reading: from a path to judged units and classifications. lxml is known only in here."""

from sordiff.snapshot.reading import Snapshot, read_snapshot

__all__ = ["Snapshot", "read_snapshot"]
