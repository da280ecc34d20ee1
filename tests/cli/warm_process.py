"""Processes of sordiff that need not load it: each is forked from one process that has loaded it already.

To start Python and to load sordiff takes longer than most calls. What begins after that is the same: the process has
its own folder, environment, streams and end, it can be killed, and its memory is its own. Where the start itself is
shown (the locale, a planted module, a closed stream), a test starts `python -m sordiff` instead.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import pickle
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_LOADED: Final = (
    "sordiff.cli.archive_options",
    "sordiff.cli.changelog",
    "sordiff.cli.check",
    "sordiff.cli.clock",
    "sordiff.cli.decide",
    "sordiff.cli.ingest",
    "sordiff.cli.ingest_messages",
    "sordiff.cli.ingest_output",
    "sordiff.cli.message_log",
    "sordiff.cli.restart",
    "sordiff.cli.run",
    "sordiff.cli.status",
    "sordiff.render.commands.check",
    "sordiff.render.commands.check_coverage",
    "sordiff.service.ingest.check",
    "sordiff.service.ingest.check_coverage",
    "sordiff.service.ingest.ingest",
    "sordiff.settings.layers",
    "sordiff.store.changelog",
    "stdnum.dk.cvr",
    "stdnum.ean",
    "stdnum.verhoeff",
)
# The number of a process stays its own until whoever asked for it has heard of its end.
_ENDED: Final = b"e"
_FORGET: Final = b"f"
_LONGEST: Final = 128 * 1024


@dataclass(frozen=True, kw_only=True)
class Left:
    """How a process ended. code: minus the signal where one ended it. memory: its peak, in bytes."""

    code: int
    memory: int
    seconds: float


def call_warm(
    words: Sequence[str | bytes | Path],
    folder: Path,
    env: Mapping[str, str],
    streams: tuple[int, int],
    *,
    script: str = "",
    before: Callable[[], None] | None = None,
    kill_after: float,
) -> Left:
    """Call sordiff, or a script instead of it, with these words, and wait for its end.

    streams: the descriptors that are its stdout and stderr. before: runs in it first, and comes from a module that
    is quickly loaded. kill_after: seconds until it is killed with -9.
    """
    request = {
        "words": [os.fsdecode(word) for word in words],
        "folder": str(folder),
        "env": dict(env),
        "script": script,
        "before": before,
    }
    ours, theirs = socket.socketpair()
    with closing(ours):
        begun = time.monotonic()
        with closing(theirs):
            message = pickle.dumps(request)
            assert len(message) < _LONGEST
            socket.send_fds(_start_warm_process(), [message], [theirs.fileno(), *streams])
        pid = int(ours.recv(20))
        watch = threading.Timer(kill_after, os.kill, [pid, signal.SIGKILL])
        watch.start()
        assert ours.recv(1) == _ENDED
        watch.cancel()
        watch.join()
        seconds = time.monotonic() - begun
        ours.send(_FORGET)
        code, memory = json.loads(ours.recv(100))
    return Left(code=code, memory=memory, seconds=seconds)


@cache
def _start_warm_process() -> socket.socket:
    """The end at which the warm process is asked; it ends when this process does, for then nobody can ask it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with closing(theirs):
        subprocess.Popen(
            [sys.executable, "-m", __name__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        ).returncode = 0  # nobody waits for it
    return ours


def _wait_for_call(asked: socket.socket) -> dict[str, Any]:
    """Returns in a process of its own for each call."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        message, given, _, _ = socket.recv_fds(asked, _LONGEST, 3)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked.close()
            _keep(socket.socket(fileno=given[0]), given[1:])
            return dict(pickle.loads(message))  # noqa: S301  # our own
        for number in given:
            os.close(number)


def _keep(asking: socket.socket, streams: list[int]) -> None:
    """Fork the process of the call, in which this returns, and stay to tell how it ended."""
    pid = os.fork()
    if pid == 0:
        asking.close()
        for number, stream in enumerate(streams, 1):
            os.dup2(stream, number)
            os.close(stream)
        return
    for stream in streams:
        os.close(stream)
    asking.send(b"%d" % pid)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    asking.send(_ENDED)
    asking.recv(1)
    _, status, used = os.wait4(pid, 0)
    asking.send(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024]).encode())
    os._exit(0)


def _load_sordiff() -> None:
    """Load what `check` and `ingest` would load; what another command needs, it loads itself."""
    for name in _LOADED:
        importlib.import_module(name)
    importlib.import_module("sordiff.cli.main").build_command()
    gc.freeze()


def _serve() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load_sordiff()
    request = _wait_for_call(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    if request["before"]:
        request["before"]()
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), encoding="utf-8")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(
        open(2, "wb", closefd=False),  # noqa: SIM115
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
    if request["script"]:
        sys.argv = ["-c", *request["words"]]
        exec(request["script"], {"__name__": "__main__"})  # noqa: S102  # as `python -c` does
    else:
        sys.argv = ["-m", *request["words"]]
        runpy.run_module("sordiff", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _serve()
