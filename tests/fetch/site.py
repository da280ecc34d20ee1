"""A real server on loopback with one file on it, which first gives the answers that a test has written for it."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

# Long enough to be silent for any client here.
LONG = 20.0
CHUNK = 1000


@dataclass(frozen=True, kw_only=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """`content` as it is now, and what the server says of it; None is not said."""

    content: bytes
    etag: str | None = '"one"'
    last_modified: str | None = "Tue, 05 Mar 2024 00:04:12 GMT"
    date: datetime = datetime(2024, 3, 6, 5, tzinfo=timezone.utc)
    knows_ranges: bool = True
    knows_conditions: bool = True
    head_status: int = 200
    # How many bytes may go out before the server rests, and until when.
    pause_after: int | None = None
    answers: list[Answer] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    leaving: Event = field(default_factory=Event)
    sent: Event = field(default_factory=Event)
    url: str = ""

    @property
    def gets(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == "GET"]

    def rest(self, seconds: float = LONG) -> None:
        """Until the test is over, or this long."""
        self.leaving.wait(seconds)


class Exchange(BaseHTTPRequestHandler):
    """One question and its answer."""

    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._note()
        answer = self.site.answers.pop(0) if self.site.answers else whole
        answer(self)

    def do_HEAD(self) -> None:
        self._note()
        self.begin(self.site.head_status, Content_Length=len(self.site.content))

    def _note(self) -> None:
        headers = {name.title(): value for name, value in self.headers.items()}
        self.site.asked.append(Asked(method=self.command, path=self.path, headers=headers))
        self.close_connection = True

    def begin(self, status: int, **headers: Any) -> None:
        """The head of an answer, with what the site says of its file; a header that is None is left out."""
        said = {"ETag": self.site.etag, "Last-Modified": self.site.last_modified}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.send_response(status)
        for name, value in said.items():
            if value is not None:
                self.send_header(name, str(value))
        self.send_header("Connection", "close")
        self.end_headers()

    def send(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002  # its parameter
        return format_datetime(self.site.date, usegmt=True)

    def log_message(self, format: str, *_: Any) -> None:  # noqa: A002  # its parameter
        pass


Answer = Callable[[Exchange], None]


def whole(exchange: Exchange) -> None:
    """As a good server answers: conditions, ranges, and the file."""
    site, asked = exchange.site, exchange.headers
    if site.knows_conditions and _is_unchanged(site, asked):
        exchange.begin(304)
        return
    begin = _begin_of(site, asked) if site.knows_ranges else 0
    if begin >= len(site.content) > 0:
        exchange.begin(416, Content_Range=f"bytes */{len(site.content)}")
        return
    rest = site.content[begin:]
    if begin:
        span = f"bytes {begin}-{len(site.content) - 1}/{len(site.content)}"
        exchange.begin(206, Content_Length=len(rest), Content_Range=span)
    else:
        exchange.begin(200, Content_Length=len(rest))
    if site.pause_after is not None:
        exchange.send(rest[: site.pause_after])
        site.sent.set()
        site.rest()
        rest = rest[site.pause_after :]
    exchange.send(rest)


def _is_unchanged(site: Site, asked: Any) -> bool:
    if "If-None-Match" in asked:
        return bool(asked["If-None-Match"] == site.etag)
    return "If-Modified-Since" in asked and bool(asked["If-Modified-Since"] == site.last_modified)


def _begin_of(site: Site, asked: Any) -> int:
    if "Range" not in asked or asked["If-Range"] not in {site.etag, site.last_modified}:
        return 0
    return int(asked["Range"].removeprefix("bytes=").partition("-")[0])


def status(code: int, body: bytes = b"", **headers: Any) -> Answer:
    """This status, with a body."""

    def answer(exchange: Exchange) -> None:
        said = {"ETag": None, "Last_Modified": None, "Content_Length": len(body)} | headers
        exchange.begin(code, **said)
        exchange.send(body)

    return answer


def cut(after: int) -> Answer:
    """The file, cut off behind so many bytes, of those that were asked for or not."""

    def answer(exchange: Exchange) -> None:
        site = exchange.site
        begin = _begin_of(site, exchange.headers)
        rest = site.content[begin:]
        if begin:
            span = f"bytes {begin}-{len(site.content) - 1}/{len(site.content)}"
            exchange.begin(206, Content_Length=len(rest), Content_Range=span)
        else:
            exchange.begin(200, Content_Length=len(rest))
        exchange.send(rest[:after])

    return answer


def other_part(**headers: Any) -> Answer:
    """A part of the file, with these headers."""

    def answer(exchange: Exchange) -> None:
        body = exchange.site.content[7:70]
        exchange.begin(206, Content_Length=len(body), **headers)
        exchange.send(body)

    return answer


def claimed(length: int) -> Answer:
    """The whole file under a wrong length."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, Content_Length=length)
        exchange.send(exchange.site.content)

    return answer


