"""A worker process: a copy of this one that does a part of the work and writes it to a file.

Where no worker can be had, it is as if it had failed, and whoever wants its work does that itself.
The file has no name. A pipe would be slower: this process must run to empty it, so that the worker
waits, on a full-size file for half of its time. Where it is to wait, as it must not run too far
ahead, there is a pipe.
"""

import fcntl
import os
import signal
import struct
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO, RawIOBase
from typing import IO, Final, NoReturn

_LENGTH: Final = struct.Struct(">Q")
# Behind the standard streams.
_FIRST_FILE: Final = 3
# More than any call opens.
_MOST_FILES: Final = 1_024

# Called in the worker with each part of its result.
SendPart = Callable[[bytes], None]
# As much as Linux lets anybody have.
_PIPE_BYTES: Final = 1 << 20
# Behind the last part of an answer.
_END: Final = b""


def has_second_core() -> bool:
    """Whether this process may run on more than one core."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1


def can_run_worker() -> bool:
    """Whether a worker would have a core, and a folder for the file that it writes."""
    try:
        tempfile.gettempdir()
    except OSError:  # as in a container whose file system nobody may write to
        return False
    return has_second_core()


class WorkerProcess:
    """A worker process; it ends with the block of `run_in_worker` at the latest."""

    def __init__(self, process: int | None, output: IO[bytes]) -> None:
        """`process`: None where none could be forked; `output`: the file that the worker writes."""
        self._process = process
        self._output = output
        self._ended = process is None

    def wait_for_success(self) -> bool:
        """Wait for its end, once; True if it has done all of its work."""
        if self._process is None:
            return False
        self._ended = True
        try:
            return os.waitpid(self._process, 0)[1] == 0
        except ChildProcessError:  # who started sordiff hears of no child, so that its end is gone
            return False

    def read_parts(self) -> Iterator[bytes]:
        """The parts that it sent, in order; only after a wait that returned True."""
        self._output.seek(0)
        while length := self._output.read(_LENGTH.size):
            yield self._output.read(*_LENGTH.unpack(length))

    def stop(self) -> None:
        """Kill it if nobody has waited for it, so that no process stays behind."""
        if self._process is not None and not self._ended:
            self._ended = True
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)


@contextmanager
def run_in_worker(work: Callable[[SendPart], object]) -> Iterator[WorkerProcess]:
    """Do the work in a worker process while the block runs.

    What it returns is held until the process is gone: to take a hundred thousand values apart one
    by one would keep waiting whoever waits for the worker.
    """
    with tempfile.TemporaryFile() as output:
        process = _fork(work, output)
        worker = WorkerProcess(process, output)
        try:
            yield worker
        finally:
            worker.stop()


class WorkerStream:
    """The parts of a worker as they come; it waits while nobody takes them."""

    def __init__(self, parts: IO[bytes]) -> None:
        """`parts`: the pipe that it writes."""
        self._parts = parts

    def read_part(self) -> bytes | None:
        """The next part, waited for; None where it has ended, whatever ended it."""
        length = self._parts.read(_LENGTH.size)
        if len(length) < _LENGTH.size:
            return None
        size = _LENGTH.unpack(length)[0]
        part = self._parts.read(size)
        return part if len(part) == size else None


@contextmanager
def stream_from_worker(work: Callable[[SendPart], None]) -> Iterator[WorkerStream]:
    """Do the work in a worker process while the block runs, and take each part as it comes.

    For work of which not all may be wanted: it stays a few parts ahead, and ends with the block.
    """
    with _stream(work) as (_, parts):
        yield WorkerStream(parts)


class AskedWorker:
    """A worker that waits for questions; while nobody takes the parts of an answer it waits too."""

    def __init__(self, worker: WorkerProcess, questions: RawIOBase, parts: IO[bytes]) -> None:
        """`questions`, `parts`: the pipes that it reads and writes."""
        self._worker = worker
        self._questions = questions
        self._stream = WorkerStream(parts)

    def ask(self, question: bytes) -> bool:
        """Put a question when the answer before it was taken whole; False if the worker has ended.

        Where it ends just now, that is said by its answer.
        """
        try:
            for part in (_LENGTH.pack(len(question)), question):
                _write_whole(self._questions, part)
        except BrokenPipeError:
            return False
        return True

    def take_answer(self) -> Generator[bytes, None, bool]:
        """The parts of the answer as they come; returns False where the worker ended before it."""
        while part := self._stream.read_part():
            yield part
        return part == _END

    def stop(self) -> None:
        """Have it gone, whatever it is at."""
        self._worker.stop()


@contextmanager
def ask_worker(answer: Callable[[bytes, SendPart], None]) -> Iterator[AskedWorker]:
    """Have a worker process that answers questions while the block runs, each in parts.

    None of the parts may be empty. For work that must not begin where the process is forked.
    """
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as asked, FileIO(write_end, "wb") as questions:

        def work(send_part: SendPart) -> None:
            heard = WorkerStream(asked)
            while (question := heard.read_part()) is not None:
                answer(question, send_part)
                send_part(_END)

        with _stream(work, asked) as (process, parts):
            asked.close()
            yield AskedWorker(process, questions, parts)


@contextmanager
def _stream(
    work: Callable[[SendPart], None], *kept: IO[bytes]
) -> Iterator[tuple[WorkerProcess, IO[bytes]]]:
    """Do the work in a worker process that keeps these files, and give the pipe that it writes."""
    read_end, write_end = os.pipe()
    _widen(write_end)
    with os.fdopen(read_end, "rb") as parts, os.fdopen(write_end, "wb") as output:

        def send_at_once(send_part: SendPart) -> None:
            def send(part: bytes) -> None:
                send_part(part)
                output.flush()

            work(send)

        process = _fork(send_at_once, output, *kept)
        # Else the end of the worker would not be the end of what can be read.
        output.close()
        worker = WorkerProcess(process, parts)
        try:
            yield worker, parts
        finally:
            worker.stop()


def _fork(work: Callable[[SendPart], object], output: IO[bytes], *kept: IO[bytes]) -> int | None:
    """Do the work in a process of its own; None where none can be had.

    Python writes each signal to a file that wakes this process up. In a worker its number is that
    of some other file, as of the changelog's log: signals wait until the worker has forgotten it.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    try:
        process = os.fork()
        if process == 0:
            _run_worker(work, before, output, *kept)
    except OSError:  # as many processes as there may be
        process = None
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return process


