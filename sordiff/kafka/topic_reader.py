"""Reading back what is committed: a topic to its end, or the keys of a state topic."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from sordiff.collection import pause_collection
from sordiff.errors import UNREADABLE, PublishingRefused
from sordiff.event_sink import ArrivedRunEvent
from sordiff.kafka.connection import open_client
from sordiff.kafka.failures import translate_kafka_errors
from sordiff.kafka.open_transactions import build_hidden_end
from sordiff.kafka.patience import Patience
from sordiff.kafka.settings import KafkaSettings

_POLL_MS: Final = 500
# The client's 500 a call cost a tenth of the time.
_MOST_RECORDS: Final = 5_000


def read_keys(settings: KafkaSettings, topic: str, source: str) -> set[bytes]:
    """The keys of a state topic that have a value, but for those that another source wrote."""
    from sordiff.kafka.client_internals import read_briefly

    def is_meant(headers: Iterable[tuple[str, bytes | None]], value: bytes) -> bool:
        return _find_source(headers, value) in {source, None}

    found: dict[bytes | None, bool] = {}
    with read_briefly(is_meant), pause_collection():
        for record in read_committed(settings, topic):
            if isinstance(record.value, dict):
                found.update(record.value)
            elif record.value is None:
                found[record.key] = False
            elif is_meant(record.headers, record.value):
                found[record.key] = True
    # What has no key can't be ended by a tombstone.
    return {key for key, stands in found.items() if stands and key is not None}


def _find_source(told: Iterable[tuple[str, bytes | None]], value: bytes) -> str | None:
    """Who wrote a record; None where it does not say."""
    headers = drop_absent(told)
    if "ce_type" in headers:
        return headers.get("ce_source", b"").decode(errors="replace")
    event = _decode_structured(value)
    return event.source if event is not None else None


def demand_topics(settings: KafkaSettings, suffix: str = "") -> None:
    """Refuse where a topic is missing, before anything is sent: no topic is made by accident."""
    patience = Patience(settings.delivery_timeout_seconds)
    with translate_kafka_errors(settings, "looking for the topics"):
        while True:
            with patience.forgive(), _consumer(settings) as consumer:
                _demand(consumer, settings.topics.list_names(suffix), settings)
                return


def read_committed(
    settings: KafkaSettings, topic: str, starts: Mapping[int, int] | None = None
) -> Iterator[Any]:
    """Everything that is committed in a topic, to its very end.

    The end is the last message that the broker has, not the last that is decided: a transaction of
    another source that is still open there could hide what was published after it, so that its end
    is waited for. `starts` are the offsets from which the partitions are read, by default their
    beginnings. Where one is beyond the end, the partition is read from its beginning. When a broker
    dies or falls silent meanwhile, another one reads on where that one was.
    """
    reached: dict[Any, int] = {}
    patience = Patience(settings.delivery_timeout_seconds)
    whole = False
    with translate_kafka_errors(settings, f"reading {topic}"):
        while not whole:
            with patience.forgive():
                for records in _read_on(settings, topic, starts or {}, reached, patience):
                    yield from records
                whole = True


def _read_on(
    settings: KafkaSettings,
    topic: str,
    starts: Mapping[int, int],
    reached: dict[Any, int],
    patience: Patience,
) -> Iterator[list[Any]]:
    """What lies behind the offsets that are reached already, which grow with it."""
    from kafka import TopicPartition

    with _consumer(settings) as consumer:
        _demand(consumer, settings.topics, settings)
        numbers = sorted(consumer.partitions_for_topic(topic))
        partitions = [TopicPartition(topic, number) for number in numbers]
        ends = _ends(settings, partitions)
        begins = consumer.beginning_offsets(partitions)
        consumer.assign(partitions)
        for partition in partitions:
            start = starts.get(partition.partition, 0)
            begin = start if 0 < start < ends[partition] else begins[partition]
            consumer.seek(partition, reached.get(partition, begin))
        while any(_position(consumer, partition) < ends[partition] for partition in partitions):
            found = consumer.poll(timeout_ms=_POLL_MS)
            for partition, records in found.items():
                yield records
                reached[partition] = records[-1].offset + 1
            if found:
                patience.renew()
            elif patience.is_over:
                raise build_hidden_end(topic, settings)


def _position(consumer: Any, partition: Any) -> int:
    """The offset to be read next; -1 where the client does not know it now."""
    position = consumer.position(partition)
    return -1 if position is None else int(position)


def _demand(consumer: Any, names: Iterable[str], settings: KafkaSettings) -> None:
    missing = [name for name in names if not consumer.partitions_for_topic(name)]
    if missing:
        seen = "" if not settings.uses_sasl else f", or does not show it to {settings.sasl_user}"
        message = f"Kafka at {settings.servers} has no topic {', '.join(missing)}{seen}."
        advice = "`sordiff topics create` makes the topics; --topic-suffix those of a replay."
        raise PublishingRefused(message, advice=advice)


@contextmanager
def _consumer(settings: KafkaSettings, isolation: str = "read_committed") -> Iterator[Any]:
    from kafka import KafkaConsumer

    consumer = open_client(
        KafkaConsumer,
        settings,
        metrics_enabled=False,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level=isolation,
        allow_auto_create_topics=False,
        max_poll_records=_MOST_RECORDS,
    )
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False)


def _ends(settings: KafkaSettings, partitions: list[Any]) -> dict[Any, int]:
    """Behind the last message of each partition, decided or not."""
    with _consumer(settings, "read_uncommitted") as consumer:
        ends: dict[Any, int] = consumer.end_offsets(partitions)
        return ends


def decode_run_event(record: Any) -> ArrivedRunEvent | None:
    """A record as a run event; None where it is not one of ours."""
    headers = drop_absent(record.headers)
    if "ce_type" in headers:
        return ArrivedRunEvent(
            id=headers.get("ce_id", b"").decode(errors="replace"),
            type=headers["ce_type"].decode(errors="replace"),
            source=headers.get("ce_source", b"").decode(errors="replace"),
            replay=headers.get("ce_replay") == b"true",
            data=record.value or b"",
        )
    return _decode_structured(record.value or b"")


def _decode_structured(value: bytes) -> ArrivedRunEvent | None:
    try:
        event = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
        return ArrivedRunEvent(
            id=msgspec.json.decode(event["id"], type=str),
            type=msgspec.json.decode(event["type"], type=str),
            source=msgspec.json.decode(event["source"], type=str),
            replay="replay" in event and bytes(event["replay"]) == b"true",
            data=bytes(event["data"]),
        )
    except (KeyError, *UNREADABLE):
        return None  # not one of ours: others may write there too


def drop_absent(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, bytes]:
    """The headers that have a value; Kafka allows some without, and sordiff sends none."""
    return {name: value for name, value in headers if value is not None}
