"""Broker or publisher gone at any moment, slow, or unwilling: one sentence, nothing lost, and the next call just works."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.workplace import Workplace
from tests.kafka import moments
from tests.kafka.arrived import assert_all_arrived, assert_whole_now
from tests.kafka.broker import Broker, free_ports
from tests.kafka.hanging import end_what_hangs
from tests.kafka.moments import MOMENTS, Ended, Moment
from tests.kafka.nights import bare, busy_nights, kafka_place, topic_names

# Where nobody listens, it is known at once.
HASTY = ("--set", "timeout_seconds=2", "--set", "delivery_timeout_seconds=2")
IMPATIENT = ("--set", "timeout_seconds=6", "--set", "delivery_timeout_seconds=8")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A changelog of a baseline and two busy nights, of which nothing is published."""
    place = Workplace(tmp_path_factory.mktemp("recorded"))
    nights = busy_nights(random.Random(4), units=150, changes=500)
    names = [place.put(next(nights), f"night{number}") for number in range(3)]
    place.ingest(*names, "--accept", "--reason", "all of them are mad")
    return place.database


@pytest.fixture
def place(tmp_path: Path, recorded: Path, rough_broker: Broker, prefix: str) -> Workplace:
    made = kafka_place(tmp_path / "place", rough_broker.bootstrap, prefix, more="partitions = 3\n")
    shutil.copy(recorded, made.database)
    made.sordiff("topics", "create", env=bare())
    return made


