"""Others may write into the topics, too: whatever they write, sordiff reads on."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from sordiff.event_sink import ArrivedRunEvent
from sordiff.kafka.failures import build_kafka_error
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topic_contents import _decode_message
from sordiff.kafka.topic_reader import decode_run_event
from sordiff.service.publish.arrived_runs import collect_arrived
from sordiff.wire import build_type

DEEP = b"[" * 50_000 + b"]" * 50_000
COMPLETED = build_type("run.completed")
HEADERS: tuple[list[tuple[str, bytes | None]], ...] = (
    [("ce_type", None)],
    [("ce_type", b"a"), ("ce_id", None), ("ce_source", None)],
    [("ce_type", b"a"), ("ce_sequence", "²".encode())],
    [("ce_type", b"a"), ("ce_sequence", b"9" * 5_000)],
    [("trace", None)],
)
VALUES = (
    None,
    b"",
    b"\xff",
    b'{"id":"\xff","type":"a","source":"b","data":{}}',
    b'{"x":"\xff","id":"1","type":"a","source":"b","data":{}}',
    b'{"id":1,"type":"a","source":"b","data":{}}',
    b'{"x":' + DEEP + b"}",
)


@pytest.mark.parametrize("headers", [[], *HEADERS])
@pytest.mark.parametrize("value", VALUES)
def test_a_message_of_a_stranger_stops_nobody(headers: Any, value: bytes | None) -> None:
    record = SimpleNamespace(headers=headers, key=None, value=value)
    told = decode_run_event(record)
    assert told is None or told.source in {"", "b"}
    message = _decode_message("sor.units", record)
    assert message.sequence is None
    assert message.source in {"", "b"}


def test_headers_without_a_value_are_as_if_they_were_not_there() -> None:
    record = SimpleNamespace(headers=[("ce_type", None), ("ce_id", None)], key=b"1", value=b"{}")
    assert decode_run_event(record) is None
    assert _decode_message("sor.units", record).id == ""


@pytest.mark.parametrize(
    "data", [DEEP, b'{"run":' + DEEP + b"}", b'{"later":' + DEEP, b"\xff", b"null"]
)
def test_a_run_event_that_cannot_be_read_is_no_run(data: bytes) -> None:
    event = ArrivedRunEvent(id="1", type=COMPLETED, source="s", replay=False, data=data)
    assert collect_arrived([event], "s").runs == ()


def test_a_run_of_no_possible_number_is_no_run() -> None:
    days = {"before": None, "after": "2024-03-06", "nights": 1}
    said = {"run": {"id": 1}, "snapshot": days, "changelog": "c", "digest": "d"}
    said |= {"first_sequence": None, "last_sequence": None}
    for number, count in ((1, 1), (10**30, 0), (0, 0)):
        data = msgspec.json.encode({**said, "run": {"id": 1}})
        data = data.replace(b'{"id":1}', b'{"id":%d}' % number)
        event = ArrivedRunEvent(id="1", type=COMPLETED, source="s", replay=False, data=data)
        assert len(collect_arrived([event], "s").runs) == count


def test_more_replicas_than_brokers_is_a_fault_to_be_put_right() -> None:
    from kafka.errors import InvalidReplicationFactorError, InvalidTopicError

    settings = KafkaSettings(bootstrap_servers=("a:1",), replication=3)
    request = "Request 'CreateTopicsRequest(version=7, topics=[…])' failed with response 'CreateTopicsResponse(topics=[(error_message=\"Topic 'a' collides.\")])'."
    told = build_kafka_error(InvalidReplicationFactorError(request), settings, "creating")
    assert told.exit_code == 2
    assert "has too few brokers for replication 3" in str(told)
    told = build_kafka_error(InvalidTopicError(request), settings, "creating")
    assert "(Topic 'a' collides)" in str(told)
    assert "CreateTopicsRe" not in str(told)
