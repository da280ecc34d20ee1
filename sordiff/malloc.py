"""The allocator of the C library: how it keeps memory, and to give back what is free.

Where it is not glibc's, nothing is done.
"""

import ctypes
from collections.abc import Mapping
from contextlib import suppress
from enum import IntEnum


class MallocOption(IntEnum):
    """Options as malloc.h of glibc numbers them."""

    TRIM_THRESHOLD = -1
    MMAP_THRESHOLD = -3
    MMAP_MAX = -4
    ARENA_MAX = -8


def set_malloc_options(options: Mapping[MallocOption, int]) -> None:
    """Set options for the whole process."""
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        for option, value in options.items():
            library.mallopt(option, value)


def give_back_memory() -> None:
    """Give back all whole pages that are free; it takes some milliseconds, without the GIL."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
