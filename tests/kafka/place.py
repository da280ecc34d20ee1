"""A folder with a changelog that publishes into topics of its own on the shared broker, and what arrives there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.cli.calling import Called, called
from tests.kafka.reading import Seen, read_to_the_end, write_record
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
TOPICS = {
    "unit_events": "unit-events",
    "location_number_events": "location-number-events",
    "classification_events": "classification-events",
    "run_events": "run-events",
    "units": "units",
    "location_numbers": "location-numbers",
}
EVENTS = ("unit_events", "location_number_events", "classification_events")


@dataclass(frozen=True, kw_only=True)
class Place:
    """The folder; `prefix` begins the names of its topics and is its source."""

    folder: Path
    bootstrap: str
    prefix: str

    @property
    def source(self) -> str:
        return f"urn:{self.prefix}"

    def configure(self, more: str = "", *, kafka: str = "", source: str = "") -> None:
        """Write sordiff.toml. kafka: lines for [kafka]; more: tables after it."""
        names = "".join(f'{key} = "{self.prefix}{name}"\n' for key, name in TOPICS.items())
        (self.folder / "sordiff.toml").write_text(
            f'source = "{source or self.source}"\n'
            f'[kafka]\nbootstrap_servers = ["{self.bootstrap}"]\ntimeout_seconds = 20\n'
            f"partitions = 3\n{kafka}\n[kafka.topics]\n{names}{more}"
        )

    def sordiff(self, *arguments: str | Path, code: int = 0) -> Called:
        """Any command, in this process; that it leaves with this code is part of the test."""
        done = called(self.folder, *arguments)
        assert done.exit == code, (arguments, done)
        assert "Traceback" not in done.stderr
        return done

    def publish(self, *arguments: str | Path, code: int = 0) -> Called:
        return self.sordiff("publish", *arguments, code=code)

    def seen(self, *keys: str, suffix: str = "") -> list[Seen]:
        """What is committed in these topics, by their keys in the settings."""
        names = [f"{self.prefix}{TOPICS[key]}{suffix}" for key in keys]
        found = read_to_the_end(self.bootstrap, *names)
        return sorted(found, key=lambda seen: (seen.topic, seen.partition, seen.offset))

    def events(self, suffix: str = "") -> list[Seen]:
        """The events, in order of their sequence."""
        return sorted(
            self.seen(*EVENTS, suffix=suffix), key=lambda seen: seen.headers["ce_sequence"]
        )

    def told(self) -> list[tuple[str, int]]:
        """Of the run topic: what was said, and of which run."""
        return [
            (short(seen), json.loads(seen.value or b"")["run"]["id"])
            for seen in self.seen("run_events")
        ]

    def recorded(self) -> list[dict[str, Any]]:
        """What `sordiff events` prints."""
        return [json.loads(line) for line in self.sordiff("events").stdout.splitlines()]

    def forget(self, what: str = "published_at = NULL", where: str = "1") -> None:
        """As if sordiff had been killed between the commit and its mark."""
        rows = f"SELECT id FROM outbox WHERE {where}"  # noqa: S608  # the test's own
        query = f"UPDATE outbox_marks SET {what} WHERE outbox_id IN ({rows})"  # noqa: S608  # same
        with closing(sqlite3.connect(self.folder / "sordiff.db")) as connection, connection:
            connection.execute(query)

    def write_stranger(self, key: str) -> None:
        """A record of a unit that this changelog never had, from one that was lost."""
        topic = f"{self.prefix}{TOPICS['units']}"
        write_record(self.bootstrap, topic, b"{}", {"ce_source": self.source}, key)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "sordiff.db")) as connection, connection:
            return connection.execute(query).fetchall()


def short(seen: Seen) -> str:
    """`sordiff.run.started.v1` -> `run.started`."""
    return seen.headers["ce_type"].removeprefix("sordiff.").removesuffix(".v1")


def run_order(seen: list[Seen]) -> Iterator[str]:
    """The types in the order in which they stand."""
    return (short(message) for message in seen)
