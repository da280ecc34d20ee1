"""A subscriber's receiver: it verifies as Standard Webhooks' own library does, keeps what it took, and can be told how to answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Self

from standardwebhooks import Webhook

SECRET: Final = "whsec_c29yZGlmZiBpbiB0aGUgdGVzdHMgb2YgaXRz"  # noqa: S105  # of the tests


class Receiver:
    """It listens while it is entered; the port stays the same when it comes back."""

    def __init__(self, port: int = 0) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        # How the next requests are answered, and with what afterwards; 0 closes the connection after the event is taken.
        self.answers: list[int] = []
        self.usual = 204
        self.retry_after = ""
        self.port = port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sor"

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.receiver = self
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def ids(self) -> list[str]:
        """The ids in the order in which they came first: what is sent again is known by its id."""
        return list(dict.fromkeys(event["id"] for event in self.taken))

    def has_more_than(self, count: int) -> Callable[[], bool]:
        return lambda: len(self.taken) > count

    def take(self, headers: dict[str, str], body: bytes) -> int:
        Webhook(SECRET).verify(body, headers)
        answer = self.answers.pop(0) if self.answers else self.usual
        if answer < 300:
            event = json.loads(body)
            assert event["id"] == headers["webhook-id"]
            self.headers.append(headers)
            self.taken.append(event)
        return answer


class _Server(ThreadingHTTPServer):
    receiver: Receiver
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = self.server.receiver.take(
            {name.lower(): value for name, value in self.headers.items()}, body
        )
        if answer == 0:
            self.close_connection = True
            return
        self.send_response(answer)
        self.send_header("content-length", "0")
        self.send_header("retry-after", self.server.receiver.retry_after)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # its name there
        """Nothing to stderr."""
