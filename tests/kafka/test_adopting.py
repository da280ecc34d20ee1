"""Publishing where the topics know more than the changelog: a restored backup, a lost one, another's runs."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sordiff.service.publish.state_records import build_all_state_records
from sordiff.store.changelog import SqliteChangelog
from tests.kafka.place import DEMO, Place, short
from tests.kafka.reading import write_record
from tests.kafka.replicas import Replica
from tests.kafka.session import Address
from tests.scenarios.telling import ROOT

HOLDING = '[alarms.counts]\n"unit.created" = { count = 2 }\n'


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """Topics of its own, and nothing recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    return place


def back_up(place: Place) -> None:
    shutil.copy(place.folder / "sordiff.db", place.folder / "backup.db")


def restore(place: Place) -> None:
    """As on another machine: without its mark, so that nothing but the topics knows of it."""
    shutil.copy(place.folder / "backup.db", place.folder / "sordiff.db")
    (place.folder / "sordiff.db.mark").unlink(missing_ok=True)


def lose(place: Place) -> None:
    (place.folder / "sordiff.db").unlink()


def lose_a_night(place: Place) -> None:
    """Three nights are in the topics; the changelog is restored as it was after the second."""
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    back_up(place)
    place.sordiff("ingest", DEMO[2])
    place.publish()
    restore(place)


def assert_the_state_is_the_register(place: Place) -> None:
    """The newest record of each key is what the changelog says of it, and no other key has one."""
    newest: dict[str, tuple[int, bytes | None]] = {}
    for seen in place.seen("units", "location_numbers"):
        newest[str(seen.key)] = int(seen.headers["ce_sequence"]), seen.value
    with SqliteChangelog(place.folder / "sordiff.db").open_to_read() as session:
        expected = {
            record.key: (record.sequence, record.value)
            for record in build_all_state_records(session)
        }
    assert {key: found for key, found in newest.items() if found[1] is not None} == expected


def assert_each_event_once(place: Place) -> None:
    """No id twice, and in each partition the sequences go up."""
    ids = [seen.headers["ce_id"] for seen in place.events()]
    assert len(ids) == len(set(ids))
    places: dict[tuple[str, int], list[str]] = {}
    for seen in place.seen("unit_events", "location_number_events", "classification_events"):
        places.setdefault((seen.topic, seen.partition), []).append(seen.headers["ce_sequence"])
    for sequences in places.values():
        assert sequences == sorted(sequences)


def completed(place: Place) -> list[dict[str, Any]]:
    """The data of every run.completed."""
    return [
        json.loads(seen.value or b"")
        for seen in place.seen("run_events")
        if short(seen) == "run.completed"
    ]


def sequences_there(place: Place) -> dict[str, str]:
    return {seen.headers["ce_id"]: seen.headers["ce_sequence"] for seen in place.events()}


def sequences_here(place: Place) -> dict[str, str]:
    return {event["id"]: event["sequence"] for event in place.recorded()}


def test_a_restored_backup_is_refused_until_the_nights_are_there_again(place: Place) -> None:
    database = place.folder / "sordiff.db"
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    shutil.copy(database, place.folder / "backup.db")
    place.sordiff("ingest", DEMO[2])
    place.publish()
    restore(place)
    place.forget(where="run_id = 2")
    before = place.events(), place.told()
    said = place.publish(code=2).stderr
    assert "has run 3 of" in said
    assert "does not know" in said
    assert "--adopt" in said
    place.sordiff("ingest", DEMO[2])
    assert place.publish().stdout.count("had arrived before") == 2
    assert (place.events(), place.told()) == before


def test_another_run_of_the_same_number_is_refused(place: Place) -> None:
    database = place.folder / "sordiff.db"
    place.sordiff("ingest", DEMO[0])
    place.publish()
    shutil.copy(database, place.folder / "backup.db")
    place.sordiff("ingest", DEMO[1])
    place.publish()
    restore(place)
    place.sordiff("ingest", DEMO[2])
    before = place.events(), place.told()
    said = place.publish(code=2).stderr
    assert "another run 2" in said
    assert "restore it once more" in said
    assert (place.events(), place.told()) == before
    restore(place)
    place.sordiff("ingest", *DEMO[1:])
    assert place.publish().stdout.count("had arrived before") == 1
    assert_each_event_once(place)
    assert_the_state_is_the_register(place)
    assert sequences_there(place) == sequences_here(place)


def test_a_restored_changelog_goes_on_behind_the_topics(place: Place) -> None:
    """The lost night is nowhere: `--restored` gives no sequence of the topics again."""
    place.sordiff("ingest", DEMO[0])
    place.publish()
    back_up(place)
    place.sordiff("ingest", DEMO[1])
    place.publish()
    shutil.copy(place.folder / "backup.db", place.folder / "sordiff.db")
    assert "is a restored backup" in place.sordiff("ingest", DEMO[2], code=2).stderr
    place.sordiff("ingest", "--restored", DEMO[2])
    lost = sequences_there(place)
    assert not set(sequences_here(place).values()) & set(lost.values())
    assert "--adopt" in place.publish(code=2).stderr
    place.publish("--adopt")
    there = sequences_there(place)
    assert lost.items() < there.items()
    assert sequences_here(place).items() <= there.items()
    assert_each_event_once(place)
    assert_the_state_is_the_register(place)


