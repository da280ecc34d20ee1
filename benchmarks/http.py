"""`sordiff serve` beside Datasette on the same changelog: `python -m benchmarks.http CHANGELOG.db`.

`wrk` (Debian has it) asks each in turn over 16 connections: a unit by a random id, and 100 events
from a random place. Then what people wait for, streams that wait, and 10,000 connections. With
`--write` it goes into benchmarks/HTTP.md.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import random
import re
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from benchmarks.results import describe_machine

REPORT = Path(__file__).with_name("HTTP.md")
STREAMS = 1_000
CONNECTIONS = 10_000
PORTS = {"sordiff": 8391, "Datasette": 8392}
# Each answers these many units, and events from these many places, over and over.
UNITS, PLACES = 3_000, 300
_SCRIPT = """
local paths, at = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = wrk.format("GET", line) end
  math.randomseed(17)
end
function request() return paths[math.random(#paths)] end
"""
_UNITS_IN_MS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@contextmanager
def serving(name: str, database: Path) -> Iterator[int]:
    """The server, when it answers and works no more; its process id."""
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
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not answers(name):
                time.sleep(0.05)
            used = -1.0
            while read_cpu(process.pid) - used > 0.02:  # it indexes the register at first
                used = read_cpu(process.pid)
                time.sleep(0.5)
            yield process.pid
        finally:
            process.kill()


def answers(name: str) -> bool:
    try:
        ask(name, "/health" if name == "sordiff" else "/-/versions.json")
    except OSError:
        return False
    return True


def ask(name: str, path: str) -> float:
    """The milliseconds of a request over a connection of its own."""
    begun = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", PORTS[name], timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise OSError(path)
    return (time.perf_counter() - begun) * 1e3


def read_cpu(pid: int) -> float:
    """The seconds that the cores worked for a process."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def read_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


class Load:
    """What wrk says of a few seconds."""

    def __init__(self, name: str, pid: int, paths: Sequence[str], seconds: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            script, listed = Path(folder, "paths.lua"), Path(folder, "paths")
            script.write_text(_SCRIPT, "utf-8")
            listed.write_text("".join(f"{path}\n" for path in paths), "utf-8")
            before = read_cpu(pid)
            address = f"http://127.0.0.1:{PORTS[name]}"
            words = ["wrk", "-t1", "-c16", f"-d{seconds}", "--latency", "-s", str(script), address]
            said = subprocess.run(
                [*words, "--", str(listed)], check=True, capture_output=True, text=True
            ).stdout
            worked = read_cpu(pid) - before
        assert "Non-2xx" not in said, said
        self.rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
        self.middle, self.late = (
            float(number) * _UNITS_IN_MS[unit]
            for number, unit in re.findall(r"(?:50|99)%\s+([\d.]+)(us|ms|s)\b", said)
        )
        count = int(re.findall(r"(\d+) requests in", said)[0])
        self.core = worked / count * 1e6


def compare(database: Path, seconds: int) -> Iterator[str]:
    ids, places, _ = choose(database)
    name = database.stem
    asked = {
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
    yield "| | server | time | requests a second | p50 ms | p99 ms | µs of a core each |"
    yield "|---|---|---|--:|--:|--:|--:|"
    best: dict[tuple[str, str], Load] = {}
    for server in PORTS:
        with serving(server, database) as pid:
            for what, paths in asked.items():
                for turn in ("first", "again"):
                    load = best[what, server] = Load(server, pid, paths[server], seconds)
                    yield (
                        f"| {what} | {server} | {turn} | {load.rate:,.0f} | {load.middle:.1f} |"
                        f" {load.late:.1f} | {load.core:.0f} |"
                    )
    yield ""
    for what in asked:
        ours, theirs = best[what, "sordiff"], best[what, "Datasette"]
        yield (
            f"- **{what}**, again: {ours.rate / theirs.rate:.1f} × the requests a second (target 10),"
            f" p99 {ours.late / theirs.late:.2f} of Datasette's (target 0.25),"
            f" {theirs.core / ours.core:.1f} × fewer seconds of a core."
        )


def choose(database: Path) -> tuple[list[str], list[int], list[str]]:
    """Units, places among the events, and words to search for."""
    rng = random.Random(17)
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as changelog:
        units = changelog.execute("SELECT sor_id, name FROM units").fetchall()
        sequences = changelog.execute("SELECT sequence FROM events WHERE sequence > 0").fetchall()
    names = [name.split() for _, name in rng.sample(units, 300) if name]
    words = [word[: rng.randint(3, 9)] for name in names for word in name[:1] if word.isalnum()]
    ids = [sor_id for sor_id, _ in rng.sample(units, UNITS)]
    return ids, [place for (place,) in rng.choices(sequences, k=PLACES)], words[:200]


def measure_waits(database: Path) -> Iterator[str]:
    _, _, words = choose(database)
    with serving("sordiff", database) as pid:
        front = ask("sordiff", "/")
        took = sorted(ask("sordiff", f"/v1/search?q={quote(word)}") for word in words)
        yield f"- search, {len(took)} words: p50 {took[len(took) // 2]:.1f} ms, p95 {took[int(len(took) * 0.95)]:.1f} ms (target 30)."
        yield f"- front page, the first visitor after a start: {front:.0f} ms (target 100)."
        last = 0
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as read:
            last = read.execute("SELECT max(sequence) FROM events").fetchone()[0] or 0
        before = read_megabytes(pid)
        after = asyncio.run(_keep_streams(pid, last))
        yield f"- {STREAMS:,} streams that wait: {after - before:.0f} MB beyond {before:.0f} MB (target 50)."
    with serving("sordiff", database) as pid:
        before = read_megabytes(pid)
        with ExitStack() as stack:
            kept = [
                stack.enter_context(socket.create_connection(("127.0.0.1", PORTS["sordiff"])))
                for _ in range(CONNECTIONS)
            ]
            for connection in kept:
                connection.sendall(b"GET /health HTTP/1.1\r\nX-Slow: ")
            took = (
                sorted(ask("sordiff", "/health") for _ in range(20)) if answers("sordiff") else []
            )
            after = read_megabytes(pid)
        state = f"p50 {took[10]:.1f} ms" if took else "sent away with 503: none is left"
        yield f"- {CONNECTIONS:,} connections that drip: {after - before:.0f} MB; /health meanwhile: {state}."
        while not answers("sordiff"):
            time.sleep(0.2)
        yield "- When they are gone, or closed after 20 seconds, all is answered again."


async def _keep_streams(pid: int, last: int) -> float:
    kept = []
    for _ in range(STREAMS):
        reader, writer = await asyncio.open_connection("127.0.0.1", PORTS["sordiff"])
        writer.write(f"GET /v1/stream?since={last} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await reader.readuntil(b"still here\n")
        kept.append(writer)
    used = read_megabytes(pid)
    for writer in kept:
        writer.close()
    return used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--seconds", type=int, default=4, help="of each load")
    parser.add_argument("--write", action="store_true", help="write benchmarks/HTTP.md")
    wanted = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    lines = [
        "# HTTP",
        "",
        describe_machine(),
        "",
        (
            "Written by `python -m benchmarks.http CHANGELOG.db --write`: one process each, 16 connections"
            f" of wrk, {UNITS:,} units and {PLACES} places of the events in random order. *again* is the"
            " second load of the same ones. Others may have used the machine meanwhile, so that the time"
            " that a core worked for a request stands beside."
        ),
        "",
    ]
    for part in (compare(wanted.database, wanted.seconds), ("",), measure_waits(wanted.database)):
        for line in part:
            print(line, flush=True)
            lines.append(line)
    if wanted.write:
        REPORT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
