"""The CloudEvents library for Python reads what is published, in both modes, as docs/subscribing.md says."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event
from cloudevents.core.exceptions import CloudEventValidationError

from sordiff.client import read_message
from sordiff.wire import build_type
from tests.kafka.place import DEMO, TOPICS, Place
from tests.kafka.reading import Seen, read_to_the_end

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.session import Address

TOMBSTONE = "1"


@pytest.mark.parametrize("mode", ["binary", "structured"])
def test_it_reads_every_event_and_state_and_refuses_a_tombstone(
    broker: Address, prefix: str, tmp_path: Path, mode: str
) -> None:
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure(kafka=f'mode = "{mode}"')
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO)
    place.write_stranger(TOMBSTONE)
    place.publish("--state")
    for topic in TOPICS.values():
        records = read_to_the_end(broker.bootstrap, f"{prefix}{topic}")
        sent = [record for record in records if record.key != TOMBSTONE]
        assert sent, topic
        assert [_tell(record) for record in sent] == [_expect(record) for record in sent]
    gone = read_to_the_end(broker.bootstrap, f"{prefix}{TOPICS['units']}")
    [tombstone] = [one for one in gone if one.key == TOMBSTONE and one.value is None]
    with pytest.raises(CloudEventValidationError):
        from_kafka_event(_message(tombstone))


def _tell(record: Seen) -> tuple[Any, ...]:
    event = from_kafka_event(_message(record))
    told = event.get_time()
    sequence = event.get_extension("sequence")
    return (
        event.get_id(),
        event.get_source(),
        event.get_type(),
        event.get_subject(),
        told and told.isoformat(),
        sequence and int(sequence),
        event.get_data(),
    )


def _expect(record: Seen) -> tuple[Any, ...]:
    """What sordiff's own client says; the library keeps a time to the microsecond, of its ten millionths."""
    assert record.value is not None
    headers = [(name, text.encode()) for name, text in record.headers.items()]
    ours = read_message(headers, record.value, (record.key or "").encode())
    assert ours is not None
    assert ours.name is not None
    value = json.loads(record.value)
    return (
        ours.id,
        ours.source,
        build_type(ours.name),
        ours.subject,
        ours.time and datetime.fromisoformat(ours.time).isoformat(),
        ours.sequence,
        value if "ce_type" in record.headers else value["data"],
    )


def _message(record: Seen) -> KafkaMessage:
    headers = {name: text.encode() for name, text in record.headers.items()}
    # As a consumer has it: the value of a tombstone is None.
    return KafkaMessage(headers=headers, key=record.key, value=record.value)  # type: ignore[arg-type]
