"""Real servers on loopback: what they were sent, and how they answered."""

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpReceiver:
    url: str
    posts: list[Received] = field(default_factory=list)
    leaving: Event = field(default_factory=Event)


def status(code: int, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@contextmanager
def http_receiver(
    *answers: Answer, certificate: ssl.SSLContext | None = None
) -> Iterator[HttpReceiver]:
    """Gives one answer after the other, and the last one for ever."""
    left = list(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.posts.append(Received(self.path, dict(self.headers), body))
            (left.pop(0) if len(left) > 1 else left[0])(self)

        do_GET = do_POST  # noqa: N815 - http.server's name

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002 - its parameter
            pass

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

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "http" if certificate is None else "https"
        receiver = HttpReceiver(f"{scheme}://127.0.0.1:{server.server_port}/hook")
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        try:
            yield receiver
        finally:
            receiver.leaving.set()
            server.shutdown()
            thread.join()


@dataclass
class Mail:
    sender: str
    recipients: list[str]
    content: bytes
    secret: bool
    user: str | None


@dataclass
class MailServer:
    """What arrived; a recipient in `unknown` is refused with `refusal`."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    refusal: str = "550 no such mailbox\x1b[31m here"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - same
        secret = server.transport.get_extra_info("ssl_object") is not None
        user = session.auth_data.login.decode() if session.authenticated else None
        self.mails.append(
            Mail(envelope.mail_from, envelope.rcpt_tos, envelope.content, secret, user)
        )
        return "250 OK"


@contextmanager
def mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> Iterator[MailServer]:
    arrived = MailServer()
    loop = asyncio.new_event_loop()

    def authenticate(
        _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any
    ) -> AuthResult:
        wanted = LoginPassword(*(part.encode() for part in login or ("", "")))
        return AuthResult(success=given == wanted, handled=False, auth_data=given)

    def protocol() -> SMTP:
        return SMTP(
            arrived,
            hostname="mail.test",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=authenticate if login else None,
            auth_require_tls=starttls is not None,
        )

    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))
    arrived.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield arrived
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.sleep(0.05)
