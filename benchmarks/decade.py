"""A decade of nights: `make decade` lives it, and writes benchmarks/DECADE.md.

Each night of a small register goes through `sordiff run`, called in this process: fetched from a server
on loopback, recorded, archived, and published to Apache Kafka. Nights are missing, come twice or
late, are cut off, misdated or half; imports are held and released; runs are corrected and retracted;
the extract goes from version 1 to 2 and 3. At the end the changelog, the topics, a replica of the
topics, the archive and a changelog made anew of it must agree.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.fetch.site import Site, serve
from tests.kafka.broker import SERVING, Broker, free_ports
from tests.kafka.decade import Decade
from tests.kafka.place import TOPICS, Place

from .results import describe_machine

REPORT = Path(__file__).with_name("DECADE.md")
NIGHTS = 3650
_TOLD_EVERY = 50


class Span(Struct, frozen=True, kw_only=True):
    """How long to live, and where: `minutes` ends it early, at the next morning."""

    folder: Path
    nights: int
    seed: int
    minutes: float


def live(span: Span) -> tuple[int, list[tuple[str, str]]]:
    """Live so many nights: how many they were, what was seen, and how long it took."""
    now = datetime.now(timezone.utc)
    folder = span.folder
    ports = _keep_ports(folder / "ports")
    with (
        Broker(folder / "broker", java=SERVING, ports=ports) as broker,
        serve(Site(b"", date=now)) as site,
    ):
        place = Place(folder=folder / "place", bootstrap=broker.bootstrap, prefix="decade.")
        place.folder.mkdir(exist_ok=True)
        decade = Decade(place, site, span.nights, now.date(), seed=span.seed)
        kept = folder / "lived.pickle"
        if kept.exists():
            decade.go_on(kept.read_bytes())
        rows = _live(decade, span, kept)
        began = time.monotonic()
        decade.prove()
        rows.append(
            (
                "the proof: verify --topics, a replica, archive verify, rebuild --compare",
                f"{(time.monotonic() - began) / 60:.1f} minutes",
            )
        )
        return decade.lived, rows + _count(decade)


def _keep_ports(kept: Path) -> list[int]:
    """Those that the broker of this folder had before: they are in its settings."""
    if not kept.exists():
        kept.write_text(" ".join(map(str, free_ports(2))))
    return [int(port) for port in kept.read_text().split()]


class Pace(Struct, frozen=True):
    """How long some nights took, up to one; `cores`: of this process, in seconds."""

    lived: int
    count: int
    seconds: float
    cores: float

    def __str__(self) -> str:
        """`450: 0.82 s, cores 0.14 s`."""
        each, core = self.seconds / self.count, self.cores / self.count
        return f"{self.lived}: {each:.2f} s, cores {core:.2f} s"


def _live(decade: Decade, span: Span, kept: Path) -> list[tuple[str, str]]:
    """All nights, as long as there is time. How it goes is told, and kept over all calls."""
    end, told = time.monotonic() + 60 * span.minutes, kept.with_name("pace.jsonl")
    while decade.lived < decade.nights and time.monotonic() < end:
        began, cores, first = time.monotonic(), time.process_time(), decade.lived
        until = min(decade.nights, first + _TOLD_EVERY)
        while decade.lived < until and time.monotonic() < end:
            decade.live_night()
            part = kept.with_suffix(".part")
            part.write_bytes(decade.keep())
            part.replace(kept)
        seconds, worked = time.monotonic() - began, time.process_time() - cores
        pace = Pace(decade.lived, decade.lived - first, seconds, worked)
        print(pace, flush=True)
        with told.open("ab") as file:
            file.write(msgspec.json.encode(pace) + b"\n")
    lines = told.read_bytes().splitlines() if told.exists() else []
    return _describe_pace([msgspec.json.decode(line, type=Pace) for line in lines])


def _describe_pace(paces: list[Pace]) -> list[tuple[str, str]]:
    """All in all, and each part of it at which a sixth more was done."""
    count = sum(pace.count for pace in paces)
    minutes = sum(pace.seconds for pace in paces) / 60
    cores = sum(pace.cores for pace in paces) / 60
    rows = [(f"{count:,} nights", f"{minutes:.1f} minutes, cores {cores:.1f} without the broker")]
    step = max(1, len(paces) // 6)
    return rows + [("a night, up to night", str(pace)) for pace in paces[step - 1 :: step]]


def _count(decade: Decade) -> list[tuple[str, str]]:
    """What was done, and what there is at the end."""
    place = decade.place
    rows = [(what, f"{count:,}") for what, count in sorted(decade.done.items())]
    for name, query in (
        ("runs", "SELECT count(*) FROM runs"),
        ("events with a sequence", "SELECT count(*) FROM events WHERE sequence IS NOT NULL"),
    ):
        rows.append((name, f"{place.rows(query)[0][0]:,}"))
    rows.append(("messages in the topics", f"{len(place.seen(*TOPICS)):,}"))
    sizes = {name: _size(place.folder / name) / 1e6 for name in ("sordiff.db", "archive")}
    return rows + [(f"size of {name}", f"{size:.1f} MB") for name, size in sizes.items()]


def _name_call(nights: int) -> str:
    if nights == NIGHTS:
        return "`make decade`"
    return f"`python -m benchmarks.decade --nights {nights}`: not yet the whole decade"


def _size(path: Path) -> int:
    return sum(p.stat().st_size for p in [path, *path.rglob("*")] if p.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write benchmarks/DECADE.md")
    parser.add_argument("--minutes", type=float, default=600, help="then prove what was lived")
    parser.add_argument("--folder", type=Path, help="go on with the nights that were lived there")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="decade-") as made:
        folder: Path = wanted.folder or Path(made)
        folder.mkdir(exist_ok=True)
        nights, seed = wanted.nights, wanted.seed
        span = Span(folder=folder, nights=nights, seed=seed, minutes=wanted.minutes)
        lived, rows = live(span)
    text = "\n".join(
        [
            "# A decade of nights",
            "",
            f"{describe_machine()}",
            "",
            f"{lived:,} nights of a small register, seed {seed}; written by {_name_call(lived)}. At the end",
            "the changelog, the topics, a replica of the topics, the archive and a changelog made anew of it agreed.",
            "",
            "| what | how often, or how long |",
            "|---|---|",
            *(f"| {what} | {found} |" for what, found in rows),
            "",
        ]
    )
    print(text)
    if wanted.write:
        REPORT.write_text(text)


if __name__ == "__main__":
    main()
