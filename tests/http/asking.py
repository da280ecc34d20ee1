"""The server in a thread of the test's own process, and a client that asks it over a socket."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from msgspec.structs import replace

from sordiff.access import TokenFile
from sordiff.cli.clock import read_clock
from sordiff.cli.deciding import build_decider
from sordiff.http.app import build_app
from sordiff.http.deciding.routes import build_deciding
from sordiff.http.pages.routes import build_pages
from sordiff.http.request_reader import RequestReader
from sordiff.http.server import Server
from sordiff.http.sign_in.access import Access
from sordiff.http.sign_in.audit import AuditLog
from sordiff.settings import Settings
from sordiff.store.register_index import SqliteRegisterIndex
from sordiff.store.served_changelog import ServedSqliteChangelog
from tests.cli.product import sordiff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 120


def record(folder: Path, *arguments: str | Path) -> None:
    """Ingest in a process of its own, as it is: within ours SQLite would lose the locks of the server's connections."""
    words = ("--accept", "--reason", "the demo")
    done = sordiff("ingest", *arguments, *words, folder=folder)
    assert done.code == 0, done.err


class Client(httpx.Client):
    """Asks a server at an address."""

    def __init__(self, address: str) -> None:
        super().__init__(base_url=address, timeout=_PATIENCE, trust_env=False)

    def ask(self, path: str, **parameters: str | int) -> Any:
        """What is there, which must be there."""
        answer = self.get(path, params=parameters or None)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def problem(self, path: str, status: int, **parameters: str | int) -> dict[str, Any]:
        """The problem document of an answer that must be one."""
        answer = self.get(path, params=parameters or None)
        assert answer.status_code == status, (path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = answer.json()
        assert problem["status"] == status
        return problem


@contextmanager
def serving(
    database: Path,
    *,
    keep_alive_seconds: float = 15,
    request_seconds: float = 20,
    most_connections: int = 1_000,
    given: Settings | None = None,
    config: Path | None = None,
    said: list[str] | None = None,
    tick: Callable[[], float] = time.monotonic,
    waits: int = 20,
) -> Iterator[Client]:
    """A server over that changelog, and a client of it; both are gone when the block ends.

    `given`: its settings, which also stand in `config` for the processes of decisions; `said` takes the lines of its log; `tick` is its clock for what ends after a time, `waits` the patience of a decision.
    """
    settings = given or Settings()
    lines: list[str] = [] if said is None else said
    audit = AuditLog(lines.append, read_clock)
    access = Access(settings.serve, TokenFile(database), audit, read_clock, tick)
    addresses: queue.Queue[str] = queue.Queue()
    changelog = ServedSqliteChangelog(database)
    index = SqliteRegisterIndex(changelog)
    reader = RequestReader(changelog, index, read_clock)
    deciding = build_deciding(reader, access, build_decider(database, config, settings, waits))
    server = Server(
        build_app(
            reader,
            [*deciding, *build_pages(reader)],
            access=access,
            keep_alive_seconds=keep_alive_seconds,
        ),
        replace(settings.serve, port=0, request_seconds=request_seconds),
        on_ready=addresses.put,
        on_end=reader.watch.end,
        most_connections=most_connections,
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        with Client(addresses.get(timeout=_PATIENCE)) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        index.close()
        changelog.close()
