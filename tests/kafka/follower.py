"""`sordiff publish --follow` as a process that lives long: what it says, what it takes, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.cli.product import ROOT
from tests.kafka.nights import bare

if TYPE_CHECKING:
    from tests.kafka.moments import Moment

# By itself it looks for new runs each two seconds: a soak would mostly wait for that.
PAUSE_SECONDS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MIB = 1024**2
_PATIENCE = 60
# A signal to the process, not to the thread that is there just now: that is how anybody sends it.
_FOLLOWING = """
import os, signal, sys
method, when, nth, pause = sys.argv[1:5]
del sys.argv[1:5]
from sordiff.service.publish import follow
follow._PAUSE_SECONDS = float(pause)
if method:
    from kafka import KafkaConsumer, KafkaProducer
    from sordiff.kafka.record_batch import QuickBatch
    kind = next(kind for kind in (QuickBatch, KafkaProducer, KafkaConsumer) if method in vars(kind))
    original, calls = getattr(kind, method), 0
    def watched(self, *words, **named):
        global calls
        calls += 1
        strike(now="before")
        found = original(self, *words, **named)
        strike(now="after")
        return found
    def strike(now):
        if when == now and calls == int(nth):
            open("signalled", "w").close()
            os.kill(os.getpid(), signal.SIGTERM)
    setattr(kind, method, watched)
from sordiff.cli import main
main()
"""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a process has just now: resident memory, file descriptors, threads."""

    megabytes: float
    descriptors: int
    threads: int


@dataclass(frozen=True, kw_only=True)
class Left:
    """How it ended. code: minus the signal where one ended it. seconds: since it was asked to."""

    code: int
    seconds: float


class Follower:
    """One that follows in this folder, and writes into a file there, behind what others wrote."""

    def __init__(self, folder: Path, *, at: Moment | None = None) -> None:
        """at: the call of the client at which it gets SIGTERM."""
        self.log = folder / "follow.log"
        told = (at.method, at.when, str(at.nth)) if at else ("", "", "0")
        words = ("publish", "--follow")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _FOLLOWING, *told, str(PAUSE_SECONDS), *words],
                cwd=folder,
                env={**bare(), "SORDIFF_DEBUG": "1", "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def measure(self) -> Taken:
        place = Path("/proc", str(self.pid))
        return Taken(
            megabytes=int((place / "statm").read_text().split()[1]) * _PAGE / _MIB,
            descriptors=sum(1 for _ in (place / "fd").iterdir()),
            threads=sum(1 for _ in (place / "task").iterdir()),
        )

    def terminate(self) -> Left:
        """Ask it to end, as systemd does, and wait."""
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        return self.await_end(begun)

    def await_end(self, begun: float, patience: float = _PATIENCE) -> Left:
        """Wait for its end; -9 where it did not come."""
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            code = -signal.SIGKILL
        return Left(code=code, seconds=time.monotonic() - begun)

    def await_signal(self) -> float:
        """When it sent itself the signal at its moment; where that does not come, it gets one."""
        until = time.monotonic() + _PATIENCE
        signalled = self.log.with_name("signalled")
        while self.code is None and not signalled.exists():
            if time.monotonic() > until:
                self._process.send_signal(signal.SIGTERM)
                break
            time.sleep(0.005)
        signalled.unlink(missing_ok=True)
        return time.monotonic()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
