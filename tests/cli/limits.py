"""What a process may no more."""

from __future__ import annotations

import resource
import signal
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def limited(kibibytes: int) -> Callable[[], None]:
    """Says within a process that no file of its can grow beyond that."""
    return partial(_limit, kibibytes * 1024)


def _limit(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
