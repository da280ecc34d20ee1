"""What a process may no more."""

from __future__ import annotations

import ctypes
import resource
import signal
import struct
from functools import partial
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, as bits.
_PRIVILEGE: Final = 1 << 1 | 1 << 2
_CAPABILITY_VERSION_3: Final = 0x20080522


def limited(kibibytes: int) -> Callable[[], None]:
    """Says within a process that no file of its can grow beyond that."""
    return partial(_limit, kibibytes * 1024)


def _limit(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def without_privilege() -> None:
    """Whom the modes of files bind: root is but a user when these two capabilities are gone."""
    kernel = ctypes.CDLL(None)
    whom = ctypes.create_string_buffer(struct.pack("Ii", _CAPABILITY_VERSION_3, 0))
    held = ctypes.create_string_buffer(6 * 4)
    kernel.capget(whom, held)
    effective, permitted, inherited, *above = struct.unpack("6I", held.raw)
    left = (word & ~_PRIVILEGE for word in (effective, permitted, inherited))
    kernel.capset(whom, struct.pack("6I", *left, *above))
