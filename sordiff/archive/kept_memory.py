"""Memory that the libraries take and free again while nights are unpacked is kept until the end.

Each patch needs a copy of the night below it. glibc gives such a piece back to the system as it is
freed, and the next one comes in pages of 4 KiB again, which takes longer than to fill it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sordiff.malloc import MallocOption, give_back_memory, set_malloc_options

# As glibc has them by itself.
_OWN: Final = {MallocOption.TRIM_THRESHOLD: 128 * 1024, MallocOption.MMAP_MAX: 65_536}
_KEEPING: Final = {MallocOption.TRIM_THRESHOLD: 2**31 - 1, MallocOption.MMAP_MAX: 0}


@contextmanager
def keeping_memory() -> Iterator[None]:
    """Let large pieces be used again while the block runs; then all that is free is given back."""
    set_malloc_options(_KEEPING)
    try:
        yield
    finally:
        set_malloc_options(_OWN)
        give_back_memory()
