"""`sordiff serve` beside Datasette on the same changelog: `python -m benchmarks.http CHANGELOG.db`.

Both answer in turns to 16 connections: one unit by a random id, and a page of 100 events from a random place. Then streams that wait, and what they cost.
"""

import asyncio
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

CONNECTIONS = 16
SECONDS = 4.0
STREAMS = 1_000
PORTS = {"sordiff": 8391, "Datasette": 8392}
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@contextmanager
def serving(name: str, database: Path) -> Iterator[subprocess.Popen[bytes]]:
    port = str(PORTS[name])
    words = {
        "sordiff": ["-m", "sordiff", "serve", "--db", str(database), "--port", port],
        "Datasette": [
            "-m",
            "datasette",
            "serve",
            str(database),
            "-p",
            port,
            "--setting",
            "sql_time_limit_ms",
            "60000",
        ],
    }[name]
    process = subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(3000):
            try:
                asyncio.run(ask(name, ["/health" if name == "sordiff" else "/-/versions.json"]))
                break
            except OSError:
                time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


async def ask(name: str, paths: list[str]) -> list[float]:
    """One connection that asks one path after another; the seconds of each."""
    reader, writer = await asyncio.open_connection("127.0.0.1", PORTS[name])
    found = []
    for path in paths:
        begun = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), (path, head)
        length = _LENGTH.search(head)
        if length:
            await reader.readexactly(int(length[1]))
        else:
            await read_chunks(reader)
        found.append(time.perf_counter() - begun)
    writer.close()
    return found


async def read_chunks(reader: asyncio.StreamReader) -> None:
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def load(name: str, paths: list[str]) -> tuple[float, list[float]]:
    """All connections until the time is up: requests a second, and how long each took."""
    took: list[float] = []
    end = time.perf_counter() + SECONDS

    async def one(number: int) -> None:
        rng = random.Random(number)
        while time.perf_counter() < end:
            took.extend(await ask(name, rng.choices(paths, k=20)))

    begun = time.perf_counter()
    await asyncio.gather(*map(one, range(CONNECTIONS)))
    return len(took) / (time.perf_counter() - begun), sorted(took)


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text("utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


async def open_streams(count: int, last: int) -> list[asyncio.StreamWriter]:
    kept = []
    for _ in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", PORTS["sordiff"])
        writer.write(f"GET /v1/stream?since={last} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await reader.readuntil(b"still here\n")
        kept.append(writer)
    return kept


def main(database: Path) -> None:
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as changelog:
        ids = [
            row[0]
            for row in changelog.execute("SELECT sor_id FROM units ORDER BY random() LIMIT 3000")
        ]
        places = [
            row[0]
            for row in changelog.execute(
                "SELECT sequence FROM events WHERE sequence NOT NULL ORDER BY random() LIMIT 300"
            )
        ]
        last = changelog.execute("SELECT max(sequence) FROM events").fetchone()[0] or 0
    name = database.stem
    rows = {
        "a unit": {
            "sordiff": [f"/v1/units/{sor_id}" for sor_id in ids],
            "Datasette": [f"/{name}/units/{sor_id}.json" for sor_id in ids],
        },
        "100 events": {
            "sordiff": [f"/v1/events?since={place}&limit=100" for place in places],
            "Datasette": [
                f"/{name}/events.json?sequence__gt={place}&_sort=sequence&_size=100&_nocount=1&_nofacet=1"
                for place in places
            ],
        },
    }
    for what, paths in rows.items():
        for server in PORTS:
            with serving(server, database):
                for turn in ("first", "again"):
                    rate, took = asyncio.run(load(server, paths[server]))
                    middle, late = statistics.median(took), took[int(len(took) * 0.99)]
                    print(
                        f"{what:12} {server:10} {turn:6} {rate:8.0f}/s  p50 {middle * 1e3:6.1f} ms  p99 {late * 1e3:6.1f} ms"
                    )
    with serving("sordiff", database) as process:
        before = megabytes(process)

        async def keep() -> float:
            writers = await open_streams(STREAMS, last)
            used = megabytes(process)
            for writer in writers:
                writer.close()
            return used

        after = asyncio.run(keep())
        print(f"{STREAMS} streams: {after - before:.0f} MB beyond {before:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
