"""What goes out to Apache Kafka, with acks=all and exactly once, by both builds in turns on one broker.

The first state of a whole register, a night of many events with the states that it changed, and `--state`.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.kafka import jars
from tests.kafka.broker import SERVING, Broker
from tests.kafka.nights import kafka_place, topic_names
from tests.kafka.reading import read_to_the_end

from .builds import Build
from .kafka_nights import write_nights
from .processes import Command, Timing, print_progress, time_command
from .results import Row
from .rows import ACCEPTED, Bench
from .timed_rows import Target, build_share_row

_UNITS, _EVENTS, _TIMES = 156_000, 60_000, 3
_FASTER = 1.5


def measure_publishing(bench: Bench) -> list[Row]:
    """Time the three calls of `sordiff publish`."""
    builds = (bench.builds.now, bench.builds.before)
    taken: dict[str, list[list[Timing]]] = {build.name: [] for build in builds}
    units, events = (round(number * bench.scale) for number in (_UNITS, _EVENTS))
    nights = _write_nights(bench.nights.directory, units, events)
    baselines = {build.name: _record(build, nights) for build in builds}
    count = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        Broker(Path(folder, "broker"), java=SERVING) as broker,
    ):
        for turn in range(min(_TIMES, bench.rounds)):
            for build in builds:
                print_progress(f"publishing, turn {turn + 1}, build {build.name}")
                prefix = f"{build.name}{turn}."
                place = kafka_place(Path(folder, prefix), broker.bootstrap, prefix).folder
                counted = [] if count else [partial(_count, broker, prefix)]
                calls, found = _publish(build, place, (baselines[build.name], nights[1]), counted)
                taken[build.name].append(calls)
                count = count or found
    return _build_rows(count, *([_choose_medians(taken[build.name]) for build in builds]))


def _build_rows(count: int, now: Sequence[Timing], before: Sequence[Timing]) -> list[Row]:
    both = [sum(each.wall for each in taken[:2]) for taken in (now, before)]
    return [
        build_share_row(Target("kafka", "`publish --state`", 0.6), now[2], before[2]),
        Row(
            name="kafka",
            what=f"Kafka {jars.version()}, end to end: first state and a night",
            measured=f"{count / both[0]:,.0f} messages/s",
            beside=f"before {count / both[1]:,.0f}/s: × {both[1] / both[0]:.2f}",
            target=f"≥ {_FASTER} × before",
            met=both[1] >= _FASTER * both[0],
        ),
    ]


def _choose_medians(turns: Sequence[Sequence[Timing]]) -> list[Timing]:
    return [
        Timing(
            wall=statistics.median(each.wall for each in calls),
            cpu=statistics.median(each.cpu for each in calls),
        )
        for calls in zip(*turns, strict=True)
    ]


def _write_nights(directory: Path, units: int, events: int) -> list[Path]:
    folder = directory / f"kafka-{units}-{events}"
    if not folder.exists():
        print_progress(f"making two nights of {units:,} units")
        making = directory / "kafka-making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        write_nights(making, units=units, events=events)
        making.rename(folder)
    return sorted(folder.glob("*.xml"))


def _record(build: Build, nights: Sequence[Path]) -> Path:
    """A changelog with the baseline."""
    changelog = nights[0].with_name(f"baseline.{build.name}.db")
    if not changelog.exists():
        _ingest(build, changelog, nights[0])
    return changelog


def _ingest(build: Build, changelog: Path, night: Path) -> None:
    words = (build.sordiff, "ingest", *ACCEPTED, "--db", str(changelog), str(night))
    time_command(Command(words=words, output=changelog.with_suffix(".out"), directory=night.parent))


def _count(broker: Broker, prefix: str) -> int:
    return len(read_to_the_end(broker.bootstrap, *topic_names(prefix).values()))


def _publish(
    build: Build, place: Path, made: tuple[Path, Path], counted: Sequence[Callable[[], int]]
) -> tuple[list[Timing], int]:
    """The three calls, and how many messages the first two sent, if that is counted.

    The night is recorded between the first and the second, into a copy of the baseline.
    """
    baseline, night = made
    changelog = place / "sordiff.db"
    shutil.copy(baseline, changelog)

    def call(*words: str) -> Timing:
        asked = (build.sordiff, *words)
        return time_command(Command(words=asked, output=place / "out", directory=place))

    call("topics", "create")
    calls = [call("publish", "--db", str(changelog))]
    _ingest(build, changelog, night)
    calls.append(call("publish", "--db", str(changelog)))
    count = sum(count() for count in counted)
    calls.append(call("publish", "--state", "--db", str(changelog)))
    return calls, count
