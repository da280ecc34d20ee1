"""Having files on the disk for good: until then the power may take what was written or renamed."""

import os
from pathlib import Path


def sync_path(path: Path) -> None:
    """Have the content of a file, or the names in a folder, on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
