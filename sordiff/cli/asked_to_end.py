"""SIGTERM and Ctrl-C to a command without end: it ends within five seconds, at any moment."""

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Final, NoReturn

from sordiff.cli.output import say_interrupted
from sordiff.errors import Exit

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
_ENDING_SECONDS: Final = 3.0
_SAYING_SECONDS: Final = 0.5


def end_when_asked() -> Callable[[float], None]:
    """Let these signals end the process from now on; returns how to pause, in seconds.

    Asked to end, it aborts what is open, so that no subscriber waits for that. Where a library
    swallows what the signal raises, the next pause ends it all the same. And where Python itself
    can't hear the signal (SQLite waits for another writer, up to an hour), or what is open can't be
    aborted in time, the process is left as it is: that loses nothing, as a kill -9 does not.
    """
    asked: list[int] = []

    def end(number: int, _frame: object) -> None:
        if not asked:  # else it is at its end already
            asked.append(number)
            raise KeyboardInterrupt

    def pause(seconds: float) -> None:
        if asked:
            raise KeyboardInterrupt
        time.sleep(seconds)

    _watch_signals()
    for number in _SIGNALS:
        signal.signal(number, end)
    return pause


def _watch_signals() -> None:
    """Have a thread hear of each signal at once, whatever the main thread is at."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)  # it is written to where nobody may wait
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    threading.Thread(target=_leave_after_signal, args=(reader,), daemon=True).start()


def _leave_after_signal(reader: int) -> NoReturn:
    while os.read(reader, 1)[0] not in _SIGNALS:
        pass
    time.sleep(_ENDING_SECONDS)
    # Nobody may ever read what is said.
    saying = threading.Thread(target=say_interrupted, daemon=True)
    saying.start()
    saying.join(_SAYING_SECONDS)
    os._exit(Exit.INTERRUPTED)
