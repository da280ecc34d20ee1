"""sordiff as a process that is forked from one with all modules loaded: see fork_server.py.

It is killed, stopped and waited for as any other. What it takes until it begins is no part of it, and how its streams
encode text is as the server's.
"""

from __future__ import annotations

import array
import atexit
import functools
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parents[2]
SORDIFF = "from sordiff.cli import main\nmain()\n"
MIB = 1024**2
_PATIENCE = 120


@dataclass(kw_only=True)
class ForkedProcess:
    """A process of the server's. code is None until it has ended, and negative where a signal ended it.

    As a context manager it kills what has not ended.
    """

    pid: int
    connection: socket.socket
    code: int | None = None
    megabytes: float = 0
    unread: bytes = field(default=b"", init=False)

    def wait(self, seconds: float | None = None) -> int:
        """Until it has ended; subprocess.TimeoutExpired where it has not after so long."""
        until = None if seconds is None else time.monotonic() + seconds
        while self.code is None:
            self._hear(until)
        return self.code

    def await_stopped(self) -> None:
        """Until a signal has stopped it."""
        self._hear(None)
        assert self.code is None, f"it has ended, with {self.code}"

    def send_signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """And wait for its end."""
        if self.code is None:
            self.send_signal(signal.SIGKILL)
            self.wait(_PATIENCE)

    def _hear(self, until: float | None) -> None:
        line = json.loads(self._line(until))
        self.code, self.megabytes = line["code"], line["megabytes"]

    def _line(self, until: float | None) -> bytes:
        while b"\n" not in self.unread:
            left = None if until is None else max(0.0, until - time.monotonic())
            self.connection.settimeout(left or (None if left is None else 1e-6))
            try:
                heard = self.connection.recv(4096)
            except TimeoutError:
                raise subprocess.TimeoutExpired("sordiff", left or 0) from None
            assert heard, "the server of the processes is gone"
            self.unread += heard
        line, _, self.unread = self.unread.partition(b"\n")
        return line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self.connection:
            self.kill()


@dataclass(frozen=True, kw_only=True)
class Left:
    """How a process ended. code: minus the signal where one ended it. memory: its peak, in bytes."""

    code: int
    memory: int
    seconds: float


def call_forked(
    words: Sequence[str | bytes | Path],
    folder: Path,
    environment: Mapping[str, str],
    streams: tuple[int, int],
    *,
    script: str = SORDIFF,
    before: Callable[[], None] | None = None,
    kill_after: float,
) -> Left:
    """Call sordiff, or a script instead of it, with these words, and wait for its end.

    streams: the descriptors that are its stdout and stderr. before: runs in it first, and comes from a module that
    is quickly loaded. kill_after: seconds until it is killed with -9.
    """
    first = f"import pickle\npickle.loads({pickle.dumps(before)!r})()\n" if before else ""
    stdout, stderr = streams
    begun = time.monotonic()
    with fork_sordiff(
        *words,
        folder=folder,
        environment=environment,
        stdout=stdout,
        stderr=stderr,
        code=first + script,
    ) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(kill_after)
        process.kill()
        seconds = time.monotonic() - begun
        assert process.code is not None
        return Left(code=process.code, memory=int(process.megabytes * MIB), seconds=seconds)


def fork_sordiff(
    *words: str | bytes | Path,
    folder: Path,
    environment: Mapping[str, str],
    stdout: BinaryIO | int,
    stderr: BinaryIO | int,
    stdin: int | None = None,
    code: str = SORDIFF,
    modules: tuple[str, ...] = (),
) -> ForkedProcess:
    """Begin it; code: what is executed, with these words in sys.argv. stdin: None is /dev/null.

    modules: what its server has loaded, instead of what most commands need. Nothing of it is counted as covered.
    """
    asked = {
        "words": [str(ROOT / "sordiff" / "__main__.py"), *(os.fsdecode(word) for word in words)],
        "environment": dict(environment),
        "code": code,
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_server(modules))
    with Path(os.devnull).open("rb") as nothing:
        at = os.open(folder, os.O_RDONLY)
        told = [end if isinstance(end, int) else end.fileno() for end in (stdout, stderr)]
        asking = nothing.fileno() if stdin is None else stdin
        passed = array.array("i", [asking, *told, at])
        said = f"{json.dumps(asked)}\n".encode()
        sent = connection.sendmsg([said], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, passed)])
        connection.sendall(said[sent:])
        os.close(at)
    process = ForkedProcess(pid=0, connection=connection)
    process.pid = int(process._line(None))
    return process


@functools.cache
def _server(modules: tuple[str, ...]) -> str:
    """Where the server of this process with these modules listens; started by the first that asks, and gone with this process."""
    folder = Path(tempfile.mkdtemp(prefix="sordiff-fork-"))
    address = folder / "socket"
    words = [sys.executable, "-m", "tests.cli.fork_server", str(address), *modules]
    kept = {
        name: value for name, value in os.environ.items() if not (modules and name[:3] == "COV")
    }
    server = subprocess.Popen(
        words,
        cwd=ROOT,
        env=kept,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )

    def end() -> None:
        server.communicate()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    assert server.stdout is not None
    assert server.stdout.readline(), "the server of the processes did not start"
    return str(address)
