"""`python -m sordiff` as a process of its own: what it said, how it left, what it cost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final

from tests.cli.forked import SORDIFF, call_forked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

MIB = 1024**2
# One process makes all its calls; after each, it writes how the call ended to both streams.
_IN_TURN: Final = """
import json, os, sys
from sordiff.cli import main
for words in json.loads(sys.argv[1]):
    sys.argv = ["sordiff", *(os.fsdecode(word.encode()) for word in words)]
    try:
        main()
    except SystemExit as left:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.buffer.write(b"\\0%d\\0" % left.code)
            stream.flush()
"""
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


def command_in_turn(calls: Sequence[Sequence[str]], *, before: str = "") -> list[str]:
    """The words of a process that makes these calls, one after the other; see `split_in_turn`.

    before: statements that it executes first.
    """
    return [sys.executable, "-c", before + _IN_TURN, json.dumps(calls)]


def split_in_turn(written: bytes, streams: int = 1) -> list[tuple[int, str]]:
    """The exit code of each call, and what it wrote, from where so many streams of the process end."""
    *parts, end = written.decode().split("\0")
    assert end == ""
    step = 2 * streams
    return [
        (int(parts[start + 1]), "".join(parts[start : start + step : 2]))
        for start in range(0, len(parts), step)
    ]


def sordiff(
    folder: Path,
    *arguments: str | Path,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
    forked: bool = False,
    script: str = SORDIFF,
) -> Ran:
    """Call sordiff in this folder and wait. env: beside the present environment. before: runs in the child.

    forked: it need not load sordiff, see forked.py. script: what a forked one executes instead of the command line.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if forked:
            streams = (out.fileno(), err.fileno())
            given = {**os.environ, **(env or {})}
            left = call_forked(
                arguments, folder, given, streams, script=script, before=before, kill_after=_LIMIT
            )
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
