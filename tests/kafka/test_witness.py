"""The run topic as the witness of what arrived: read to its very end, past what was aborted, and not past what is open."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Producer

from sordiff.kafka.transaction import build_transactional_id
from sordiff.store.migrations import MIGRATIONS
from tests.kafka.place import DEMO, Place
from tests.kafka.session import Address
from tests.older_changelogs import take_back

HASTY = ("--set", "timeout_seconds=3", "--set", "delivery_timeout_seconds=3")


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """Topics of its own, two nights published and a third recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure(kafka="transaction_timeout_seconds = 60")
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    place.sordiff("ingest", DEMO[2])
    return place


def other_publisher(place: Place, name: str, *topics: str, **options: Any) -> Producer:
    """Another client in the middle of a transaction that has reached these topics, else the run topic and the events."""
    producer = Producer(
        {"bootstrap.servers": place.bootstrap, "transactional.id": name, "linger.ms": 0, **options}
    )
    producer.init_transactions(30)
    producer.begin_transaction()
    for topic in topics or ("run-events", "unit-events"):
        producer.produce(f"{place.prefix}{topic}", b"half", place.source.encode())
    assert producer.flush(30) == 0
    return producer


def test_what_another_left_open_is_aborted_and_passed(place: Place) -> None:
    hanging = other_publisher(place, build_transactional_id(place.source))
    place.publish()
    assert place.told() == [
        (name, run) for run in (1, 2, 3) for name in ("run.started", "run.completed")
    ]
    assert len(place.events()) == 46
    with pytest.raises(Exception, match=r"fenced|FENCED|epoch"):
        hanging.commit_transaction(30)
    assert len(place.seen("run_events")) == 6


def test_what_was_aborted_at_the_end_is_passed(place: Place) -> None:
    other_publisher(place, f"{place.prefix}other").abort_transaction(30)
    place.publish()
    assert len(place.events()) == 46


def test_behind_an_open_transaction_of_another_nothing_is_guessed(place: Place) -> None:
    open_one = other_publisher(place, f"{place.prefix}other")
    place.forget()
    said = place.publish(*HASTY, code=4).stderr
    assert "another transaction is still open there" in said
    open_one.abort_transaction(30)
    assert place.publish().stdout.count("had arrived before") == 2
    assert len(place.events()) == 46


def test_what_nobody_can_read_yet_is_not_called_published(place: Place) -> None:
    open_one = other_publisher(place, f"{place.prefix}other", "unit-events")
    said = place.publish(*HASTY, code=4)
    assert (
        f"The end of {place.prefix}unit-events at {place.bootstrap} can't be read: another"
        " transaction is still open there, or the broker is slow. Nothing is lost; call again."
    ) in " ".join(said.stderr.split())
    assert "Run 3" not in said.stdout
    open_one.abort_transaction(30)
    assert "Run 3" in place.publish().stdout
    assert len(place.events()) == 46


def test_it_waits_until_everybody_can_read(place: Place) -> None:
    open_one = other_publisher(place, f"{place.prefix}other", "unit-events")
    ended: list[float] = []

    def end() -> None:
        open_one.abort_transaction(30)
        ended.append(time.monotonic())

    later = threading.Timer(8, end)
    later.start()
    place.publish()
    left = time.monotonic()
    later.join()
    assert ended
    assert ended[0] - 0.5 < left
    assert len(place.events()) == 46


def test_what_others_write_into_the_run_topic_is_passed(place: Place) -> None:
    producer = Producer({"bootstrap.servers": place.bootstrap})
    for value in (b"not JSON", b'{"id": 1}', b'{"specversion":"1.0"}', None):
        producer.produce(f"{place.prefix}run-events", value, b"key")
    assert producer.flush(30) == 0
    place.publish()
    assert len(place.events()) == 46


PUBLISHED = """
SELECT run_id, kind FROM outbox JOIN outbox_marks ON outbox_id = id
WHERE published_at IS NOT NULL ORDER BY id
"""


def _as_by_the_second_step(connection: sqlite3.Connection) -> None:
    """Take away all that later steps made."""
    fresh = sqlite3.connect(":memory:")
    for script in MIGRATIONS[:2]:
        fresh.executescript(script)
    named = "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL"
    kept = set(fresh.execute(named))
    fresh.close()
    connection.execute("PRAGMA foreign_keys = OFF")
    take_back(connection, 10)
    later = set(connection.execute(named)) - kept
    for kind in ("view", "index", "table"):
        for name in sorted(name for found, name in later if found == kind):
            connection.execute(f"DROP {kind.upper()} IF EXISTS {name}")
    connection.execute("ALTER TABLE runs DROP COLUMN findings")
    connection.execute("PRAGMA user_version = 2")


def test_an_old_changelog_is_published_whole(place: Place) -> None:
    """As an older sordiff left it: without an outbox."""
    place.configure(source=f"{place.source}:old")
    (place.folder / "sordiff.db").unlink()
    place.sordiff("ingest", DEMO[0])
    place.sordiff("ingest", "--no-publish", DEMO[1])
    place.sordiff("ingest", DEMO[2])
    before = place.rows("SELECT run_id, kind FROM outbox")
    with closing(sqlite3.connect(place.folder / "sordiff.db")) as connection, connection:
        _as_by_the_second_step(connection)
    assert "older sordiff" in place.sordiff("status", code=2).stderr
    place.publish()
    assert place.rows("PRAGMA user_version") == [(len(MIGRATIONS),)]
    assert place.rows(PUBLISHED) == before
    assert before == [(1, "run"), (2, "state"), (3, "run")]
    seen = [seen for seen in place.events() if seen.headers["ce_source"] == f"{place.source}:old"]
    assert [seen.headers["ce_sequence"] for seen in seen] == [f"{n:020}" for n in range(14, 47)]
    state = {seen.key: seen.value for seen in place.seen("units")}
    assert {key for key, value in state.items() if value is not None} == {
        key for (key,) in place.rows("SELECT sor_id FROM units")
    }