def chunked(*, ends: bool = True, garbage: bytes = b"") -> Answer:
    """In chunks, without a length."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, Transfer_Encoding="chunked")
        content = exchange.site.content
        for begin in range(0, len(content), CHUNK):
            chunk = content[begin : begin + CHUNK]
            exchange.send(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            if garbage:
                exchange.send(garbage)
                return
            if not ends:
                return
        exchange.send(b"0\r\n\r\n")

    return answer


def silent_after(count: int) -> Answer:
    """Some bytes, and then nothing more, though the connection stays open."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, Content_Length=len(exchange.site.content))
        exchange.send(exchange.site.content[:count])
        exchange.site.rest()

    return answer


def silent(exchange: Exchange) -> None:
    """Not even headers."""
    exchange.site.rest()


def dripping_headers(exchange: Exchange) -> None:
    """A byte of the headers now and then, so that it never falls silent."""
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        if exchange.site.leaving.wait(0.01):
            return
        exchange.send(b"X-%d: y\r\n" % number)


def dripping(exchange: Exchange) -> None:
    """A byte of the file now and then."""
    exchange.begin(200, Content_Length=len(exchange.site.content))
    for byte in exchange.site.content:
        if exchange.site.leaving.wait(0.01):
            return
        exchange.send(bytes([byte]))


def raw(content: bytes) -> Answer:
    """Bytes instead of HTTP."""
    return lambda exchange: exchange.send(content)


def replaced(content: bytes, etag: str = '"two"') -> Answer:
    """The file is another one from now on."""

    def answer(exchange: Exchange) -> None:
        exchange.site.content, exchange.site.etag = content, etag
        exchange.site.last_modified = "Wed, 06 Mar 2024 00:04:12 GMT"
        whole(exchange)

    return answer


def before_it_changes(content: bytes) -> Answer:
    """The file as it is, which is another one right behind it."""

    def answer(exchange: Exchange) -> None:
        whole(exchange)
        exchange.site.content, exchange.site.etag = content, '"two"'

    return answer


def unfinished(content: bytes) -> Answer:
    """What is there of a file that somebody is writing."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, Content_Length=len(content))
        exchange.send(content)

    return answer


@contextmanager
def serve(site: Site, certificate: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve it while the block runs; the address stands in `url`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

        def get_request(self) -> Any:
            connection, address = super().get_request()
            if certificate is None:
                return connection, address
            try:
                return certificate.wrap_socket(connection, server_side=True), address
            except OSError:
                connection.close()
                raise

        def handle_error(self, *_: Any) -> None:
            pass

    handler = type("Handler", (Exchange,), {"site": site})
    with Server(("127.0.0.1", 0), handler) as server:
        scheme = "http" if certificate is None else "https"
        site.url = f"{scheme}://127.0.0.1:{server.server_port}/pub/Sor.zip"
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        try:
            yield site
        finally:
            site.leaving.set()
            server.shutdown()
            thread.join()


def wait_for(happens: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until it is so; fail where it never is."""
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until
        time.sleep(0.005)
