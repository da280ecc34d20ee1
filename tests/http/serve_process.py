"""`sordiff serve` as a process that can be killed and started again at the same port."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Self

from tests.cli.forked import ForkedProcess, fork_sordiff
from tests.cli.product import environment

# What the server, and those who are called by it and ask it, load: half of the time of a night of kills otherwise.
MODULES: Final = (
    "sordiff.cli.deciding",
    "sordiff.cli.serve",
    "sordiff.cli.webhooks",
    "sordiff.http.app",
    "sordiff.http.deciding.routes",
    "sordiff.http.pages.routes",
    "sordiff.http.pages.warming",
    "sordiff.http.server",
    "sordiff.store.changelog",
    "tests.http.subscriber_processes",
)
_LOOKS = 6_000


class ServeProcess:
    """It runs while it is entered; whatever happens, it is gone afterwards."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.address = ""
        self._port = "0"
        self._environment = environment(bare=True, **variables)
        self._process: ForkedProcess | None = None
        self._log: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._log.close()

    def start(self) -> None:
        """Returns when it listens; the second time at the port that it had."""
        self._log.seek(0)
        self._log.truncate()
        self._process = fork_sordiff(
            *("serve", "--port", self._port),
            folder=self.folder,
            environment=self._environment,
            stdout=self._log,
            stderr=self._log,
            modules=MODULES,
        )
        for _ in range(_LOOKS):
            said = self.said()
            if "http://" in said:
                self.address = said[said.index("http://") :].split()[0]
                self._port = self.address.rpartition(":")[2]
                return
            with suppress(subprocess.TimeoutExpired):
                raise AssertionError(self._process.wait(0.02), said)
        raise AssertionError(self.said())

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def kill(self) -> None:
        """With -9."""
        if self._process is not None:
            with self._process:
                pass  # what has not ended is killed

    def end(self) -> int:
        """In good order; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(120)
