"""Python's search for garbage, which costs much where much is kept and nothing is a ring.

So does taking apart, value by value, what the end of the process does away with at once.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def pause_collection() -> Iterator[None]:
    """Look for no garbage in the block."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def set_aside_what_stays() -> Iterator[Callable[[], None]]:
    """Gives a function that sets aside whatever is kept just then, until the block ends.

    What is set aside is looked through no more, and is gone all the same when nobody names it.
    """
    try:
        yield gc.freeze
    finally:
        gc.unfreeze()


class _Held:
    """What is held until the process leaves; nothing where it goes on behind its command."""

    values: list[object] | None = None


def leave_soon() -> None:
    """From now on hold what is handed over: the process leaves when its one command is done."""
    _Held.values = []


def hold_until_left(values: object) -> None:
    """Hold what is large and needed no more, if the process leaves soon, and search it no more."""
    if _Held.values is not None:
        _Held.values.append(values)
        gc.freeze()
