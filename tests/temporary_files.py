"""Where the tests write what they throw away: into memory, where the machine has plenty of it.

A changelog waits for its disk at each commit. That is the product's promise, and the tests of it kill processes, not
machines: what they wait for proves nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # the tests make folders of their own in it
# The largest test unpacks two gigabytes, and two may do so at once.
_ROOM: Final = 8 * 1024**3


def write_into_memory() -> None:
    """From here on temporary files lie in memory, in this process and in those that it starts.

    A TMPDIR that is set already stays. Where there is little memory, the disk serves.
    """
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(_IN_MEMORY)
        tempfile.tempdir = None  # it is asked for again


def _has_room() -> bool:
    if not (_IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK)):
        return False
    return min(_available_memory(), shutil.disk_usage(_IN_MEMORY).free) >= _ROOM


def _available_memory() -> int:
    """In bytes, as Linux says it; 0 where it is not said."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    said = dict(line.split(":", 1) for line in lines)
    return int(said.get("MemAvailable", "0 kB").split()[0]) * 1024
