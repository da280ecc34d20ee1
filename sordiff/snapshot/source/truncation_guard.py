"""A mapped file that somebody cuts short: it is read again as a stream, which refuses it.

Bytes behind the new end of a mapped file can't be read: the system sends SIGBUS, which ends the
process by default. Nothing can be raised from there, because the handler runs in the middle of a
read. It lets the same process begin the same call anew, without a map; then all goes its usual way:
the sentence in the user's language, exit 5, the notice. An open transaction of SQLite is rolled
back by whoever opens the changelog next, so nothing is recorded by half.

Who calls sordiff as a library has no call to begin anew: the process ends with a sentence and exit
5.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from threading import Lock
from typing import Any, Final

from sordiff.errors import Exit

_names: Final[list[str]] = []
_lock: Final = Lock()
_default_handler: Any = None
# The process that reads, and the words of its call without a map; empty where it has none.
_reader = 0
_words: Final[list[str]] = []


def begin_anew_when_truncated(words: Sequence[str]) -> None:
    """Let a cut begin this call anew: the words of a process that maps no file."""
    _words[:] = words


def _end_process(_: int) -> None:
    if os.getpid() != _reader:
        os._exit(Exit.FAILED)  # a worker process: whoever waits for it meets the cut as well
    with suppress(Exception):  # earlier output must not be lost
        sys.stdout.flush()
    with suppress(Exception):
        if _words:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGBUS})
            os.execv(_words[0], _words)  # noqa: S606  # the call itself, without a shell
    sentence = (
        f"sordiff: {' or '.join(dict.fromkeys(_names))} was cut short while it was read; nothing "
        "of it was recorded. Call again when the file is complete.\n"
    )
    with suppress(OSError):
        os.write(2, sentence.encode("utf-8", "backslashreplace"))
    os._exit(Exit.REFUSED)


# It must live as long as the process: the system calls it by its address.
_HANDLER: Final = ctypes.CFUNCTYPE(None, ctypes.c_int)(_end_process)


@contextmanager
def guard_against_truncation(name: str) -> Iterator[None]:
    """While the block reads the map of this file, a cut lets the call begin anew, or ends it.

    Several files may be guarded at a time, also from several threads; the sentence names them all.
    """
    global _default_handler, _reader  # noqa: PLW0603  # a handler belongs to the whole process
    with _lock:
        if not _names:
            _reader = os.getpid()
            _default_handler = _set_handler(ctypes.cast(_HANDLER, ctypes.c_void_p))
        _names.append(name)
    try:
        yield
    finally:
        with _lock:
            _names.remove(name)
            if not _names:
                _set_handler(_default_handler)


def _set_handler(handler: Any) -> Any:
    """Set what SIGBUS calls; give what it called before, as an address."""
    return _find_signal_function()(signal.SIGBUS, handler)


@cache
def _find_signal_function() -> Any:
    set_handler = ctypes.CDLL(None).signal  # Python's own can't: it waits for the read to end
    set_handler.restype, set_handler.argtypes = ctypes.c_void_p, [ctypes.c_int, ctypes.c_void_p]
    return set_handler
