"""What is published beside the events: held, released, rejected, alerts, retractions; and following."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.contract.validating import validator
from tests.kafka.place import DEMO, Place, short
from tests.kafka.session import Address

HOLDING = '[alarms.counts]\n"unit.created" = { count = 2 }\n'


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """Topics of its own, and the first two nights recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    return place


@pytest.fixture
def held(place: Place) -> Place:
    """The third is held."""
    place.configure(HOLDING)
    place.sordiff("ingest", DEMO[2], code=3)
    return place


def test_a_held_run_is_told_and_not_published(held: Place) -> None:
    held.publish()
    assert held.told()[-1] == ("run.held", 3)
    assert len(held.events()) == 13
    message = held.seen("run_events")[-1]
    data = json.loads(message.value or b"")
    validator("run.held").validate(data)
    assert data["counts"]["unit.created"] == 3
    assert data["alerts"][0]["severity"] == "critical"
    held.forget()
    assert held.publish().stdout.count("had arrived before") == 3


def test_a_released_run_is_published_whole(held: Place) -> None:
    held.publish()
    held.sordiff("release", "3", "--reason", "Aftalt med regionen")
    held.publish()
    assert held.told()[-4:] == [
        ("run.held", 3),
        ("run.released", 3),
        ("run.started", 3),
        ("run.completed", 3),
    ]
    (released,) = [seen for seen in held.seen("run_events") if short(seen) == "run.released"]
    data = json.loads(released.value or b"")
    validator("run.released").validate(data)
    assert data["reason"] == "Aftalt med regionen"
    assert [json.loads(seen.value or b"") for seen in held.events()] == [
        event["data"] for event in held.recorded()
    ]
    assert len(held.events()) == 46


def test_a_rejected_run_is_told_and_never_published(held: Place) -> None:
    held.sordiff("reject", "3", "--reason", "Forkert fil")
    held.publish()
    assert held.told()[-2:] == [("run.held", 3), ("run.rejected", 3)]
    assert len(held.events()) == 13
    validator("run.rejected").validate(json.loads(held.seen("run_events")[-1].value or b""))


def test_a_held_run_that_is_settled_is_told(held: Place) -> None:
    held.configure()
    held.sordiff("ingest", DEMO[2], "--accept", "--reason", "Aftalt")
    held.publish()
    assert held.told()[4:] == [
        ("run.held", 3),
        ("run.started", 4),
        ("run.completed", 4),
        ("alert.resolved", 3),
    ]
    data = json.loads(held.seen("run_events")[-1].value or b"")
    validator("alert.resolved").validate(data)
    assert data["resolved_by"] == 4


def test_alerts_of_an_accepted_run_are_told(place: Place) -> None:
    place.configure(HOLDING)
    place.sordiff("ingest", DEMO[2], "--accept", "--reason", "Aftalt")
    place.publish()
    assert place.told()[-1] == ("alert.raised", 3)
    validator("alert.raised").validate(json.loads(place.seen("run_events")[-1].value or b""))


def test_of_runs_that_are_not_to_be_published_nothing_is_told(place: Place) -> None:
    place.configure(HOLDING)
    place.sordiff("ingest", "--no-publish", DEMO[2], code=3)
    place.sordiff("release", "3", "--reason", "Aftalt")
    place.publish()
    assert {run for _, run in place.told()} == {1, 2}


def test_a_published_run_can_be_taken_back_in_words(place: Place) -> None:
    refused = place.sordiff("retract", "2", "--reason", "Forkert", code=2).stderr
    assert "was not published" in refused
    place.publish()
    place.sordiff("retract", "2", "--reason", "Forkert fil fra leverandøren")
    place.sordiff("retract", "2", "--reason", "Igen")
    assert place.told()[-2:] == [("run.completed", 2), ("run.retracted", 2)]
    data = json.loads(place.seen("run_events")[-1].value or b"")
    validator("run.retracted").validate(data)
    assert (int(data["first_sequence"]), int(data["last_sequence"])) == (1, 13)
    assert data["reason"] == "Forkert fil fra leverandøren"
    place.sordiff("ingest", DEMO[2])
    place.publish()
    assert place.told()[-1] == ("run.completed", 3)
    assert "no run 9" in place.sordiff("retract", "9", "--reason", "Forkert", code=2).stderr


