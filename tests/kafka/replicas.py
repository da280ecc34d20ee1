"""The replica of the examples as a process that can be killed, and the mirror that it keeps."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from sordiff.model import Unit
from tests.scenarios.telling import ROOT

SCRIPT = ROOT / "examples" / "replica.py"
OVER_HTTP = ROOT / "examples" / "http_replica.py"
_PATIENCE = 90


class Replica:
    """It runs, or it was killed; its mirror survives."""

    def __init__(self, source: str, mirror: Path, *more: str, script: Path = SCRIPT) -> None:
        """source: where the broker or the server is. more: further words, such as the prefix of the topics."""
        self.mirror = mirror
        self.log = mirror.with_suffix(".log")
        self._words = [sys.executable, str(script), source, str(mirror), *more]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._words, stdout=log, stderr=log)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def units(self) -> dict[str, Unit]:
        """The units in the mirror; a null is a field that is absent."""
        return {
            sor_id: msgspec.convert(present(json.loads(record)), Unit)
            for sor_id, record in self._rows("SELECT sor_id, record FROM units")
            if record != "null"
        }

    def await_units(self, wanted: Callable[[dict[str, Unit]], bool]) -> None:
        """Until its units are as wanted; it is started again whenever it ends by itself."""
        end = time.monotonic() + _PATIENCE
        while not wanted(self.units()):
            assert time.monotonic() < end, self.log.read_text("utf-8")[-3000:]
            if not self.runs:
                self.start()
            time.sleep(0.1)

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        if not self.mirror.exists():
            return []
        with closing(sqlite3.connect(self.mirror, timeout=30)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master").fetchall()
            return connection.execute(query).fetchall() if len(names) > 1 else []


def present(value: Any) -> Any:
    """Without the nulls: a field that is absent."""
    if isinstance(value, dict):
        return {key: present(inner) for key, inner in value.items() if inner is not None}
    return value
