"""The archive: every accepted and held night byte for byte, as zstd frames beside a manifest.

It knows nothing of snapshots: it keeps the bytes of a night under its day, and gives them back.
"""

from sordiff.archive.archive import Archive
from sordiff.archive.records import (
    Done,
    DoneToRun,
    KeptNight,
    Names,
    NewFile,
    NewNight,
    RestoredNight,
)

__all__ = [
    "Archive",
    "Done",
    "DoneToRun",
    "KeptNight",
    "Names",
    "NewFile",
    "NewNight",
    "RestoredNight",
]