def test_another_digest_is_refused(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    place.publish()
    place.forget()
    with closing(sqlite3.connect(place.folder / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE runs SET digest = 'another' WHERE id = 2")
    said = place.publish(code=2).stderr
    assert "its digest differs" in said
    assert "Nothing was sent" in said


def test_adopting_goes_on_behind_what_is_there(place: Place) -> None:
    database = place.folder / "sordiff.db"
    place.sordiff("ingest", DEMO[0])
    place.publish()
    shutil.copy(database, place.folder / "backup.db")
    place.sordiff("ingest", DEMO[1])
    place.publish()
    restore(place)
    place.sordiff("ingest", DEMO[2])
    place.publish("--adopt")
    sequences = [seen.headers["ce_sequence"] for seen in place.events()]
    assert sequences == [f"{n:020}" for n in range(1, len(sequences) + 1)]
    assert [event["sequence"] for event in place.recorded()] == sequences[13:]
    state = {seen.key: seen.value for seen in place.seen("units")}
    assert {key for key, value in state.items() if value is not None} == {
        key for (key,) in place.rows("SELECT sor_id FROM units")
    }
    place.forget(where="run_id = 2")
    assert "had arrived before" in place.publish().stdout


def test_another_changelog_of_the_same_source_is_refused(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    place.publish()
    (place.folder / "sordiff.db").unlink()
    place.sordiff("ingest", *DEMO)
    assert "from another changelog" in place.publish(code=2).stderr
    assert len(place.events()) == 46
    place.configure(source=f"{place.source}:own")
    (place.folder / "sordiff.db").unlink()
    place.sordiff("ingest", *DEMO)
    place.publish()
    assert len(place.events()) == 92


def test_adopting_is_finished_by_the_next_call(place: Place) -> None:
    """Killed after it adopted: the state that nobody here knows is still put right."""
    place.sordiff("ingest", DEMO[0])
    place.publish()
    (place.folder / "sordiff.db").unlink()
    place.sordiff("ingest", DEMO[1])
    place.publish("--adopt", "--set", "topics.units=nowhere", code=2)
    place.publish("--adopt")
    place.forget(where="kind = 'whole state'")
    place.write_stranger("9999")
    assert "State after run 1" in place.publish().stdout
    state = {seen.key: seen.value for seen in place.seen("units")}
    assert {key for key, value in state.items() if value is not None} == {
        key for (key,) in place.rows("SELECT sor_id FROM units")
    }


def test_a_night_that_was_adopted_and_then_found_has_arrived(place: Place) -> None:
    lose_a_night(place)
    place.publish("--adopt")
    assert_the_state_is_the_register(place)
    place.sordiff("ingest", DEMO[2])
    said = place.publish().stdout
    assert "Run 3 · 2024-03-06 · 33 events · had arrived before" in said
    assert "State after run 3" in said
    assert_the_state_is_the_register(place)
    assert_each_event_once(place)
    assert sequences_here(place) == sequences_there(place)
    assert not place.publish().stdout


def test_a_night_that_is_held_here_is_released_and_has_arrived(place: Place) -> None:
    lose_a_night(place)
    place.configure(HOLDING)
    place.sordiff("ingest", DEMO[2], code=3)
    said = place.publish(code=2).stderr
    assert "which is held here" in said
    assert "sordiff release 3" in said
    released = place.sordiff("release", "3", "--reason", "Som før").stdout
    assert "Run 3 · 2024-03-06 · 33 events · had arrived before" in released
    assert_the_state_is_the_register(place)
    assert_each_event_once(place)


def without_the_night_between(place: Place) -> None:
    """In the topics are the first and the third night; the second waits here before the third."""
    place.sordiff("ingest", DEMO[0])
    place.publish()
    back_up(place)
    place.sordiff("ingest", "--no-publish", DEMO[1])
    place.sordiff("ingest", DEMO[2])
    place.publish()
    restore(place)
    place.sordiff("ingest", *DEMO[1:])


def test_nothing_is_sent_behind_what_came_after_it(place: Place) -> None:
    without_the_night_between(place)
    before = place.events(), place.told()
    said = place.publish(code=2).stderr
    assert "has run 3" in said
    assert "not run 2 before it" in said
    assert (place.events(), place.told()) == before


def test_adopting_leaves_out_what_would_come_too_late(place: Place) -> None:
    without_the_night_between(place)
    before = place.events()
    place.publish("--adopt")
    assert place.events() == before
    assert_the_state_is_the_register(place)
    assert sequences_here(place).items() >= sequences_there(place).items()
    assert place.rows("SELECT id, publish FROM runs") == [(1, 1), (2, 0), (3, 1)]
    assert not place.publish().stdout


def test_the_same_nights_under_other_numbers_are_not_sent_again(place: Place) -> None:
    """The first call of a new changelog; its first night is the second of the one that was lost."""
    place.sordiff("ingest", *DEMO)
    place.publish()
    lose(place)
    place.sordiff("ingest", *DEMO[1:])
    there = sequences_there(place)
    assert "had arrived before" in place.publish("--adopt").stdout
    assert_each_event_once(place)
    assert sequences_there(place) == there
    assert sequences_here(place).items() <= there.items()
    assert_the_state_is_the_register(place)


def test_what_was_adopted_lies_before_every_record(place: Place) -> None:
    """Who joins by the sequences of the records applies no event of the lost changelog to them."""
    place.sordiff("ingest", *DEMO[:2])
    place.publish()
    lose(place)
    place.sordiff("ingest", DEMO[2])
    place.publish("--adopt")
    assert_the_state_is_the_register(place)
    newest = {seen.key: seen for seen in place.seen("units")}.values()
    there = {seen.headers["ce_sequence"] for seen in newest if seen.value is not None}
    assert there == {f"{13:020}"}
    assert completed(place)[-1]["beyond_events"]


def test_after_adopting_the_next_night_says_that_more_has_changed(place: Place) -> None:
    place.sordiff("ingest", DEMO[0])
    place.publish()
    back_up(place)
    place.sordiff("ingest", DEMO[1])
    place.publish()
    restore(place)
    place.publish("--adopt")
    place.sordiff("ingest", DEMO[2])
    place.publish()
    place.forget(where="run_id = 2 AND kind = 'run'")
    assert "had arrived before" in place.publish().stdout
    assert [one["beyond_events"] for one in completed(place)] == [True, False, True]
    assert place.rows("SELECT beyond_events FROM sinks") == [(0,)]


def test_a_night_behind_unpublished_ones_says_so(place: Place) -> None:
    place.sordiff("ingest", DEMO[0])
    place.publish()
    place.sordiff("ingest", "--no-publish", DEMO[1])
    place.sordiff("ingest", DEMO[2])
    place.publish()
    assert [one["beyond_events"] for one in completed(place)] == [True, True]


@pytest.mark.parametrize("way", ["--no-publish", "--rebaseline"])
def test_a_replica_follows_where_events_do_not_lead(place: Place, way: str) -> None:
    """It is there before the first night, and meets a night of which no event tells."""
    replica = Replica(place.bootstrap, place.folder / "mirror.db", place.prefix)
    try:
        for night in ([DEMO[0]], [way, DEMO[1]], [DEMO[2]]):
            replica.start() if not replica.runs else None
            place.sordiff("ingest", *night)
            place.publish()
            if way not in night:
                ids = {sor_id for (sor_id,) in place.rows("SELECT sor_id FROM units")}
                names = {str(name) for (name,) in place.rows("SELECT name FROM units")}
                replica.await_units(
                    lambda units: (
                        units.keys() == ids  # noqa: B023  # awaited here and now
                        and {str(unit.name) for unit in units.values()} == names  # noqa: B023  # same
                    )
                )
    finally:
        replica.kill()


def test_a_source_of_its_own_keeps_its_state(place: Place) -> None:
    """Two sources in the same topics: to write the state of one anew takes nothing from the other."""
    place.configure(kafka='mode = "structured"')
    place.sordiff("ingest", *DEMO)
    place.publish()
    lose(place)
    place.configure(kafka='mode = "structured"', source=f"{place.source}:other")
    place.sordiff("ingest", ROOT / "fixtures" / "scenarios" / "02-version-2" / "2012-11-13.xml")
    place.publish()
    before = len([seen for seen in place.seen("units") if seen.value is None])
    place.publish("--state")
    assert len([seen for seen in place.seen("units") if seen.value is None]) == before


def test_what_only_looks_like_the_end_of_a_run_is_passed(place: Place) -> None:
    place.sordiff("ingest", *DEMO)
    for value in (b"not JSON", b"{}", b'{"run":{"id":"x"}}', b"\xff"):
        write_record(
            place.bootstrap,
            f"{place.prefix}run-events",
            value,
            {"ce_type": "sordiff.run.completed.v1", "ce_source": place.source, "ce_id": "7"},
        )
    place.publish()
    assert len(place.events()) == 46


def test_records_that_say_something_else_have_other_ids(place: Place) -> None:
    """A rebaseline gives no sequence: who de-duplicates by id must not lose what it brings."""
    place.sordiff("ingest", DEMO[0])
    place.sordiff("ingest", "--rebaseline", DEMO[1])
    place.publish()
    place.publish("--state")
    told: dict[str, set[bytes | None]] = {}
    for seen in place.seen("units", "location_numbers"):
        if seen.value is not None:
            told.setdefault(seen.headers["ce_id"], set()).add(seen.value)
    assert {len(values) for values in told.values()} == {1}
