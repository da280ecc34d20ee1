"""The memory of a process that serves for months: what was used once is given back to the system.

glibc gives each thread an arena of its own, and keeps what is free in its middle. Each night the
index of the register is made by another thread, so that arena after arena grew to its size.
"""

import asyncio
from typing import Final

from sordiff.http.change_watch import ChangeWatch
from sordiff.malloc import MallocOption, give_back_memory, set_malloc_options

_PAUSE_SECONDS: Final = 60.0
_OPTIONS: Final = {
    MallocOption.ARENA_MAX: 2,
    # What is larger goes back to the system when it is freed. Else glibc raises the limit to the
    # size of the largest piece freed so far, and from then on pages and answers lie between what
    # stays.
    MallocOption.MMAP_THRESHOLD: 128 * 1024,
}


def set_up_memory() -> None:
    """Share a few arenas, and keep no large piece; called before there are threads."""
    set_malloc_options(_OPTIONS)


async def keep_giving_back(watch: ChangeWatch) -> None:
    """Give back every minute, until cancelled or the server stops."""
    while not watch.ended:
        await asyncio.sleep(_PAUSE_SECONDS)
        await asyncio.to_thread(give_back_memory)
