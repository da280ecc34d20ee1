"""Memory that the libraries take and free again while nights are unpacked is kept until the end.

Each patch needs a copy of the night below it. glibc gives such a piece back to the system as it is
freed, and the next one comes in pages of 4 KiB again, which takes longer than to fill it.
"""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

# malloc.h of glibc, and its own values.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_MAX: Final = -4
_OWN: Final = {_M_TRIM_THRESHOLD: 128 * 1024, _M_MMAP_MAX: 65_536}
_KEEPING: Final = {_M_TRIM_THRESHOLD: 2**31 - 1, _M_MMAP_MAX: 0}


@contextmanager
def keeping_memory() -> Iterator[None]:
    """Let large pieces be used again while the block runs; then all that is free is given back.

    Where the system's malloc is not glibc's, nothing is done.
    """
    _set(_KEEPING)
    try:
        yield
    finally:
        _set(_OWN)
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def _set(options: dict[int, int]) -> None:
    with suppress(AttributeError):
        library = ctypes.CDLL(None)
        for option, value in options.items():
            library.mallopt(option, value)
