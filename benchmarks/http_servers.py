"""Servers to measure, each a process of its own, and what their memory and their cores do."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_HEALTH = {"sordiff": "/health", "Datasette": "/-/versions.json"}
# For so long a server must work no more until it has settled.
_AT_REST_SECONDS = 2.0

_TRIMS = """
import ctypes, gc, runpy, signal, sys
def trim(*_):
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
signal.signal(signal.SIGUSR1, trim)
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Served:
    """A server that answers: its name, its process, its port."""

    name: str
    pid: int
    port: int

    def ask(self, path: str) -> float:
        """The milliseconds of a request over a connection of its own."""
        begun = time.perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != http.HTTPStatus.OK:
                raise OSError(path)
        return (time.perf_counter() - begun) * 1e3

    def answers(self) -> bool:
        """Whether it says that it is well."""
        with suppress(OSError, http.client.HTTPException):
            self.ask(_HEALTH[self.name])
            return True
        return False

    def read_cpu(self) -> float:
        """The seconds that the cores worked for it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def read_status(self, name: str) -> int:
        """A number of /proc/PID/status: RssAnon and RssFile in kB, Threads."""
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        return int(re.findall(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[0])

    def count_files(self) -> int:
        """The files and connections that it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    def ask_whatever_comes(self, path: str) -> None:
        """A request of which the answer may be a refusal."""
        with suppress(OSError):
            self.ask(path)

    def trim(self) -> None:
        """Let it give back to the system what it does not need."""
        os.kill(self.pid, signal.SIGUSR1)
        time.sleep(1)

    def settle(self) -> None:
        """Wait until it works no more: it indexes the register at first."""
        used = -1.0
        while self.read_cpu() - used > 0.02:
            used = self.read_cpu()
            time.sleep(_AT_REST_SECONDS)


@contextmanager
def serving(name: str, database: Path, *, trims: bool = False) -> Iterator[Served]:
    """The server over a changelog, when it answers and works no more; `trims`: it can `trim`."""
    port = _find_free_port()
    words = {
        "sordiff": ["sordiff", "serve", "--db", str(database), "--port", str(port)],
        "Datasette": [
            "datasette",
            "serve",
            str(database),
            "-p",
            str(port),
            "--setting",
            "sql_time_limit_ms",
            "60000",
        ],
    }[name]
    with subprocess.Popen(
        [sys.executable, *(("-c", _TRIMS) if trims else ("-m",)), *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        served = Served(name, process.pid, port)
        try:
            while not served.answers():
                if process.poll() is not None:
                    message = f"{name} has ended with {process.returncode}"
                    raise OSError(message)
                time.sleep(0.05)
            served.settle()
            yield served
        finally:
            process.kill()


def _find_free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port
