"""The contract of a sink. A module that runs it defines the fixture `place` and imports these tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

import pytest

from sordiff.errors import Locked, SordiffError
from sordiff.event_sink import (
    LOCATION_NUMBERS,
    UNITS,
    ArrivedRunEvent,
    EventRow,
    EventSink,
    OutgoingRun,
    OutgoingRunEvent,
    RunEvent,
    StateRecord,
    StateTopic,
)
from sordiff.model import Day

SOURCE = "urn:test:sink"
# Danish letters, and a character that turns the direction of text, escaped as it was recorded.
ODD = '{"name":"Ærø Lægehus \\u202e","before":null}'.encode()
Read = tuple[str, str, bytes]


class SinkPlace(Protocol):
    """A sink under test, and what anybody finds there."""

    source: str

    def sink(self) -> EventSink:
        """The sink, as a new process has it."""

    def events(self) -> list[Read]:
        """Type, subject and data of all events of the register, in the order of their sequences."""

    def state(self) -> dict[tuple[StateTopic, str], bytes]:
        """The state by topic and key."""


def event_rows(first: int, count: int, data: bytes = b'{"a":1}') -> list[EventRow]:
    return [
        (f"event-{sequence}", "unit.renamed", f"{sequence}016009", sequence, data)
        for sequence in range(first, first + count)
    ]


def run_event(name: str, run_id: int) -> RunEvent:
    data = b'{"run":{"id":%d}}' % run_id
    return RunEvent(name=name, id=f"{name}-{run_id}", time="2024-03-06T01:00:00+01:00", data=data)


def run(run_id: int, rows: Iterable[EventRow], states: Iterable[StateRecord] = ()) -> OutgoingRun:
    return OutgoingRun(
        position=run_id,
        run_id=run_id,
        day=Day("2024-03-06"),
        started=run_event("run.started", run_id),
        events=rows,
        states=states,
        completed=run_event("run.completed", run_id),
    )


def held(run_id: int) -> OutgoingRunEvent:
    event = run_event("run.held", run_id)
    return OutgoingRunEvent(position=run_id, run_id=run_id, day=Day("2024-03-07"), event=event)


def record(topic: StateTopic, key: str, value: bytes | None, sequence: int = 1) -> StateRecord:
    kind = "unit" if topic == UNITS else "location_number"
    type_ = f"sordiff.{kind}.state.v1"
    time = "2024-03-06T01:00:00+01:00"
    id_ = f"{type_}/{key}/{sequence}/{len(value or b'')}"
    return StateRecord(
        topic=topic, key=key, value=value, id=id_, sequence=sequence, time=time, type=type_
    )


def ids(found: Iterable[ArrivedRunEvent], source: str) -> list[str]:
    return [event.id for event in found if event.source == source]


def arrived(place: SinkPlace) -> list[str]:
    """The ids of the run events that a new process finds."""
    with place.sink().begin(place.source) as session:
        return ids(session.read_run_events().events, place.source)


def test_a_new_place_has_nothing(place: SinkPlace) -> None:
    assert arrived(place) == []
    assert place.events() == []


def test_a_run_is_there_whole(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        assert session.send_run(run(1, event_rows(1, 3))) == 5
        found = session.read_run_events().events
        assert ids(found, place.source) == ["run.started-1", "run.completed-1"]
    assert arrived(place) == ["run.started-1", "run.completed-1"]
    subjects = [(type_, subject) for type_, subject, _ in place.events()]
    assert subjects == [("sordiff.unit.renamed.v1", f"{n}016009") for n in (1, 2, 3)]


def test_a_run_without_events_is_a_run(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        assert session.send_run(run(1, [])) == 2
    assert arrived(place) == ["run.started-1", "run.completed-1"]


def test_what_arrived_says_what_was_sent(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        session.send_run(run(7, event_rows(1, 1, ODD)))
        found = [e for e in session.read_run_events().events if e.source == place.source]
    assert [(e.type, e.replay, e.data) for e in found] == [
        ("sordiff.run.started.v1", False, b'{"run":{"id":7}}'),
        ("sordiff.run.completed.v1", False, b'{"run":{"id":7}}'),
    ]
    assert [data for _, _, data in place.events()] == [ODD]


def test_of_a_run_that_fails_half_way_nothing_is_there(place: SinkPlace) -> None:
    class HalfWay(Exception):  # it is no error of anybody
        pass

    def rows() -> Iterator[EventRow]:
        yield from event_rows(1, 100)
        raise HalfWay

    with pytest.raises(HalfWay), place.sink().begin(place.source) as session:
        session.send_run(run(1, rows()))
    assert arrived(place) == []
    with place.sink().begin(place.source) as session:
        session.send_run(run(1, event_rows(1, 2)))
    assert arrived(place) == ["run.started-1", "run.completed-1"]
    assert len(place.events()) == 2


def test_what_came_behind_a_position_is_read_alone(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        before = session.read_run_events()
        session.send_run(run(1, event_rows(1, 1)))
        first = session.read_run_events(before.position)
    assert ids(first.events, place.source) == ["run.started-1", "run.completed-1"]
    with place.sink().begin(place.source) as session:
        assert session.read_run_events(first.position).events == ()
        session.send_run_event(held(2))
        second = session.read_run_events(first.position)
        whole = session.read_run_events()
    assert (ids(second.events, place.source), second.since) == (["run.held-2"], first.position)
    assert ids(whole.events, place.source)[-3:] == [
        "run.started-1",
        "run.completed-1",
        "run.held-2",
    ]
    assert (whole.since, whole.position) == ("", second.position)


def test_behind_a_position_that_is_of_something_else_everything_is_read(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        session.send_run(run(1, event_rows(1, 1)))
        whole = session.read_run_events()
        # Another message lies there; another sink wrote it; nobody did.
        same_place = re.sub(r"\w{3}(?=\W*$)", "xyz", whole.position)
        elsewhere = '{"topic":"t","last":{"0":{"offset":1,"digest":""}}}'
        found = [session.read_run_events(p) for p in (same_place, elsewhere, "7:x", "nothing")]
    assert found == [whole] * 4
    assert (whole.since, len(whole.events) >= 2) == ("", True)


def test_a_run_event_comes_alone(place: SinkPlace) -> None:
    with place.sink().begin(place.source) as session:
        assert session.send_run_event(held(3)) == 1
    assert arrived(place) == ["run.held-3"]
    assert place.events() == []


def test_runs_stay_in_order_over_sessions(place: SinkPlace) -> None:
    for run_id in (8, 9, 10, 11):
        with place.sink().begin(place.source) as session:
            session.send_run(run(run_id, event_rows(run_id, 1)))
            session.send_run_event(held(run_id + 1))
    assert arrived(place) == [
        f"{name}-{run_id + (name == 'run.held')}"
        for run_id in (8, 9, 10, 11)
        for name in ("run.started", "run.completed", "run.held")
    ]
    assert [subject for _, subject, _ in place.events()] == [f"{n}016009" for n in (8, 9, 10, 11)]


def test_all_state_is_replaced(place: SinkPlace) -> None:
    first = [record(UNITS, "1", b'{"v":1}'), record(LOCATION_NUMBERS, "57", b'{"v":1}')]
    second = [
        record(UNITS, "1", b'{"v":2}', 9),
        record(UNITS, "2", ODD, 9),
        record(UNITS, "3", None, 9),  # it is gone
    ]
    with place.sink().begin(place.source) as session:
        session.replace_state(iter(first), 5)
    assert place.state() == {(UNITS, "1"): b'{"v":1}', (LOCATION_NUMBERS, "57"): b'{"v":1}'}
    with place.sink().begin(place.source) as session:
        session.replace_state(iter(second), 9)
    assert place.state() == {(UNITS, "1"): b'{"v":2}', (UNITS, "2"): ODD}
    assert arrived(place) == []


def test_two_publishers_never_both_send(place: SinkPlace) -> None:
    """The later one is refused, or the earlier one is shut out."""
    sent = []
    with pytest.raises(SordiffError), place.sink().begin(place.source) as earlier:  # noqa: PT012
        try:
            with place.sink().begin(place.source) as later:
                later.send_run(run(1, event_rows(1, 1)))
                sent.append("later")
        except Locked:
            earlier.send_run(run(1, event_rows(1, 1)))
            sent.append("earlier")
            raise
        earlier.send_run(run(2, event_rows(2, 1)))
        sent.append("earlier")
    assert len(sent) == 1
    assert arrived(place) == ["run.started-1", "run.completed-1"]


def test_its_name_and_place_are_told(place: SinkPlace) -> None:
    sink = place.sink()
    assert sink.name
    assert sink.place[0].isupper()
    assert sink.name == place.sink().name
