"""`sordiff serve` as a process that can be killed and started again at the same port."""

from __future__ import annotations

import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import IO, Self

from tests.cli.product import COMMAND, environment

_LOOKS = 6_000


class ServeProcess:
    """It runs while it is entered; whatever happens, it is gone afterwards."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.address = ""
        self._port = "0"
        self._environment = environment(bare=True, **variables)
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process

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
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--port", self._port],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
        )
        waiting = threading.Event()
        for _ in range(_LOOKS):
            said = self.said()
            if "http://" in said:
                self.address = said[said.index("http://") :].split()[0]
                self._port = self.address.rpartition(":")[2]
                return
            assert self._process.poll() is None, said
            waiting.wait(0.02)
        raise AssertionError(self.said())

    def said(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def kill(self) -> None:
        """With -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> int:
        """In good order; its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(120)
