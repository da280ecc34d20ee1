"""What people wait for, and what waits: searches, the front page, streams and idle connections."""

from __future__ import annotations

import asyncio
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

from benchmarks.http_questions import Questions
from benchmarks.http_servers import Served, serving

SEARCHES = 200
STREAMS = 1_000
MORE_STREAMS = 4_000
CONNECTIONS = 10_000
ASKED_BEFORE = 1_500
VISIT_SECONDS = 0.02


def measure_search(database: Path) -> Iterator[str]:
    rng = random.Random(17)
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as changelog:
        names = [name for (name,) in changelog.execute("SELECT name FROM units") if name]
    words = [name.split()[0][: rng.randint(3, 9)] for name in rng.sample(names, 2 * SEARCHES)]
    words = [word for word in words if word.isalnum()][:SEARCHES]
    with serving("sordiff", database) as served:
        for what, path in (("search", "/v1/search"), ("search as you type", "/search/candidates")):
            took = sorted(served.ask(f"{path}?q={quote(word)}") for word in words)
            yield (
                f"- {what}, {len(took)} words: p50 {took[len(took) // 2]:.1f} ms, p95"
                f" {took[int(len(took) * 0.95)]:.1f} ms (target 30)."
            )
        took = sorted(served.ask(f"/search?q={quote(word)}") for word in words)
        yield f"- the page of a search: p95 {took[int(len(took) * 0.95)]:.1f} ms."


def measure_front(database: Path, night: Path) -> Iterator[str]:
    """The first visitor after a start, and those who come while a night is recorded."""
    with tempfile.TemporaryDirectory(dir=night.parent) as folder:
        copy = Path(shutil.copy(database, Path(folder, "sordiff.db")))
        with serving("sordiff", copy) as served:
            yield f"- front page, the first visitor after a start: {served.ask('/'):.0f} ms (target 100)."
            visits: list[tuple[float, float]] = []
            ended = threading.Event()
            visiting = threading.Thread(target=_visit, args=(served, visits, ended))
            visiting.start()
            words = ["ingest", str(night), "--db", str(copy), "--accept", "--reason", "measured"]
            subprocess.run(
                [sys.executable, "-m", "sordiff", *words], check=True, stdout=subprocess.DEVNULL
            )
            recorded = time.perf_counter()
            time.sleep(5)
            ended.set()
            visiting.join()
    took = sorted(ms for _, ms in visits)
    after = [ms for at, ms in visits if at > recorded]
    yield (
        f"- front page, a visitor every {VISIT_SECONDS * 1e3:.0f} ms while a night is recorded and for"
        f" 5 seconds afterwards, {len(took)} in all: p50 {took[len(took) // 2]:.1f} ms, slowest"
        f" {took[-1]:.0f} ms; slowest after its end {max(after):.0f} ms (target 100)."
    )


def _visit(served: Served, visits: list[tuple[float, float]], ended: threading.Event) -> None:
    while not ended.wait(VISIT_SECONDS):
        visits.append((time.perf_counter(), served.ask("/")))


def measure_streams(database: Path) -> Iterator[str]:
    """What was used and given back before would hide what streams take: so it is given to the system first, and more streams come than are there to fill it."""
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as read:
        last = read.execute("SELECT max(sequence) FROM events").fetchone()[0] or 0
    with serving("sordiff", database, trims=True) as served:
        questions = Questions(database)
        for _ in range(ASKED_BEFORE):
            served.ask_whatever_comes(questions.choose()[1])
        served.settle()
        served.trim()
        before = served.read_status("RssAnon") / 1024
        at_once, more = asyncio.run(_keep_streams(served, last))
    each = (more - at_once) / (MORE_STREAMS - STREAMS) * STREAMS
    yield (
        f"- {STREAMS:,} streams that wait: {at_once - before:.0f} MB beyond {before:.0f} MB (target"
        f" 50; RssAnon, of a server that has answered {ASKED_BEFORE:,} requests of all kinds and given"
        f" back what it did not need, by malloc_trim). From {STREAMS:,} to {MORE_STREAMS:,}:"
        f" {each:.0f} MB for each {STREAMS:,}."
    )


async def _keep_streams(served: Served, last: int) -> tuple[float, float]:
    """The megabytes with the first streams, and with more of them."""
    kept, used = [], []
    for number in range(1, MORE_STREAMS + 1):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(f"GET /v1/stream?since={last} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await reader.readuntil(b"still here\n")
        kept.append(writer)
        if number in {STREAMS, MORE_STREAMS}:
            used.append(served.read_status("RssAnon") / 1024)
    for writer in kept:
        writer.close()
    return used[0], used[1]


def measure_connections(database: Path) -> Iterator[str]:
    with serving("sordiff", database) as served:
        before = served.read_status("RssAnon") / 1024
        with ExitStack() as stack:
            kept = [
                stack.enter_context(socket.create_connection(("127.0.0.1", served.port)))
                for _ in range(CONNECTIONS)
            ]
            for connection in kept:
                connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
            opened = served.count_files()
            took = sorted(served.ask("/health") for _ in range(20))
            after = served.read_status("RssAnon") / 1024
        yield (
            f"- {CONNECTIONS:,} connections that drip: {after - before:.0f} MB beyond {before:.0f} MB,"
            f" {opened:,} files open; /health meanwhile: p50 {took[10]:.1f} ms, slowest"
            f" {took[-1]:.1f} ms, all 200."
        )
        begun = time.perf_counter()
        while served.count_files() > CONNECTIONS // 100:
            time.sleep(0.1)
        yield f"- When they are gone: all closed after {time.perf_counter() - begun:.1f} s, /health {served.ask('/health'):.1f} ms."
