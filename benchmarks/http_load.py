"""An hour of everything at once: `python -m benchmarks.http_load FOLDER [--minutes 60] [--write]`.

`sordiff serve` over a changelog of full size, asked for all that it has at a low and steady rate,
with streams and long polls that come and go, and a night every few minutes. Its memory, files and
threads are looked at every ten seconds. FOLDER takes the snapshots and the changelog, about 1 GB.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp

from benchmarks.archive import Register
from benchmarks.http_questions import Questions
from benchmarks.http_report import write_section
from benchmarks.http_servers import Served, serving
from benchmarks.results import describe_machine

STREAMS, POLLS = 30, 10
CHANGES = 300
MOST_IN_FLIGHT = 64
LOOK_SECONDS = 10
WARM_UP = 1 / 3  # of the time


@dataclass(frozen=True)
class Look:
    """The server at a moment: minutes since the start, megabytes, files, threads, nights."""

    minute: float
    anonymous: float
    mapped: float
    files: int
    threads: int
    nights: int


def tell_nights(folder: Path, scale: float, pause: float, nights: Connection) -> None:
    """In a process of its own: the baseline, and from then on a night after each pause."""
    register = Register(folder, scale)
    _ingest(folder, register.file)
    nights.send(0)
    number = 0
    while not nights.poll(pause):
        register.next(round(CHANGES * scale))
        _ingest(folder, register.file)
        number += 1
        nights.send(number)


def _ingest(folder: Path, snapshot: Path) -> None:
    words = ["ingest", str(snapshot), "--accept", "--reason", "load"]
    words += ["--db", str(folder / "sordiff.db")]
    subprocess.run([sys.executable, "-m", "sordiff", *words], check=True, stdout=subprocess.DEVNULL)


class Load:
    """What is asked, and what comes of it."""

    def __init__(self, served: Served, questions: Questions, nights: Connection) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.failed: Counter[str] = Counter()
        self.streamed = self.left_out = self.in_flight = 0
        self.looks: list[Look] = []
        self._served, self._questions, self._nights = served, questions, nights
        self._told = 0

    async def run(self, seconds: float, rate: float) -> None:
        """Ask at the rate for so long, and look meanwhile."""
        address = f"http://127.0.0.1:{self._served.port}"
        timeout = aiohttp.ClientTimeout(total=120)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            address, timeout=timeout, connector=connector, auto_decompress=False
        ) as session:
            beside = [asyncio.create_task(self._look())]
            beside += [asyncio.create_task(self._stream(session)) for _ in range(STREAMS)]
            beside += [asyncio.create_task(self._poll(session)) for _ in range(POLLS)]
            await self._ask_steadily(session, seconds, rate)
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def _ask_steadily(
        self, session: aiohttp.ClientSession, seconds: float, rate: float
    ) -> None:
        begun, asked = time.monotonic(), 0
        asking: set[asyncio.Task[None]] = set()
        while (passed := time.monotonic() - begun) < seconds:
            while asked < passed * rate:
                asked += 1
                if self.in_flight >= MOST_IN_FLIGHT:
                    self.left_out += 1
                    continue
                self.in_flight += 1
                task = asyncio.create_task(self._ask(session))
                asking.add(task)
                task.add_done_callback(asking.discard)
            await asyncio.sleep(0.01)
        await asyncio.gather(*asking)

    async def _ask(self, session: aiohttp.ClientSession) -> None:
        kind, path, headers = self._questions.choose()
        begun = time.perf_counter()
        try:
            async with session.get(path, headers=headers) as answer:
                await answer.read()
                self.statuses[kind, answer.status] += 1
                self._questions.note(path, answer.headers.get("ETag"))
            self.took[kind].append((time.perf_counter() - begun) * 1e3)
        except (aiohttp.ClientError, TimeoutError) as error:
            self.failed[f"{kind}: {type(error).__name__}"] += 1
        finally:
            self.in_flight -= 1

    async def _stream(self, session: aiohttp.ClientSession) -> None:
        """Connects, hears some events or none, and leaves without a word."""
        rng = self._questions.rng
        while True:
            try:
                path = f"/v1/stream?since={self._questions.choose_place()}"
                async with asyncio.timeout(rng.expovariate(1 / 20)), session.get(path) as answer:
                    async for line in answer.content:
                        self.streamed += line.startswith(b"id:")
            except TimeoutError:
                pass
            except aiohttp.ClientError as error:
                self.failed[f"stream: {type(error).__name__}"] += 1
                await asyncio.sleep(1)

    async def _poll(self, session: aiohttp.ClientSession) -> None:
        path = "/v1/events?wait=20&since=0"
        while True:
            try:
                async with session.get(path) as answer:
                    await answer.read()
                    self.statuses["long poll", answer.status] += 1
                    path = answer.headers["Link"].partition("<")[2].partition(">")[0]
            except aiohttp.ClientError as error:
                self.failed[f"long poll: {type(error).__name__}"] += 1
                await asyncio.sleep(1)

    async def _look(self) -> None:
        begun = time.monotonic()
        while True:
            while self._nights.poll():
                self._told = self._nights.recv()
            look = Look(
                minute=(time.monotonic() - begun) / 60,
                anonymous=self._served.read_status("RssAnon") / 1024,
                mapped=self._served.read_status("RssFile") / 1024,
                files=self._served.count_files(),
                threads=self._served.read_status("Threads"),
                nights=self._told,
            )
            self.looks.append(look)
            print(look, flush=True)
            await asyncio.sleep(LOOK_SECONDS)


def describe_priority() -> str:
    """Whether the server and what asks it went before what else the machine had to do."""
    if os.sched_getscheduler(0) != os.SCHED_OTHER:
        return "All of it went before whatever else the machine had to do (`chrt -r`)."
    if os.nice(0):
        return "All of it gave way to whatever else the machine had to do (`nice`)."
    return f"On average {os.getloadavg()[2]:.1f} processes were at work."


def report(load: Load, minutes: float, rate: float, pause: float) -> Iterator[str]:
    """What came of it, as lines of Markdown."""
    warm = [look for look in load.looks if look.minute >= minutes * WARM_UP]
    at = [look.minute for look in warm]
    used = [look.anonymous for look in warm]
    asked = sum(load.statuses.values())
    yield (
        f"{minutes:.0f} minutes, {rate:.0f} requests a second of all kinds, {STREAMS} streams and"
        f" {POLLS} long polls that come and go, a night every {pause / 60:.0f} minutes."
        f" {describe_priority()}"
    )
    yield ""
    slope = statistics.linear_regression(at, used).slope * 60
    middle = len(used) // 2
    halves = [statistics.median(half) for half in (used[:middle], used[middle:])]
    yield (
        f"- memory of its own (RssAnon) after the first {minutes * WARM_UP:.0f} minutes:"
        f" **{slope:+.1f} MB an hour** by least squares; median of the first half"
        f" {halves[0]:.0f} MB, of the second {halves[1]:.0f} MB, most {max(used):.0f} MB."
    )
    least = [
        f"{min(one.anonymous for one in load.looks if part <= one.minute < part + 10):.0f}"
        for part in range(0, max(10, int(minutes) // 10 * 10), 10)
    ]
    yield f"- the least of each ten minutes, which is what stays: {', '.join(least)} MB."
    yield (
        f"- files {min(look.files for look in warm)}–{max(look.files for look in warm)}, threads"
        f" {min(look.threads for look in warm)}–{max(look.threads for look in warm)};"
        f" nights {load.looks[-1].nights}."
    )
    faults = {key: n for key, n in load.statuses.items() if key[1] >= 500}  # a fault
    yield (
        f"- {asked:,} answers, {load.streamed:,} events by stream; with 5xx"
        f" {sum(faults.values())}{f' {faults}' if faults else ''}; broken connections"
        f" {sum(load.failed.values())}{f' {dict(load.failed)}' if load.failed else ''}; not asked"
        f" because {MOST_IN_FLIGHT} were under way {load.left_out:,}."
    )
    yield from ("", "| minute | RssAnon MB | mapped MB | files | threads | nights |")
    yield "|--:|--:|--:|--:|--:|--:|"
    for look in load.looks[:: max(1, len(load.looks) // 20)]:
        yield (
            f"| {look.minute:.0f} | {look.anonymous:.0f} | {look.mapped:.0f} | {look.files} |"
            f" {look.threads} | {look.nights} |"
        )
    yield from ("", "| asked | answers | p50 ms | p99 ms |", "|---|---|--:|--:|")
    for kind, took in sorted(load.took.items()):
        told = [(status, n) for (of, status), n in sorted(load.statuses.items()) if of == kind]
        each = ", ".join(f"{n:,} × {status}" for status, n in told)
        late = sorted(took)[int(len(took) * 0.99)]
        yield f"| {kind} | {each} | {statistics.median(took):.1f} | {late:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=100, help="requests a second")
    parser.add_argument("--pause", type=float, default=240, help="seconds between nights")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is the size of the register")
    parser.add_argument("--write", action="store_true", help="write the section of HTTP.md")
    wanted = parser.parse_args()
    wanted.folder.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="load-", dir=wanted.folder))
    here, there = multiprocessing.get_context("spawn").Pipe()
    telling = multiprocessing.get_context("spawn").Process(
        target=tell_nights, args=(folder, wanted.scale, wanted.pause, there), daemon=True
    )
    telling.start()
    here.recv()  # the baseline is there
    database = folder / "sordiff.db"
    with serving("sordiff", database) as served:
        load = Load(served, Questions(database), here)
        asyncio.run(load.run(wanted.minutes * 60, wanted.rate))
    here.send(None)
    lines = [describe_machine(), "", *report(load, wanted.minutes, wanted.rate, wanted.pause)]
    print("\n".join(lines))
    if wanted.write:
        write_section("An hour of load", lines)
    telling.join(60)


if __name__ == "__main__":
    main()
