"""`sordiff publish` on the real broker: what goes out, in which form, and that nothing goes out twice."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from sordiff.wire import build_schema_id
from tests.contract.validating import validator
from tests.kafka.place import DEMO, EVENTS, Place, short
from tests.kafka.session import Address


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """Topics of its own, and nothing recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    return place


def test_events_arrive_as_they_were_recorded(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    assert place.publish().stdout.splitlines()[1].startswith("Run 2 · 2024-03-05 · 13 events")
    recorded, seen = place.recorded(), place.events()
    assert len(recorded) == len(seen) == 46
    for event, message in zip(recorded, seen, strict=True):
        assert message.key == message.headers["ce_subject"] == event["subject"]
        assert json.loads(message.value or b"") == event["data"]
        names = (
            "specversion",
            "id",
            "source",
            "type",
            "time",
            "dataschema",
            "sequence",
            "partitionkey",
        )
        assert {name: message.headers[f"ce_{name}"] for name in names} == {
            name: event[name] for name in names
        }
        assert message.headers["content-type"] == event["datacontenttype"]
        kind = event["type"].split(".")[1]
        assert message.topic.endswith(f"{kind.replace('_', '-')}-events")


def test_a_run_is_told_whole(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    place.publish()
    assert place.told() == [
        (name, run) for run in (1, 2, 3) for name in ("run.started", "run.completed")
    ]
    last = json.loads(place.seen("run_events")[-1].value or b"")
    events = place.recorded()[13:]
    assert (last["first_sequence"], last["last_sequence"]) == (
        events[0]["sequence"],
        events[-1]["sequence"],
    )
    types = [event["type"].removeprefix("sordiff.").removesuffix(".v1") for event in events]
    assert last["counts"] == {name: types.count(name) for name in sorted(types)}
    assert last["run"] == {"id": 3, "kind": "night", "count": 33}
    for message in place.seen("run_events"):
        validator(short(message)).validate(json.loads(message.value or b""))
        assert message.headers["ce_dataschema"] == build_schema_id(short(message))
        assert message.key == place.source


def test_what_has_arrived_is_not_sent_again(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    place.publish()
    before = place.events(), place.seen("run_events"), place.seen("units", "location_numbers")
    assert not place.publish().stdout
    place.forget()
    assert place.publish().stdout.count("had arrived before") == 3
    assert not place.publish().stdout
    assert (
        place.events(),
        place.seen("run_events"),
        place.seen("units", "location_numbers"),
    ) == before


def test_it_goes_on_behind_the_last_that_arrived(place: Place) -> None:
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    place.forget(where="run_id = 2")
    place.sordiff("ingest", DEMO[2])
    said = place.publish().stdout.splitlines()
    assert [line.split(" · ")[-1] for line in said] == ["had arrived before", "77 messages"]
    assert [seen.headers["ce_sequence"] for seen in place.events()] == [
        f"{n:020}" for n in range(1, 47)
    ]
    assert place.told()[-2:] == [("run.started", 3), ("run.completed", 3)]


def test_an_attempt_is_noted_and_told(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    assert "to be published" not in place.sordiff("status").stdout
    place.publish("--bootstrap-servers", "127.0.0.1:1", "--set", "timeout_seconds=1", code=4)
    waiting = json.loads(place.sordiff("status", "--format", "json").stdout)["unpublished"]
    assert (waiting["runs"], waiting["events"], waiting["messages"]) == (3, 46, 0)
    assert "to be published  3 runs · 46 events" in place.sordiff("status").stdout
    assert waiting["attempted"] >= waiting["oldest"]
    place.publish()
    waiting = json.loads(place.sordiff("status", "--format", "json").stdout)["unpublished"]
    assert waiting.pop("begun") is True
    assert waiting == {"runs": 0, "events": 0, "messages": 0, "oldest": None, "attempted": None}


def test_structured_messages_hold_the_whole_event(place: Place) -> None:
    place.configure(kafka='mode = "structured"')
    place.sordiff("ingest", *DEMO)
    place.publish()
    seen = place.seen(*EVENTS)
    assert {message.headers["content-type"] for message in seen} == {
        "application/cloudevents+json; charset=UTF-8"
    }
    found = sorted(
        (json.loads(message.value or b"") for message in seen), key=lambda event: event["sequence"]
    )
    assert found == place.recorded()
    place.forget()
    assert place.publish().stdout.count("had arrived before") == 3


def test_without_publish_only_the_state_goes_out(place: Place) -> None:
    place.sordiff("ingest", "--no-publish", *DEMO[:2])
    assert not place.publish().stdout
    assert not place.seen("run_events")
    place.sordiff("ingest", DEMO[2])
    place.publish()
    assert place.told() == [("run.started", 3), ("run.completed", 3)]
    assert [seen.headers["ce_sequence"] for seen in place.events()] == [
        f"{n:020}" for n in range(14, 47)
    ]
    keys = {seen.key for seen in place.seen("units") if seen.value is not None}
    assert keys == {key for (key,) in place.rows("SELECT sor_id FROM units")}


def test_a_dry_run_leaves_nothing_to_publish(place: Place) -> None:
    place.sordiff("ingest", "--dry-run", *DEMO)
    place.sordiff("ingest", DEMO[0])
    place.sordiff("ingest", "--dry-run", *DEMO[1:])
    assert place.rows("SELECT run_id, kind FROM outbox") == [(1, "run")]


def test_the_state_can_be_written_anew(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    place.publish()
    gone = dict.fromkeys(seen.key for seen in place.seen("units") if seen.value is None)
    place.write_stranger("9999")
    before = len(place.seen("units"))
    assert "State after run 3" in place.publish("--state").stdout
    anew = place.seen("units")
    last = {seen.key: seen.value for seen in anew}
    assert last["9999"] is None
    assert len(anew) - before == len([value for value in last.values() if value is not None]) + 1
    assert gone
    assert not any(last[key] for key in gone)
    assert {key for key, value in last.items() if value is not None} == {
        key for (key,) in place.rows("SELECT sor_id FROM units")
    }


def test_the_mark_waits_until_a_recording_has_ended(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    recording = sqlite3.connect(
        place.folder / "sordiff.db", isolation_level=None, check_same_thread=False
    )
    with closing(recording):
        recording.execute("BEGIN IMMEDIATE")
        end = threading.Timer(4, recording.execute, ["ROLLBACK"])
        end.start()
        place.publish()
        assert not recording.in_transaction
        end.join()
    assert len(place.events()) == 46
