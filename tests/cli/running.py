"""`python -m sordiff` as a process of its own: what it said, how it left, what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from tests.cli.forked import call_forked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MIB = 1024**2
_LIMIT: Final = 600


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A process that has ended. exit: minus the signal where one ended it. memory: its peak, in bytes."""

    exit: int
    stdout: str
    stderr: str
    memory: int
    seconds: float


def command(*arguments: str | Path) -> list[str | bytes | Path]:
    """The words of a call."""
    return [sys.executable, "-m", "sordiff", *arguments]


def sordiff(
    folder: Path,
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    forked: bool = False,
) -> Ran:
    """Call sordiff in this folder and wait. env: beside the present environment. before: runs in the child.

    forked: it need not load sordiff, see forked.py.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if forked:
            streams = (out.fileno(), err.fileno())
            given = {**os.environ, **(env or {})}
            left = call_forked(arguments, folder, given, streams, before=before, kill_after=_LIMIT)
            return _ran(out, err, left.code, left.memory, left.seconds)
        began = time.monotonic()
        child = subprocess.Popen(
            command(*arguments),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**os.environ, **(env or {})},
            preexec_fn=before,  # noqa: PLW1509  # no threads here
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        return _ran(out, err, child.returncode, usage.ru_maxrss * 1024, seconds)


def _ran(out: IO[bytes], err: IO[bytes], code: int, memory: int, seconds: float) -> Ran:
    out.seek(0)
    err.seek(0)
    return Ran(
        exit=code,
        stdout=out.read().decode("utf-8", "replace"),
        stderr=err.read().decode("utf-8", "replace"),
        memory=memory,
        seconds=seconds,
    )
