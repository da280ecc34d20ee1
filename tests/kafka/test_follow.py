"""Following: without a broker it waits ever longer and never gives up by itself; asked to, it ends."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from sordiff.errors import ChangelogMissing, Locked, NotPublished, SordiffError
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.sink import KafkaSink
from sordiff.service.publish.follow import follow_changelog
from sordiff.service.publish.sending import PublishOptions
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.locks import hold_lock
from tests.cli.calling import good
from tests.kafka.nights import bare
from tests.kafka.place import DEMO, Place
from tests.kafka.session import Address

NOWHERE = KafkaSink(KafkaSettings(bootstrap_servers=("127.0.0.1:1",), timeout_seconds=0.1))
OPTIONS = PublishOptions(now=lambda: "2024-03-06T05:00:00+00:00", new_name="changelog")


class EnoughError(Exception):
    """So many pauses are enough for a test."""


def followed(database: Path, times: int) -> tuple[list[float], list[SordiffError]]:
    pauses: list[float] = []
    told: list[SordiffError] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == times:
            raise EnoughError

    with suppress(EnoughError):
        for found in follow_changelog(SqliteChangelog(database), [NOWHERE], OPTIONS, wait):
            assert isinstance(found, SordiffError)
            told.append(found)
    return pauses, told


def test_it_waits_ever_longer_but_a_minute_at_most(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    pauses, told = followed(tmp_path / "sordiff.db", 7)
    assert pauses == [4, 8, 16, 32, 60, 60, 60]
    assert {type(error) for error in told} == {NotPublished}


def test_another_publisher_is_waited_for(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    with hold_lock(tmp_path / "sordiff.db", "publisher"):
        pauses, told = followed(tmp_path / "sordiff.db", 2)
    assert (pauses, [type(error) for error in told]) == ([4, 8], [Locked, Locked])


def test_where_nothing_waits_it_looks_again_soon(tmp_path: Path) -> None:
    good(tmp_path, "ingest", "--no-publish", DEMO[0])
    assert followed(tmp_path / "sordiff.db", 3) == ([2, 2, 2], [])


def test_there_must_be_a_changelog(tmp_path: Path) -> None:
    with pytest.raises(ChangelogMissing):
        next(
            follow_changelog(
                SqliteChangelog(tmp_path / "none.db"), [NOWHERE], OPTIONS, lambda _: None
            )
        )


SWALLOWING = """
import sys, time
from kafka import KafkaProducer
def close(self, timeout=None):
    print("closing", flush=True)
    try:
        time.sleep(30)
    except BaseException:
        pass
KafkaProducer.close = close
from sordiff.cli import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_also_where_the_client_swallows_the_signal(
    tmp_path: Path, broker: Address, prefix: str, number: signal.Signals
) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", DEMO[0])
    with subprocess.Popen(
        [sys.executable, "-c", SWALLOWING, "publish", "--follow"],
        cwd=tmp_path,
        env=bare(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as following:
        try:
            assert following.stdout is not None
            assert following.stdout.readline().startswith("Run 1 ")
            assert following.stdout.readline() == "closing\n"
            following.send_signal(number)
            assert following.wait(15) == 130
        finally:
            following.kill()


WAITING = """
from sordiff.service.publish import publish
original = publish._note_attempt
def note(*words):
    print("waiting", flush=True)
    original(*words)
publish._note_attempt = note
from sordiff.cli import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_also_while_another_records(tmp_path: Path, number: signal.Signals) -> None:
    """SQLite waits for the other within itself, where Python hears no signal."""
    good(tmp_path, "ingest", DEMO[0])
    with (
        closing(sqlite3.connect(tmp_path / "sordiff.db", isolation_level=None)) as other,
        subprocess.Popen(
            [sys.executable, "-c", WAITING, "publish", "--follow", "--to", "ndjson:events"],
            cwd=tmp_path,
            env=bare(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as following,
    ):
        other.execute("BEGIN IMMEDIATE")
        try:
            assert following.stdout is not None
            assert following.stdout.readline() == "waiting\n"
            time.sleep(0.2)
            begun = time.monotonic()
            following.send_signal(number)
            following.send_signal(number)  # whoever is impatient changes nothing
            assert following.wait(15) == 130
            assert time.monotonic() - begun < 6  # five, and one for a busy machine
            assert following.stderr is not None
            assert following.stderr.read().splitlines() == [
                "sordiff: interrupted; nothing of the running step was recorded. Call again."
            ]
        finally:
            following.kill()
