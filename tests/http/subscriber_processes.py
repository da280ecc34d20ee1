"""A client of the stream and a receiver of webhooks, each a process that may be killed at any moment and knows from its file what it has."""

from __future__ import annotations

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import httpx
from httpx_sse import SSEError, connect_sse
from standardwebhooks import Webhook

from tests.cli.forked import ForkedProcess, fork_sordiff
from tests.cli.product import environment
from tests.http.serve_process import MODULES
from tests.http.webhook_receiver import SECRET

_STDERR = 2


class SubscriberProcess:
    """It runs while it is entered; whatever happens, it is gone afterwards."""

    def __init__(self, kind: str, where: str, file: Path) -> None:
        """`where`: the address of the server, or the port at which events are taken."""
        self._words = (kind, where, str(file))
        self._file = file
        self._process: ForkedProcess | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> None:
        self._process = fork_sordiff(
            *self._words,
            folder=self._file.parent,
            environment=environment(bare=True),
            stdout=_STDERR,
            stderr=_STDERR,
            code=f"from {__name__} import main\nmain()\n",
            modules=MODULES,
        )

    def kill(self) -> None:
        """With -9."""
        assert self._process is not None
        with self._process:
            pass  # what has not ended is killed

    def seen(self) -> list[str]:
        """What it has, in the order in which it came."""
        return _read(self._file)


def _read(file: Path) -> list[str]:
    return file.read_text("utf-8").split() if file.exists() else []


def follow_stream(address: str, file: Path) -> None:
    """Comes back with the id of the last event that it has, for as long as it runs."""
    seen = _read(file)
    with file.open("a", encoding="utf-8") as out, httpx.Client(timeout=120) as client:
        while True:
            headers = {"Last-Event-ID": seen[-1]} if seen else {}
            try:
                with connect_sse(client, "GET", f"{address}/v1/stream", headers=headers) as source:
                    for event in source.iter_sse():
                        out.write(f"{event.id}\n")
                        out.flush()
                        seen.append(event.id)
            except (httpx.HTTPError, SSEError):
                time.sleep(0.05)  # it is away, and comes back


def take_webhooks(port: str, file: Path) -> None:
    """Notes an event before it says that it has it, and leaves out one whose id it has."""
    known = set(_read(file))
    out = file.open("a", encoding="utf-8")  # until the process is killed

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            Webhook(SECRET).verify(body, headers)
            if headers["webhook-id"] not in known:
                out.write(f"{json.loads(body)['id']}\n")
                out.flush()
                known.add(headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # its name there
            """Nothing to stderr."""

    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


def main() -> None:
    {"stream": follow_stream, "webhook": take_webhooks}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
