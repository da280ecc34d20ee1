"""The product as its user runs it: a process of its own, what it said, how it left, and what it took.

Where the process is not the point, `tests.cli.calling` shows the same in a tenth of the time.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.forked import MIB, call_forked

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "sordiff")
_OURS = re.compile(r"COLUMNS|NO_COLOR|FORCE_COLOR|TERM|SORDIFF.*|LC_.*|LANG(UAGE)?|PYTHON.*")


@dataclass(frozen=True, kw_only=True)
class Done:
    """A call that has ended. code is negative where a signal ended its process."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, kw_only=True)
class Ended(Done):
    """A process that has ended. megabytes: its peak."""

    megabytes: float


def environment(*, bare: bool = False, **more: str) -> dict[str, str]:
    """Our environment without what changes how the product speaks; bare: without coverage too."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not _OURS.fullmatch(name) and not (bare and name.startswith("COV"))
    }
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def sordiff(
    *arguments: str | bytes | Path,
    folder: Path,
    limit: float = 120,
    env: dict[str, str] | None = None,
    kill_after: float | None = None,
    largest_file: int | None = None,
    stdout_gone: bool = False,
    fresh: bool = False,
) -> Ended:
    """Run a command in a folder.

    kill_after: seconds until it is killed with -9. largest_file: bytes beyond which no file of its can grow.
    stdout_gone: stdout is a pipe that nobody reads. fresh: it loads its modules itself, as whoever measures its
    memory wants it, or who says in `env` how Python itself is to begin; else it is forked from a process that has.
    """
    limited = ("sh", "-c", f'ulimit -f {(largest_file or 0) // 512}; exec "$@"', "sh")
    surroundings = environment() if env is None else env
    patience = limit if kill_after is None else kill_after
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        gone = _pipe_without_a_reader() if stdout_gone else None
        if not fresh and largest_file is None:
            streams = (out.fileno() if gone is None else gone, err.fileno())
            left = call_forked(arguments, folder, surroundings, streams, kill_after=patience)
            if gone is not None:
                os.close(gone)
            assert kill_after is not None or left.seconds < limit, f"{arguments} did not end"
            return Ended(
                code=left.code,
                out=_text(out),
                err=_text(err),
                seconds=left.seconds,
                megabytes=left.memory / MIB,
            )
        begun = time.monotonic()
        process = subprocess.Popen(
            [*(() if largest_file is None else limited), *COMMAND, *arguments],
            cwd=folder,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=out if gone is None else gone,
            stderr=err,
        )
        if gone is not None:
            os.close(gone)
        watch = threading.Timer(patience, _kill, [process.pid])
        watch.start()
        _, status, used = os.wait4(process.pid, 0)
        watch.cancel()
        watch.join()
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        assert kill_after is not None or seconds < limit, f"{arguments} did not end"
        return Ended(
            code=process.returncode,
            out=_text(out),
            err=_text(err),
            seconds=seconds,
            megabytes=used.ru_maxrss / 1024,
        )


def _kill(pid: int) -> None:
    """Not by Popen.kill: that may reap a process that has just ended, and wait4 would miss it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _pipe_without_a_reader() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def _text(stream: Any) -> str:
    stream.seek(0)
    said: bytes = stream.read()
    return said.decode("utf-8", "surrogateescape")


def assert_refused(done: Done, file: str, *words: str) -> None:
    """Exit 5, nothing on stdout, and plain sentences that name the file."""
    assert_failed(done, 5, file, *words)
    assert "refused" in done.err


def assert_failed(done: Done, code: int, *words: str) -> None:
    """This exit code, nothing on stdout, a sentence for people with these words, no traceback."""
    assert done.code == code, done.err
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert done.err.startswith("sordiff: ")
    assert done.err.endswith("\n")
    for never in ("Traceback", 'File "', "unexpected", "Please report"):
        assert never not in done.err
