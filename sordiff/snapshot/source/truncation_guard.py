"""A mapped file that somebody cuts short: a sentence and exit 5, where the system would end us.

Bytes behind the new end of a mapped file can't be read: the system sends SIGBUS, by default the end
of the process without a word. Nothing can be raised from there, for the handler runs in the midst
of a read. It says the sentence and leaves at once; an open transaction of SQLite is rolled back by
whoever opens the changelog next, so that nothing is recorded.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sordiff.errors import Exit


@contextmanager
def guard_against_truncation(name: str) -> Iterator[None]:
    """While the block reads the map of this file: leave with 5 and a sentence when it is cut short.

    Guards may be nested; each says the file that it was given last.
    """
    sentence = (
        f"sordiff: {name} was cut short while it was read; nothing of it was recorded. "
        "Call again when the file is written to its end.\n"
    ).encode()

    @ctypes.CFUNCTYPE(None, ctypes.c_int)
    def leave(_: int) -> None:
        with suppress(Exception):  # what was said of earlier files is still to be heard
            sys.stdout.flush()
        with suppress(OSError):
            os.write(2, sentence)
        os._exit(Exit.REFUSED)

    set_handler = ctypes.CDLL(None).signal
    set_handler.restype, set_handler.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]
    before = set_handler(signal.SIGBUS, ctypes.cast(leave, ctypes.c_void_p))
    try:
        yield
    finally:
        set_handler(signal.SIGBUS, before)
