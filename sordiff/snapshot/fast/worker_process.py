"""A part of the work done by a second process, which leaves what it finds in a nameless file.

Not by a pipe: who reads from one must run in order to empty it, and waits for the interpreter each
time; the child then waits for the reader, on a full-size file for half of its time.
"""

import os
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Final

_LENGTH: Final = struct.Struct(">Q")

# What the child calls with each part of what it found.
SendPart = Callable[[bytes], None]


class WorkerProcess:
    """A child process at work; a block that `run_in_worker` begins is also its end."""

    def __init__(self, process: int, left: IO[bytes]) -> None:
        """`left`: the file into which it writes."""
        self._process = process
        self._left = left
        self._ended = False

    def wait_for_success(self) -> bool:
        """Wait for its end, once; whether it did all of its work."""
        status = os.waitpid(self._process, 0)[1]
        self._ended = True
        return status == 0

    def read_parts(self) -> Iterator[bytes]:
        """The parts that it passed on, in order, when it has ended well."""
        self._left.seek(0)
        while length := self._left.read(_LENGTH.size):
            yield self._left.read(*_LENGTH.unpack(length))

    def stop(self) -> None:
        """Let nothing of it stay behind, also where nobody waited for it."""
        if not self._ended:
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)


@contextmanager
def run_in_worker(work: Callable[[SendPart], None]) -> Iterator[WorkerProcess]:
    """Do the work in a process of its own, a copy of this one, while the block runs."""
    with tempfile.TemporaryFile() as left:
        process = os.fork()
        if process == 0:
            _run_worker(work, left)
        child = WorkerProcess(process, left)
        try:
            yield child
        finally:
            child.stop()


def _run_worker(work: Callable[[SendPart], None], left: IO[bytes]) -> None:
    """Work, write, and leave at once: nothing of the parent's is flushed or cleaned up here."""
    code = 1
    try:

        def pass_on(part: bytes) -> None:
            left.write(_LENGTH.pack(len(part)))
            left.write(part)

        work(pass_on)
        left.flush()
        code = 0
    finally:
        os._exit(code)
