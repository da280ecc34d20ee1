"""The layer between sordiff and its disk that lets calls fail: built from layer.c, armed in a process that has it loaded."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).with_name("layer.c")
# The morning after the last night of the demo.
NOW: Final = 1_709_791_200
EVER: Final = 1 << 40


class Mode(IntEnum):
    """As in layer.c."""

    NONE = 0
    NO_ROOM = 1
    FAULT = 2
    SHORT = 3
    FULL = 4
    DIES = 5


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which calls fail: from that number to that one, counted from 1; first 0: none."""

    mode: Mode = Mode.NONE
    first: int = 0
    last: int = 0


def find_compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def build_layer() -> Path:
    """The library, compiled once for each state of its source; a compiler must be there."""
    compiler = find_compiler()
    assert compiler is not None
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = Path(tempfile.gettempdir()) / f"sordiff-layer-{os.getuid()}-{digest}.so"
    if not built.exists():
        part = built.with_suffix(f".{os.getpid()}")
        words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(part), str(SOURCE)]
        subprocess.run([*words, "-ldl", "-lpthread"], check=True)
        part.rename(built)
    return built


def arm(folder: Path, plan: Plan, log: int = -1) -> None:
    """Count what changes files in that folder from here on; call it in a process that has the layer loaded."""
    loaded = ctypes.CDLL(None)
    loaded.fault_arm.argtypes = (
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_long,
        ctypes.c_long,
        ctypes.c_int,
        ctypes.c_long,
    )
    loaded.fault_arm(os.fsencode(folder), plan.mode, plan.first, plan.last, log, NOW)