def test_following_publishes_what_new_runs_bring(place: Place) -> None:
    words = [sys.executable, "-m", "sordiff", "publish", "--follow"]
    with subprocess.Popen(
        words, cwd=place.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as following:
        try:
            assert following.stdout is not None
            assert following.stdout.readline().startswith("Run 1 ")
            assert following.stdout.readline().startswith("Run 2 ")
            place.sordiff("ingest", DEMO[2])
            assert following.stdout.readline().startswith("Run 3 · 2024-03-06 · 33 events")
            os.kill(following.pid, signal.SIGTERM)
            assert following.wait(20) == 130
        finally:
            following.kill()
    assert len(place.events()) == 46


def test_following_outlives_what_stands_in_the_way_for_now(place: Place) -> None:
    away = ("--bootstrap-servers", "127.0.0.1:1", "--set", "timeout_seconds=1")
    words = [sys.executable, "-m", "sordiff", "publish", "--follow", *away]
    with subprocess.Popen(
        words, cwd=place.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as following:
        try:
            assert following.stderr is not None
            assert "No Kafka answers at 127.0.0.1:1" in following.stderr.readline()
            time.sleep(1)
            assert following.poll() is None
        finally:
            following.kill()


def test_run_publishes_between_recording_and_telling(place: Place) -> None:
    place.configure('[notices]\nmetrics_file = "sordiff.prom"\n')
    said = place.sordiff("run", DEMO[2]).stdout
    assert "Run 3 · 2024-03-06 · 33 events · 77 messages" in said
    assert len(place.events()) == 46
    assert "sordiff_outbox_backlog 0\n" in (place.folder / "sordiff.prom").read_text()


def test_run_leaves_with_the_worst(place: Place) -> None:
    away = 'bootstrap_servers = ["127.0.0.1:1"]\ntimeout_seconds = 1\n'
    settings = f"{HOLDING}[notices]\nmetrics_file = 'sordiff.prom'\n"
    (place.folder / "sordiff.toml").write_text(
        f'source = "{place.source}"\n[kafka]\n{away}{settings}'
    )
    done = place.sordiff("run", DEMO[1], code=4)
    assert "No Kafka answers at 127.0.0.1:1" in done.stderr
    assert "sordiff_outbox_backlog 13\n" in (place.folder / "sordiff.prom").read_text()
    done = place.sordiff("run", DEMO[2], code=3)
    assert "No Kafka answers" in done.stderr
    (place.folder / "not.xml").write_text("no")
    assert place.sordiff("run", "not.xml", code=5).stderr.count("error") == 2
    place.configure()
    place.publish()
    assert place.told()[-1] == ("run.held", 3)


def test_topics_are_created_once_and_checked(place: Place) -> None:
    assert place.sordiff("topics", "create").stdout.count("as it must be") == 6
    said = place.sordiff("topics", "check", "--topic-suffix", ".none", code=2)
    assert said.stdout.count("it does not exist") == 4  # a replay has no state
    place.configure(kafka="retention_ms = 1000")
    said = place.sordiff("topics", "check", code=2)
    assert said.stdout.count("retention.ms is -1, not 1000") == 3
    assert "unit-events" in said.stderr


@pytest.mark.parametrize(
    "command",
    [("publish",), ("topics", "create"), ("topics", "check"), ("replay", "--same-topics")],
)
def test_without_kafka_configured_it_says_so(tmp_path: Path, command: tuple[str, ...]) -> None:
    place = Place(folder=tmp_path, bootstrap="", prefix="")
    place.sordiff("ingest", DEMO[0])
    assert "It is not configured where Kafka is." in place.sordiff(*command, code=2).stderr
    assert (
        "There is no changelog"
        in place.sordiff(
            "publish", "--bootstrap-servers", "127.0.0.1:1", "--db", "none.db", code=2
        ).stderr
    )
