"""How fast a night goes out to Apache Kafka, with acks=all: `make bench-kafka` writes benchmarks/KAFKA.md.

Three calls of `sordiff publish`, each a process of its own: the first state of a whole register, a night of many
events with the states that it changed, and `--state`. Beside them, in the same run, the same messages in memory through
the product's publisher (kafka-python) and through confluent-kafka (librdkafka), each in one transaction.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.kafka_nights import write_nights
from sordiff.store.migrations import MIGRATIONS
from tests.cli.product import Done
from tests.cli.workplace import Workplace
from tests.kafka import jars
from tests.kafka.broker import SERVING, Broker
from tests.kafka.nights import TOPICS, bare, kafka_place, topic_names
from tests.kafka.reading import Seen, create_topics, read_to_the_end

KEPT = Path(".cache/bench-kafka")
RESULTS = Path(__file__).with_name("KAFKA.md")
TIMES = 2
ACCEPTED = ("--accept", "--reason", "a night for measuring")
Send = Callable[[list[Seen], str], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=156_000)
    parser.add_argument("--events", type=int, default=60_000)
    words = parser.parse_args()
    baseline, night = record_nights(words.units, words.events)
    with (
        tempfile.TemporaryDirectory() as folder,
        Broker(Path(folder, "broker"), java=SERVING) as broker,
    ):
        rows, messages = measure_publish(Path(folder), broker, baseline, night)
        rows += measure_producers(broker, messages)
    text = "\n".join([*format_heading(words.units, words.events), *format_table(rows)])
    print(text)
    if words.units >= 156_000:
        RESULTS.write_text(f"{text}\n")


def record_nights(units: int, events: int) -> tuple[Path, Path]:
    """The changelog after the baseline, and after the night; kept for the next run."""
    folder = KEPT / f"{units}-{events}-{len(MIGRATIONS)}"
    baseline, night = folder / "baseline.db", folder / "night.db"
    if not night.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        place = Workplace(folder.absolute())
        print(f"Recording two nights of {units:,} units …", flush=True)
        nights = [path.name for path in write_nights(folder, units=units, events=events)]
        how: dict[str, Any] = {"env": bare(), "limit": 1800}
        place.process("ingest", nights[0], *ACCEPTED, "--db", "making.db", **how)
        shutil.copy(folder / "making.db", baseline)
        place.process("ingest", nights[1], *ACCEPTED, "--db", "making.db", **how)
        (folder / "making.db").rename(night)
    return baseline, night


def measure_publish(
    folder: Path, broker: Broker, baseline: Path, night: Path
) -> tuple[list[tuple[str, int, float]], list[Seen]]:
    """The three calls, the best of several; and the messages of the night."""
    found: dict[str, list[tuple[int, float]]] = {}
    messages: list[Seen] = []
    for number in range(TIMES):
        prefix = f"n{number}."
        place = kafka_place(folder / prefix, broker.bootstrap, prefix)
        place.sordiff("topics", "create", env=bare())
        before = Counted(broker, prefix)
        shutil.copy(baseline, place.database)
        first = publish(place)
        found.setdefault("the first state of a register", []).append(
            (before.count(), first.seconds)
        )
        _restore_changelog(place, night)
        second = publish(place)
        found.setdefault("a night with its states", []).append((before.count(), second.seconds))
        if not messages:
            messages = before.latest
        third = publish(place, "--state")
        found.setdefault("`--state`", []).append((before.count(), third.seconds))
    return [
        (f"`sordiff publish`: {name}", *choose_best(rows)) for name, rows in found.items()
    ], messages


def _restore_changelog(place: Workplace, night: Path) -> None:
    """Replace the changelog by the one after the night, with the baseline marked as published."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(place.database)) as connection:
        names = connection.execute("SELECT * FROM changelogs").fetchall()
        sinks = connection.execute("SELECT * FROM sinks").fetchall()
        marks = connection.execute("SELECT * FROM outbox_marks").fetchall()
    for path in place.folder.glob("sordiff.db*"):
        path.unlink()
    shutil.copy(night, place.database)
    with closing(sqlite3.connect(place.database)) as connection, connection:
        for table, rows in (("changelogs", names), ("sinks", sinks), ("outbox_marks", marks)):
            holes = ", ".join("?" for _ in rows[0])
            connection.executemany(f"INSERT INTO {table} VALUES ({holes})", rows)  # noqa: S608  # holes


class Counted:
    """How many messages have come since the last count."""

    def __init__(self, broker: Broker, prefix: str) -> None:
        self._broker, self._prefix = broker, prefix
        self._known = 0
        self.latest: list[Seen] = []

    def count(self) -> int:
        """Those since the last time."""
        seen = read_to_the_end(self._broker.bootstrap, *topic_names(self._prefix).values())
        seen.sort(key=lambda message: (message.topic, message.partition, message.offset))
        self.latest = seen
        new, self._known = len(seen) - self._known, len(seen)
        return new


