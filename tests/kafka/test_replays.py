"""`sordiff replay`: what was published, once more; each run whole, marked, and with what took it back."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.kafka import moments
from tests.kafka.moments import Moment
from tests.kafka.place import DEMO, Place, short
from tests.kafka.reading import delete_topics, truncate_topic
from tests.kafka.replicas import Replica
from tests.kafka.session import Address

HASTY = ("--set", "timeout_seconds=5", "--set", "delivery_timeout_seconds=5")


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """Topics of its own, and the first two nights recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    return place


def test_a_replay_has_the_same_ids_and_sequences_and_says_that_it_is_one(place: Place) -> None:
    place.sordiff("ingest", DEMO[2])
    place.publish()
    original = {seen.headers["ce_id"]: seen for seen in place.events()}
    missing = place.sordiff("replay", "--topic-suffix", ".again", code=2).stderr
    assert "has no topic" in missing
    assert "sordiff topics create" in missing
    place.sordiff("topics", "create", "--topic-suffix", ".again")
    said = place.sordiff("replay", "--since", "10", "--topic-suffix", ".again").stdout
    assert [line.split(" · ")[2] for line in said.splitlines()] == ["13 events", "33 events"]
    again = place.events(".again")
    assert [seen.headers["ce_sequence"] for seen in again] == [f"{n:020}" for n in range(1, 47)]
    for seen in again:
        first = original[seen.headers["ce_id"]]
        assert (seen.key, seen.value) == (first.key, first.value)
        assert dict(seen.headers) == {**first.headers, "ce_replay": "true"}
    told = place.seen("run_events", suffix=".again")
    assert [short(seen) for seen in told] == ["run.started", "run.completed"] * 2
    assert {seen.headers["ce_replay"] for seen in told} == {"true"}
    assert len(place.events()) == 46


def test_a_replay_into_the_same_topics_must_be_said(place: Place) -> None:
    place.publish()
    assert "--same-topics" in place.sordiff("replay", code=2).stderr
    place.sordiff("replay", "--same-topics")
    assert [seen.headers.get("ce_replay") for seen in place.seen("unit_events")].count("true") == 12
    place.forget()
    assert place.publish().stdout.count("had arrived before") == 2


def test_a_replay_holds_each_run_whole(place: Place) -> None:
    place.sordiff("ingest", DEMO[2])
    place.publish()
    place.sordiff("topics", "create", "--topic-suffix", ".again")
    place.sordiff("replay", "--since", "13", "--topic-suffix", ".again")
    said = place.sordiff("replay", "--since", "46", "--topic-suffix", ".again")
    assert not said.stdout
    (told,) = [
        json.loads(seen.value or b"")
        for seen in place.seen("run_events", suffix=".again")
        if short(seen) == "run.completed"
    ]
    sequences = [seen.headers["ce_sequence"] for seen in place.events(".again")]
    assert (told["first_sequence"], told["last_sequence"]) == (sequences[0], sequences[-1])
    assert told["run"]["count"] == len(sequences) == 33


def test_a_replay_tells_of_rebaselines_and_of_what_was_taken_back(place: Place) -> None:
    place.sordiff("ingest", "--rebaseline", DEMO[2])
    place.publish()
    place.sordiff("retract", "2", "--reason", "Forkert fil")
    place.publish()
    place.sordiff("topics", "create", "--topic-suffix", ".again")
    place.sordiff("replay", "--topic-suffix", ".again")
    told = [
        (short(seen), json.loads(seen.value or b"")["run"]["kind"])
        for seen in place.seen("run_events", suffix=".again")
    ]
    assert told == [
        (name, kind)
        for kind in ("baseline", "night", "rebaseline")
        for name in ("run.started", "run.completed")
    ] + [("run.retracted", "night")]
    place.sordiff("topics", "create", "--topic-suffix", ".late")
    place.sordiff("replay", "--since", "13", "--topic-suffix", ".late")
    assert [short(seen) for seen in place.seen("run_events", suffix=".late")] == [
        "run.started",
        "run.completed",
        "run.retracted",
    ]


def test_a_replica_is_not_stopped_by_a_replay(place: Place) -> None:
    place.publish()
    replica = Replica(place.bootstrap, place.folder / "mirror.db", place.prefix)
    try:
        replica.start()
        replica.await_units(lambda units: len(units) == 64)
        place.sordiff("replay", "--since", "10", "--same-topics")
        place.sordiff("ingest", DEMO[2])
        place.publish()
        replica.await_units(lambda units: len(units) == 66)
    finally:
        replica.kill()


def test_a_replay_that_died_does_not_stand_in_the_way(place: Place) -> None:
    place.publish()
    with moments.running(
        place.folder,
        "replay",
        "--same-topics",
        at=Moment(method="commit_transaction", nth=2),
        number=signal.SIGKILL,
    ) as watched:
        assert watched.end().code == -signal.SIGKILL
    place.sordiff("ingest", DEMO[2])
    assert "Run 3" in place.publish(*HASTY).stdout


@pytest.mark.parametrize("command", ["topics create", "topics check", "replay"])
def test_a_suffix_that_no_topic_can_have_is_refused(place: Place, command: str) -> None:
    said = place.sordiff(*command.split(), "--topic-suffix", "bad/suffix", code=2).stderr
    assert "--topic-suffix" in said
    assert "letters, digits" in said


def test_a_run_topic_that_was_deleted_or_truncated_is_refused_and_healed(place: Place) -> None:
    place.publish()
    place.sordiff("ingest", DEMO[2])
    topic = f"{place.prefix}run-events"
    delete_topics(place.bootstrap, topic)
    assert "`sordiff topics create` makes the topics" in place.publish(code=2).stderr
    place.sordiff("topics", "create")
    refused = place.publish(code=2).stderr
    assert f"does not have run 2 of {place.source} any more" in refused
    assert "`sordiff replay --same-topics --since 0`" in refused
    place.sordiff("replay", "--same-topics", "--since", "0")
    assert "Run 3" in place.publish().stdout
    place.sordiff("verify", "--topics")

    truncate_topic(place.bootstrap, topic)
    refused = place.sordiff("retract", "3", "--reason", "Forkert fil", code=2).stderr
    assert "does not have run 3" in refused
    place.publish("--state")
    assert place.told() == [("run.retracted", 3)]
