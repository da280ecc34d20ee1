"""The memory of a process that serves for months: what was used once is given back to the system.

glibc gives each thread an arena of its own, and keeps what is free in its middle. Each night the
index of the register is made by another thread, so that arena after arena grew to its size.
"""

import asyncio
import ctypes
from contextlib import suppress
from typing import Final

from sordiff.http.change_watch import ChangeWatch

_PAUSE_SECONDS: Final = 60.0
# malloc.h of glibc.
_M_ARENA_MAX: Final = -8
_ARENAS: Final = 2
_M_MMAP_THRESHOLD: Final = -3
# What is larger goes back to the system when it is freed. Else glibc raises the limit to the size
# of the largest piece freed so far, and from then on pages and answers lie between what stays.
_LARGE_BYTES: Final = 128 * 1024


def set_up_memory() -> None:
    """Let all threads share a few arenas, and keep no large piece; called before there are threads.

    Where the system's malloc is not glibc's, nothing is done.
    """
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def give_back_memory() -> None:
    """Give back all whole pages that are free; it takes some milliseconds, without the GIL."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


async def keep_giving_back(watch: ChangeWatch) -> None:
    """Give back every minute, until cancelled or the server stops."""
    while not watch.ended:
        await asyncio.sleep(_PAUSE_SECONDS)
        await asyncio.to_thread(give_back_memory)
