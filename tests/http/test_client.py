"""Programs read what sordiff publishes into typed records, over HTTP and from the messages of a topic."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from sordiff import client as typed
from sordiff.event_sink import RunEvent, StateRecord
from sordiff.events import EVENT_TYPES
from sordiff.kafka.binding import Binding
from sordiff.kafka.settings import KafkaSettings
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.wire import decode_line
from tests.scenarios.telling import ROOT, SCENARIOS

if TYPE_CHECKING:
    from tests.http.asking import Client

EXAMPLE = ROOT / "examples" / "number_moves.py"
SOURCE = "urn:sordiff:sor"
AT = "2024-03-04T01:00:00+01:00"


def list_scenario_lines() -> list[str]:
    found = sorted(SCENARIOS.glob("*/events.jsonl"))
    return [line for path in found for line in path.read_text("utf-8").splitlines()]


def test_every_event_of_every_scenario_is_read_into_its_record() -> None:
    seen = set()
    for line in list_scenario_lines():
        read, (envelope, event) = typed.read_event(line), decode_line(line)
        assert (read.name, read.subject, read.data) == (event.name, event.subject, event.data)
        assert (read.id, read.source, read.time) == (envelope.id, envelope.source, envelope.time)
        assert read.sequence == int(envelope.sequence or 0)
        assert not read.replay
        seen.add(read.name)
    assert seen == {*EVENT_TYPES}


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_a_message_of_a_topic_reads_as_the_event_does(mode: str) -> None:
    binding = Binding(KafkaSettings(mode=mode), SOURCE, replay=True)  # type: ignore[arg-type]  # one of both
    for line in list_scenario_lines()[:100]:
        envelope, event = decode_line(line)
        sequence = int(envelope.sequence or 0)
        row = (envelope.id, event.name, event.subject, sequence, bytes(envelope.data))
        (message,) = binding.events([row], envelope.time)
        read = typed.read_message(message.headers, message.value, message.key)
        assert (read.name, read.subject, read.data) == (event.name, event.subject, event.data)
        assert (read.id, read.time, read.sequence) == (envelope.id, envelope.time, sequence)
        assert read.replay


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_states_tombstones_and_runs_are_read_too(mode: str, client: Client) -> None:
    binding = Binding(KafkaSettings(mode=mode), SOURCE)  # type: ignore[arg-type]  # one of both
    unit = client.get("/v1/units?limit=1").json()[0]["state"]
    state = msgspec.convert(unit, typed.UnitState)
    value = msgspec.json.encode(unit)
    sor_id = state.unit.sor_id
    record = StateRecord(
        topic="units",
        key=sor_id,
        value=value,
        id="a",
        sequence=7,
        time=AT,
        type="sordiff.unit.state.v1",
    )
    sent = binding.state(record)
    read = typed.read_message(sent.headers, sent.value, sent.key)
    assert (read.name, read.subject, read.sequence) == ("unit.state", sor_id, 7)
    assert read.time == AT
    assert read.data == state
    gone = binding.tombstone("units", sor_id.encode(), 8)
    read = typed.read_message(gone.headers, gone.value, gone.key)
    assert (read.name, read.subject, read.sequence, read.data) == (None, sor_id, 8, None)
    data = b'{"snapshot":{"before":null,"after":"2024-03-04","nights":null},"run":{"id":1,"kind":"baseline","count":0},"decided_by":"anna","reason":"checked","at":"2024-03-04T07:00:00Z"}'
    told = binding.run_event(RunEvent(name="run.released", id="1", time="2024-03-04", data=data))
    read = typed.read_message(told.headers, told.value, told.key)
    assert type(read.data) is RUN_EVENT_TYPES["run.released"]
    assert read.sequence is None


def test_what_this_release_does_not_know_is_given_as_it_is() -> None:
    line = list_scenario_lines()[0]
    known = typed.read_event(line)
    assert typed.read_event(line.replace('"data":{', '"data":{"later":[1],')) == known
    later = typed.read_event(line.replace("location_number.closed", "location_number.painted"))
    assert later.name == "location_number.painted"
    assert isinstance(later.data, dict)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"specversion":"1.0"}', "null"])
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(typed.MalformedEventError):
        typed.read_event(text)
    with pytest.raises(typed.MalformedEventError):
        typed.read_events(f"[{text or '0'}]")
    with pytest.raises(typed.MalformedEventError):
        typed.read_message([], text.encode())


def test_a_header_without_a_value_is_read_as_none() -> None:
    """Kafka allows one, and others than sordiff add headers on the way."""
    envelope, event = decode_line(list_scenario_lines()[0])
    row = (envelope.id, event.name, event.subject, 7, bytes(envelope.data))
    for mode in ("binary", "structured"):
        binding = Binding(KafkaSettings(mode=mode), SOURCE)
        (sent,) = binding.events([row], AT)
        read = typed.read_message(sent.headers, sent.value, sent.key)
        more = [*sent.headers, ("ce_traceparent", None), ("trace", None)]
        assert typed.read_message(more, sent.value, sent.key) == read
    with pytest.raises(typed.MalformedEventError):
        typed.read_message([("content-type", None), ("ce_type", None)], b"{}", b"1")
    assert typed.read_message([("ce_sequence", None)], None, b"1").sequence is None


@pytest.mark.parametrize(
    "deep", ["[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000]
)
def test_what_is_nested_too_deeply_is_refused(deep: str) -> None:
    line = list_scenario_lines()[0]
    for text in (deep, line.replace('"data":{', f'"later":{deep},"data":{{')):
        with pytest.raises(typed.MalformedEventError):
            typed.read_event(text)
        with pytest.raises(typed.MalformedEventError):
            typed.read_events(f"[{text}]")
        with pytest.raises(typed.MalformedEventError):
            typed.read_message([("ce_type", b"sordiff.unit.later.v1")], text.encode())


def test_a_record_that_lacks_a_field_is_refused() -> None:
    line = list_scenario_lines()[0]
    with pytest.raises(typed.MalformedEventError, match="heirs"):
        typed.read_event(line.replace('"heirs"', '"hairs"'))
    with pytest.raises(typed.MalformedEventError):
        typed.read_event(line.replace('"sequence":"0', '"sequence":"x'))


def test_all_records_are_exported() -> None:
    exported = [getattr(typed, name) for name in typed.__all__]
    for record in (*EVENT_TYPES.values(), *STATE_TYPES.values(), *RUN_EVENT_TYPES.values()):
        assert record in exported, record


def test_it_needs_no_client_of_kafka_and_no_reader() -> None:
    asked = "import sys, sordiff.client; print([*{n.partition('.')[0] for n in sys.modules}])"
    told = subprocess.run((sys.executable, "-c", asked), check=True, capture_output=True, text=True)
    assert "msgspec" in told.stdout
    for library in ("kafka", "lxml", "sqlite3", "httpx", "typer", "deepdiff"):
        assert f"'{library}'" not in told.stdout


def test_the_example_tells_whose_messages_go_elsewhere(client: Client) -> None:
    words: tuple[Any, ...] = (sys.executable, EXAMPLE, str(client.base_url))
    lines = []
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        try:
            assert process.stdout is not None
            expected = [
                event
                for event in client.get("/v1/events?limit=1000").json()
                if event["type"].split(".")[2] in {"assigned", "reassigned", "released"}
            ]
            lines = [process.stdout.readline() for _ in expected]
        finally:
            process.kill()
    assert [line.split()[1] for line in lines] == [event["subject"] for event in expected]
    assert any(" inherit it" in line for line in lines)


def test_the_example_is_the_one_of_the_documents() -> None:
    text = EXAMPLE.read_text("utf-8")
    assert f"```python\n{text}```" in (ROOT / "docs" / "subscribing.md").read_text("utf-8")
    assert len(text.splitlines()) <= 30