def _widen(pipe: int) -> None:
    """Let more lie in a pipe: each then waits for the other less often."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # whoever has many pipes gets small ones
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _run_worker(
    work: Callable[[SendPart], object], signals: Iterable[int], output: IO[bytes], *kept: IO[bytes]
) -> NoReturn:
    """Work, write and exit at once, so that nothing of the parent is flushed or cleaned up.

    The lock of the changelog is held by an open file: a worker that outlives its parent must not
    hold it. `signals`: those that are blocked when it works.
    """
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for one in (signal.SIGINT, signal.SIGTERM):
            if signal.getsignal(one) != signal.SIG_IGN:
                signal.signal(one, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signals)
        first = _FIRST_FILE
        for number in sorted(file.fileno() for file in (output, *kept)):
            os.closerange(first, number)
            first = number + 1
        os.closerange(first, _MOST_FILES)

        def send_part(part: bytes) -> None:
            _write_part(output, part)

        held = work(send_part)  # noqa: F841  # so that nothing of it is taken apart
        output.flush()
        code = 0
    finally:
        os._exit(code)


def _write_whole(file: RawIOBase, content: bytes) -> None:
    """Write all of it: what is stopped and goes on, as by Ctrl-Z, writes a part."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) or 0 :]


def _write_part(file: IO[bytes], part: bytes) -> None:
    file.write(_LENGTH.pack(len(part)))
    file.write(part)
