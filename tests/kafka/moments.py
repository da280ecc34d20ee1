"""sordiff as a process to which something happens at a certain call of the client: exactly then, every time."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from tests.cli.forked import ForkedProcess, fork_sordiff
from tests.kafka.nights import bare

if TYPE_CHECKING:
    import signal
    from collections.abc import Iterator
    from pathlib import Path

_PATIENCE = 150
# A stop goes to the calling thread itself: sent to the process, another thread takes it up, a moment later,
# and the call that was to be stopped before may have happened by then.
_WATCHED = """
import os, signal, sys, threading, time
method, when, nth, pid, number = sys.argv[1:6]
del sys.argv[1:6]
from kafka import KafkaConsumer, KafkaProducer
from sordiff.kafka.record_batch import QuickBatch
watching = next(kind for kind in (QuickBatch, KafkaProducer, KafkaConsumer) if method in vars(kind))
original, calls = getattr(watching, method), 0
def strike():
    if not int(pid):
        signal.pthread_kill(threading.get_ident(), int(number))
        return
    os.kill(int(pid), int(number))
    while int(number) == signal.SIGSTOP and not is_stopped():
        time.sleep(0.001)
def is_stopped():
    with open(f"/proc/{pid}/stat") as told:
        return told.read().rpartition(")")[2].split()[0] == "T"
def watched(self, *words, **named):
    global calls
    calls += 1
    if when == "before" and calls == int(nth):
        strike()
    found = original(self, *words, **named)
    if when == "after" and calls == int(nth):
        strike()
    return found
setattr(watching, method, watched)
from sordiff.cli import main
main()
"""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A call of the producer or the consumer, by its name and number; `try_append` puts a message into a batch."""

    method: str
    when: str = "before"
    nth: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.method} {self.nth}"


MOMENTS = (
    Moment(method="init_transactions"),
    Moment(method="init_transactions", when="after"),
    Moment(method="begin_transaction", when="after"),
    Moment(method="try_append", nth=5),
    Moment(method="try_append", nth=400),
    Moment(method="try_append", when="after", nth=150),
    Moment(method="commit_transaction"),
    Moment(method="commit_transaction", when="after"),
    Moment(method="try_append", nth=1200),
    Moment(method="commit_transaction", when="after", nth=2),
)


@dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A process to which something happens, and what it says."""

    process: ForkedProcess
    out: BinaryIO
    err: BinaryIO

    def end(self) -> Ended:
        """Wait for it."""
        code = self.process.wait(_PATIENCE)
        return Ended(code=code, out=_text(self.out), err=_text(self.err))


@contextmanager
def running(
    folder: Path, *words: str, at: Moment, number: signal.Signals, pid: int = 0
) -> Iterator[Watched]:
    """sordiff, until the block ends; at that moment the signal goes to the process with this id (0: itself)."""
    told = (at.method, at.when, str(at.nth), str(pid), str(int(number)))
    with (
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        fork_sordiff(
            *told,
            *words,
            folder=folder,
            environment=bare(),
            stdout=out,
            stderr=err,
            code=_WATCHED,
        ) as process,
    ):
        yield Watched(process=process, out=out, err=err)


def _text(stream: BinaryIO) -> str:
    stream.seek(0)
    return stream.read().decode()
