"""Python's search for garbage, which costs much where much is kept and nothing is a ring."""

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