def one_sentence(done: Ended, code: int, *words: str) -> None:
    assert done.code == code, done.err
    assert done.err.startswith("sordiff: error: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err


def published(place: Workplace) -> str:
    return place.sordiff("publish", env=bare()).out


def published_in_the_end(place: Workplace, rough_broker: Broker, prefix: str) -> None:
    """A broker that has just come back may still have the transaction open, or for good: see hanging.py."""
    for _ in range(4):
        done = place.process("publish", *IMPATIENT, code=None, env=bare())
        if done.code == 0:
            return
        assert done.code == 4, done.err
        assert "call again" in done.err
        if "still open" in done.err:
            end_what_hangs(rough_broker.bootstrap, topic_names(prefix).values())
        time.sleep(1)
    pytest.fail(f"it never came to an end: {done.err}")


def interrupted(
    place: Workplace, at: Moment, number: signal.Signals = signal.SIGKILL, pid: int = 0
) -> Ended:
    words = ("publish", *(IMPATIENT if pid else ()))
    with moments.running(place.folder, *words, at=at, number=number, pid=pid) as watched:
        return watched.end()


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_killed_at_this_very_moment(
    place: Workplace, rough_broker: Broker, prefix: str, at: Moment
) -> None:
    assert interrupted(place, at).code == -signal.SIGKILL
    assert_whole_now(rough_broker.bootstrap, prefix)
    told = published(place)
    lost_mark = at.method == "commit_transaction" and at.when == "after"
    assert told.count("had arrived before") == lost_mark
    assert_all_arrived(place, rough_broker.bootstrap, prefix)
    assert published(place) == ""


@pytest.mark.parametrize("at", [MOMENTS[3], MOMENTS[6], MOMENTS[7]], ids=str)
def test_the_broker_dies_at_this_very_moment(
    place: Workplace, rough_broker: Broker, prefix: str, at: Moment
) -> None:
    done = interrupted(place, at, pid=rough_broker.pid)
    rough_broker.restart(hard=True)
    one_sentence(done, 4, rough_broker.bootstrap, "othing is lost")
    assert_whole_now(rough_broker.bootstrap, prefix)
    published_in_the_end(place, rough_broker, prefix)
    assert_all_arrived(place, rough_broker.bootstrap, prefix)


@pytest.mark.parametrize("at", [MOMENTS[0], MOMENTS[4], MOMENTS[6]], ids=str)
def test_a_broker_that_answers_nothing_any_more(
    place: Workplace, rough_broker: Broker, prefix: str, at: Moment
) -> None:
    done = interrupted(place, at, signal.SIGSTOP, pid=rough_broker.pid)
    rough_broker.resume()
    one_sentence(done, 4, rough_broker.bootstrap, "othing is lost")
    published(place)
    assert_all_arrived(place, rough_broker.bootstrap, prefix)


def test_a_broker_that_is_slow_is_waited_for(
    tmp_path: Path, recorded: Path, rough_broker: Broker, prefix: str
) -> None:
    place = kafka_place(tmp_path / "place", rough_broker.bootstrap, prefix, more="partitions = 3\n")
    shutil.copy(recorded, place.database)
    place.sordiff("topics", "create", env=bare())
    with moments.running(
        place.folder, "publish", at=MOMENTS[4], number=signal.SIGSTOP, pid=rough_broker.pid
    ) as watched:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                watched.process.wait(9)
        finally:
            rough_broker.resume()
        assert watched.end().code == 0
    assert_all_arrived(place, rough_broker.bootstrap, prefix)


def test_a_broker_that_dies_while_it_is_read_is_waited_for(
    place: Workplace, rough_broker: Broker, prefix: str
) -> None:
    at = Moment(method="partitions_for_topic")
    with moments.running(
        place.folder, "publish", at=at, number=signal.SIGKILL, pid=rough_broker.pid
    ) as watched:
        rough_broker.await_end()
        rough_broker.start()
        done = watched.end()
    assert done.code == 0, done.err
    assert_all_arrived(place, rough_broker.bootstrap, prefix)


def test_no_broker_at_all(
    tmp_path: Path, recorded: Path, rough_broker: Broker, prefix: str
) -> None:
    (port,) = free_ports(1)
    place = kafka_place(tmp_path / "place", f"127.0.0.1:{port}", prefix)
    shutil.copy(recorded, place.database)
    for words in (("publish",), ("topics", "create"), ("topics", "check")):
        done = place.process(*words, *HASTY, code=None, env=bare())
        ended = Ended(code=done.code, out=done.out, err=done.err)
        one_sentence(ended, 4, f"127.0.0.1:{port}", "refused", "bootstrap_servers")
    at = ("--bootstrap-servers", rough_broker.bootstrap)
    place.sordiff("topics", "create", *at, env=bare())
    place.sordiff("publish", *at, env=bare())
    assert_all_arrived(place, rough_broker.bootstrap, prefix)


@pytest.mark.parametrize("at", [MOMENTS[2], MOMENTS[4], MOMENTS[6]], ids=str)
def test_a_second_publisher_fences_the_first(
    place: Workplace, rough_broker: Broker, prefix: str, at: Moment
) -> None:
    second = kafka_place(place.folder.parent / "second", rough_broker.bootstrap, prefix)
    with moments.running(place.folder, "publish", at=at, number=signal.SIGSTOP) as first:
        first.process.await_stopped()
        with (
            closing(sqlite3.connect(place.database)) as one,
            closing(sqlite3.connect(second.database)) as other,
        ):
            one.backup(other)
        assert "had arrived before" not in published(second)
        first.process.send_signal(signal.SIGCONT)
        one_sentence(first.end(), 4, "Another publisher", "othing is lost")
    assert published(place).count("had arrived before") >= 3
    assert_all_arrived(place, rough_broker.bootstrap, prefix)
    assert published(second) == ""


def test_two_at_once_of_one_changelog(place: Workplace, rough_broker: Broker, prefix: str) -> None:
    """In one folder the lock already keeps them apart."""
    with moments.running(place.folder, "publish", at=MOMENTS[4], number=signal.SIGSTOP) as first:
        first.process.await_stopped()
        done = place.sordiff("publish", code=None, env=bare())
        one_sentence(Ended(code=done.code, out=done.out, err=done.err), 6)
        first.process.send_signal(signal.SIGCONT)
        assert first.end().code == 0
    assert_all_arrived(place, rough_broker.bootstrap, prefix)
