"""Interruptions that Python or a library would lose, since they come at a bad moment."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_INTERRUPTIONS: Final = {signal.SIGINT, signal.SIGTERM}


@contextmanager
def hold_interrupts() -> Iterator[None]:
    """Let an interruption of the block come at its end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