def publish(place: Workplace, *words: str) -> Done:
    return place.process("publish", *words, env=bare(), limit=600)


def measure_producers(broker: Broker, messages: list[Seen]) -> list[tuple[str, int, float]]:
    """Measure both clients with the same messages."""
    size = sum(len(message.value or b"") for message in messages) / len(messages)
    print(f"{len(messages):,} messages of {size:,.0f} bytes and some headers", flush=True)
    rows: list[tuple[str, int, float]] = []
    for name, send in (
        ("kafka-python, gzip, as sordiff sets it", build_kafka_python_sender(broker, "gzip")),
        ("kafka-python, no compression", build_kafka_python_sender(broker, "none")),
        ("confluent-kafka, gzip", build_librdkafka_sender(broker, "gzip")),
        ("confluent-kafka, no compression", build_librdkafka_sender(broker, "none")),
    ):
        taken: list[tuple[int, float]] = []
        for _ in range(TIMES):
            suffix = f".m{len(rows)}{len(taken)}"
            create_topics(
                broker.bootstrap, *(f"{name}{suffix}" for name in _names(messages)), partitions=6
            )
            begun = time.monotonic()
            send(messages, suffix)
            taken.append((len(messages), time.monotonic() - begun))
        rows.append((name, *choose_best(taken)))
    return rows


def build_kafka_python_sender(broker: Broker, compression: str) -> Send:
    import msgspec

    from sordiff.kafka.binding import Message
    from sordiff.kafka.settings import KafkaSettings
    from sordiff.kafka.transaction import Publisher

    given = {"bootstrap_servers": [broker.bootstrap], "compression": compression}
    settings = msgspec.convert(given, KafkaSettings)

    def send(messages: list[Seen], suffix: str) -> None:
        topics = [f"{name}{suffix}" for name in _names(messages)]
        with Publisher(settings, f"bench{suffix}", topics) as publisher:
            publisher.send_whole(
                (
                    Message(
                        message.topic + suffix,
                        (message.key or "").encode(),
                        message.value,
                        [(name, value.encode()) for name, value in message.headers.items()],
                    )
                    for message in messages
                ),
                "measuring",
            )

    return send


def build_librdkafka_sender(broker: Broker, compression: str) -> Send:
    from confluent_kafka import Producer

    def send(messages: list[Seen], suffix: str) -> None:
        failed: list[object] = []
        producer = Producer(
            {
                "bootstrap.servers": broker.bootstrap,
                "transactional.id": f"bench{suffix}",
                "transaction.timeout.ms": 300_000,
                "acks": "all",
                "enable.idempotence": True,
                "compression.type": compression,
                "batch.size": 256 * 1024,
                "linger.ms": 20,
                "queue.buffering.max.messages": 1_000_000,
                "queue.buffering.max.kbytes": 1_000_000,
            }
        )
        producer.init_transactions()
        producer.begin_transaction()
        for number, message in enumerate(messages):
            producer.produce(
                message.topic + suffix,
                message.value,
                message.key,
                headers=[(name, value.encode()) for name, value in message.headers.items()],
                on_delivery=lambda error, _: failed.append(error) if error else None,
            )
            if number % 1000 == 0:
                producer.poll(0)
        producer.commit_transaction()
        assert not failed

    return send


def _names(messages: list[Seen]) -> list[str]:
    return sorted({message.topic for message in messages})


def choose_best(rows: list[tuple[int, float]]) -> tuple[int, float]:
    return min(rows, key=lambda row: row[1])


def format_heading(units: int, events: int) -> list[str]:
    model = next(
        (line.split(":")[1].strip() for line in _cpu() if line.startswith("model name")),
        platform.machine(),
    )
    return [
        "# Publishing to Kafka, measured",
        "",
        (
            f"`make bench-kafka`, {datetime.now(timezone.utc):%Y-%m-%d}: Apache Kafka {jars.version()}, one node, acks=all,"
            f" on the machine that also publishes: {os.cpu_count()} cores ({model}), Python {platform.python_version()},"
            f" load average at the end {os.getloadavg()[0]:.1f}."
        ),
        (
            f"A register of {units:,} units; a night of {events:,} events. {len(TOPICS)} topics, six partitions each."
            f" The best of {TIMES}."
        ),
        "",
    ]


def _cpu() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []


def format_table(rows: list[tuple[str, int, float]]) -> list[str]:
    return [
        "| what | messages | seconds | messages a second |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {count:,} | {seconds:.1f} | {count / seconds:,.0f} |"
            for name, count, seconds in rows
        ),
    ]


if __name__ == "__main__":
    main()
