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

from tests.fetch.site import Site, serve
from tests.kafka.broker import SERVING, Broker
from tests.kafka.decade import Decade
from tests.kafka.place import TOPICS, Place

from .results import describe_machine

REPORT = Path(__file__).with_name("DECADE.md")
NIGHTS = 3650


def live(folder: Path, nights: int, seed: int) -> list[tuple[str, str]]:
    """Live so many nights; what was seen, and how long it took."""
    rows = []
    now = datetime.now(timezone.utc)
    with Broker(folder / "broker", java=SERVING) as broker, serve(Site(b"", date=now)) as site:
        place = Place(folder=folder / "place", bootstrap=broker.bootstrap, prefix="decade.")
        place.folder.mkdir()
        decade = Decade(place, site, nights, now.date(), seed=seed)
        began, cores = time.monotonic(), time.process_time()
        decade.live()
        lived, worked = time.monotonic() - began, time.process_time() - cores
        rows.append(
            ("the nights", f"{lived / 60:.1f} minutes, cores {worked / 60:.1f} without the broker")
        )
        began = time.monotonic()
        decade.prove()
        rows.append(
            (
                "the proof: verify --topics, a replica, archive verify, rebuild --compare",
                f"{(time.monotonic() - began) / 60:.1f} minutes",
            )
        )
        rows += [(what, f"{count:,}") for what, count in sorted(decade.done.items())]
        for name, query in (
            ("runs", "SELECT count(*) FROM runs"),
            ("events with a sequence", "SELECT count(*) FROM events WHERE sequence IS NOT NULL"),
        ):
            rows.append((name, f"{place.rows(query)[0][0]:,}"))
        rows.append(("messages in the topics", f"{len(place.seen(*TOPICS)):,}"))
        for name in ("sordiff.db", "archive"):
            rows.append((f"size of {name}", f"{_size(place.folder / name) / 1e6:.1f} MB"))
    return rows


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
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="decade-") as folder:
        rows = live(Path(folder), wanted.nights, wanted.seed)
    text = "\n".join(
        [
            "# A decade of nights",
            "",
            f"{describe_machine()}",
            "",
            f"{wanted.nights:,} nights of a small register, seed {wanted.seed}; written by {_name_call(wanted.nights)}. At the end",
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
