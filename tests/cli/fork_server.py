"""`python -m tests.cli.fork_server SOCKET [MODULE…]`: sordiff as a process, without the second that its modules take to load.

They, or the modules named, are loaded once. Each process is then forked from this one, which has no threads, and comes to its end as
`python -m sordiff` would: it can be killed, stopped and waited for. The server ends when its stdin does.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import json
import os
import select
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

# The three standard streams, and the folder that a process begins in.
PASSED = 4
MOST_BYTES = 1 << 20
# What the commands load that are called most. Not above: whoever asks for a server needs none of it.
MODULES = (
    "sordiff.cli.check",
    "sordiff.cli.decide",
    "sordiff.cli.ingest",
    "sordiff.cli.publish",
    "sordiff.kafka.sink",
    "sordiff.store.changelog",
)


def main() -> None:
    address = Path(sys.argv[1])
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(address))
        listening.listen()
        _load(sys.argv[2:] or MODULES)
        print("It listens.", flush=True)
        while True:
            _forget_the_ended()
            ready, _, _ = select.select([listening, sys.stdin], [], [])
            if listening not in ready:
                return
            asked, _ = listening.accept()
            if os.fork() == 0:
                break
            asked.close()
    request, streams = _receive(asked)
    process = os.fork()
    if process:
        _tell(asked, process)
    asked.close()
    _become(request, streams)
    exec(compile(request["code"], "<sordiff>", "exec"), {"__name__": "__main__"})  # noqa: S102  # the tests' own


def _load(modules: Sequence[str]) -> None:
    for module in modules:
        importlib.import_module(module)
    gc.freeze()


def _forget_the_ended() -> None:
    """Those that waited for a process, and whom nobody waits for."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _receive(asked: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What is to be called, and the streams and the folder that came with it."""
    streams = array.array("i")
    said, passed, _, _ = asked.recvmsg(MOST_BYTES, socket.CMSG_LEN(PASSED * streams.itemsize))
    for _level, _kind, content in passed:
        streams.frombytes(content)
    while not said.endswith(b"\n"):
        said += asked.recv(MOST_BYTES)
    return json.loads(said), list(streams)


def _tell(asked: socket.socket, process: int) -> NoReturn:
    """Say a line for each thing that happens to the process: that it is there, was stopped, has ended."""
    asked.sendall(f"{process}\n".encode())
    while True:
        _, status, used = os.wait4(process, os.WUNTRACED)
        stopped = os.WIFSTOPPED(status)
        code = None if stopped else os.waitstatus_to_exitcode(status)
        line = json.dumps({"code": code, "megabytes": used.ru_maxrss / 1024})
        asked.sendall(f"{line}\n".encode())
        if not stopped:
            os._exit(0)


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """The surroundings of the process: streams, folder, environment, words, and the name by which it was called."""
    *standard, folder = streams
    for number, stream in enumerate(standard):
        os.dup2(stream, number)
    os.fchdir(folder)
    for stream in streams:
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv = request["words"]
    sys.modules["__main__"].__package__ = "sordiff"


if __name__ == "__main__":
    main()
