"""What takes long to make and is never changed: made by the first worker that needs it, found by the others."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, which all workers of a session share, as `make` filled it.

    Whoever comes meanwhile waits. It is there whole or not at all: where `make` fails, the next one tries again.
    """
    made = _session(factory) / name
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=made.parent))
            make(begun)
            begun.rename(made)
    return made


def copy_once_made(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object], folder: Path
) -> Path:
    """The same, copied into this folder, for a test that changes what it finds."""
    return Path(shutil.copytree(make_once(factory, name, make), folder, dirs_exist_ok=True))


def _session(factory: pytest.TempPathFactory) -> Path:
    """A worker's own folder lies in that of its session; without workers the session has but one."""
    own = factory.getbasetemp()
    return own.parent if own.name.startswith("popen-") else own
