"""The second part of a large table, which a worker process scans while this one scans the first."""

import mmap
from typing import Final

from sordiff.worker_process import has_second_core

# In bytes; for less a second process is not worth its start.
_MIN_SIZE_FOR_WORKER: Final = 8 * 1024**2
# What this process scans itself; it has other work to do, and takes in what the worker has found.
_OWN_SHARE: Final = 0.4


def find_second_part(content: mmap.mmap, begin: int) -> int | None:
    """The line with which the second part begins; None: the file is no work for two.

    `begin`: where the first row does.
    """
    size = len(content) - begin
    if size < _MIN_SIZE_FOR_WORKER or not has_second_core():
        return None
    return content.find(b"\n", begin + int(size * _OWN_SHARE)) + 1 or None
