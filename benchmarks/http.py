"""`sordiff serve` beside Datasette on the same changelog: `python -m benchmarks.http CHANGELOG.db`.

`wrk` (Debian has it) asks each in turn over 16 connections: a unit by a random id, and 100 events
from a random place. Then what people wait for, also while NIGHT.xml is recorded, streams that wait,
and 10,000 connections. With `--write` it goes into benchmarks/HTTP.md.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.http_report import write_section
from benchmarks.http_servers import Served, serving
from benchmarks.http_waits import (
    measure_connections,
    measure_front,
    measure_search,
    measure_streams,
)
from benchmarks.results import describe_machine

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


class Load:
    """What wrk says of a few seconds."""

    def __init__(self, served: Served, paths: Sequence[str], seconds: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            script, listed = Path(folder, "paths.lua"), Path(folder, "paths")
            script.write_text(_SCRIPT, "utf-8")
            listed.write_text("".join(f"{path}\n" for path in paths), "utf-8")
            before = served.read_cpu()
            address = f"http://127.0.0.1:{served.port}"
            words = ["wrk", "-t1", "-c16", f"-d{seconds}", "--latency", "-s", str(script), address]
            said = subprocess.run(
                [*words, "--", str(listed)], check=True, capture_output=True, text=True
            ).stdout
            worked = served.read_cpu() - before
        assert "Non-2xx" not in said, said
        self.rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])
        self.middle, self.late = (
            float(number) * _UNITS_IN_MS[unit]
            for number, unit in re.findall(r"(?:50|99)%\s+([\d.]+)(us|ms|s)\b", said)
        )
        count = int(re.findall(r"(\d+) requests in", said)[0])
        self.core = worked / count * 1e6


def compare(database: Path, seconds: int) -> Iterator[str]:
    ids, places = choose(database)
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
    yield (
        f"16 connections of wrk, {UNITS:,} units and {PLACES} places of the events in random order."
        " *again* is the second load of the same ones. Others may have used the machine meanwhile, so"
        " that the time that a core worked for a request stands beside."
    )
    yield ""
    yield "| | server | time | requests a second | p50 ms | p99 ms | µs of a core each |"
    yield "|---|---|---|--:|--:|--:|--:|"
    best: dict[tuple[str, str], Load] = {}
    for server in ("sordiff", "Datasette"):
        with serving(server, database) as served:
            for what, paths in asked.items():
                for turn in ("first", "again"):
                    load = best[what, server] = Load(served, paths[server], seconds)
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


def choose(database: Path) -> tuple[list[str], list[int]]:
    """Units, and places among the events."""
    rng = random.Random(17)
    with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as changelog:
        units = [sor_id for (sor_id,) in changelog.execute("SELECT sor_id FROM units")]
        places = [
            at for (at,) in changelog.execute("SELECT sequence FROM events WHERE sequence > 0")
        ]
    return rng.sample(units, UNITS), rng.choices(places, k=PLACES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path, metavar="CHANGELOG.db")
    parser.add_argument(
        "night", type=Path, metavar="NIGHT.xml", help="the snapshot that comes next"
    )
    parser.add_argument("--seconds", type=int, default=4, help="of each load")
    parser.add_argument("--only", choices=("loads", "waits"))
    parser.add_argument("--write", action="store_true", help="write benchmarks/HTTP.md")
    wanted = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if wanted.only != "waits":
        write("Beside Datasette", compare(wanted.database, wanted.seconds), into=wanted.write)
    if wanted.only != "loads":
        waits = (
            *measure_search(wanted.database),
            *measure_front(wanted.database, wanted.night),
            *measure_streams(wanted.database),
            *measure_connections(wanted.database),
        )
        write("What people wait for, and what waits", waits, into=wanted.write)


def write(title: str, told: Iterable[str], *, into: bool) -> None:
    """Print what was measured, and put it into the report."""
    lines = [describe_machine(), ""]
    for line in told:
        print(line, flush=True)
        lines.append(line)
    if into:
        write_section(title, lines)


if __name__ == "__main__":
    main()
