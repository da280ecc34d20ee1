"""The batches that sordiff writes are, byte for byte, those that kafka-python would have written.

And what sordiff reads of them briefly is what kafka-python reads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError, KafkaTimeoutError, MessageSizeTooLargeError
from kafka.producer.future import FutureProduceResult, FutureRecordMetadata
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder
from kafka.structs import TopicPartition

from sordiff.kafka import topic_reader
from sordiff.kafka.brief_records import build_brief_batch
from sordiff.kafka.record_batch import Arrival, QuickBatchBuilder
from sordiff.kafka.settings import KafkaSettings

_TIME = st.integers(1_700_000_000_000, 1_700_000_100_000)
_BYTES = st.none() | st.binary(max_size=300)
_HEADERS = st.lists(st.tuples(st.text(max_size=70), _BYTES), max_size=12)
_RECORDS = st.lists(
    st.tuples(_TIME, st.none() | st.binary(max_size=20), _BYTES, _HEADERS), min_size=1, max_size=9
)


def _written(kind: type[Any], records: list[Any], size: int) -> tuple[bytes, list[Any]]:
    builder = kind(
        magic=2,
        compression_type=DefaultRecordBatch.CODEC_NONE,
        is_transactional=True,
        producer_id=7,
        producer_epoch=3,
        base_sequence=11,
        batch_size=size,
    )
    told = []
    for offset, (time, key, value, headers) in enumerate(records):
        found = builder.append(offset, time, key, value, headers)
        told.append(None if found is None else (found.offset, found.size, found.timestamp))
    return bytes(builder.build()), told


@given(_RECORDS, st.integers(100, 2000))
def test_a_batch_is_the_same(records: list[Any], size: int) -> None:
    assert _written(QuickBatchBuilder, records, size) == _written(
        DefaultRecordBatchBuilder, records, size
    )


def test_large_ones_are_the_same() -> None:
    records: list[Any] = [
        (1_700_000_000_000, b"k" * 70, b"v" * size, []) for size in (63, 64, 8191, 8192, 99_999)
    ]
    assert _written(QuickBatchBuilder, records, 10**6) == _written(
        DefaultRecordBatchBuilder, records, 10**6
    )


_SENDER = ("ce_type", "ce_source")
_SENT = st.lists(
    st.tuples(
        st.sampled_from([*_SENDER, "ce_id", "x"]),
        st.sampled_from([None, b"", b"ours", b"theirs", b"\x12ce_source"]) | _BYTES,
    ),
    max_size=6,
)
_CODECS = st.sampled_from([DefaultRecordBatch.CODEC_NONE, DefaultRecordBatch.CODEC_GZIP])
_KEY = st.sampled_from([None, b"", b"1", b"2", b"3" * 100])
_KEYED_RECORDS = st.lists(
    st.tuples(
        _TIME, _KEY, st.none() | st.sampled_from([b"", b"ours", b"theirs" * 50]), _HEADERS | _SENT
    ),
    min_size=1,
    max_size=30,
)


def _is_meant(headers: Any, value: bytes) -> bool:
    """A rule that needs all that it is told: the last that says something counts."""
    told = {name: said for name, said in headers if said is not None}
    if "ce_type" in told:
        return bool(told.get("ce_source", b"") != b"theirs")
    return value == b"ours"


@given(st.lists(st.tuples(_KEYED_RECORDS, _CODECS), min_size=1, max_size=3))
def test_what_is_read_of_keys_is_what_the_records_say(
    batches: list[tuple[list[Any], int]],
) -> None:
    kind = build_brief_batch(_is_meant)
    for records, codec in batches:
        batch = _build_batch(records, codec)
        whole = list(DefaultRecordBatch(batch))
        wanted: dict[bytes | None, bool] = {}
        for one in whole:
            if one.value is None:
                wanted[one.key] = False
            elif _is_meant(one.headers, one.value):
                wanted[one.key] = True
        (record,) = kind(batch)
        assert (record.value, record.offset) == (wanted, whole[-1].offset)


def test_a_sender_that_is_told_again_is_the_last() -> None:
    kind, ours = b"sordiff.unit.state.v1", ("ce_source", b"ours")
    beginning = [("ce_type", kind), ours]
    records = [
        (b"1", [*beginning, ("ce_id", b"1")]),
        (b"2", [*beginning, ("ce_source", b"theirs")]),
        (b"3", [*beginning, ("ce_type", None)]),
        (b"4", [*beginning, ("ce_id", b"\x12ce_source")]),
    ]
    batch = _build_batch([(1_700_000_000_000, key, b"", told) for key, told in records], 0)
    (record,) = build_brief_batch(_is_meant)(batch)
    assert record.value == {b"1": True, b"3": True, b"4": True}


def test_keys_are_read_of_old_batches_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those before Kafka 0.11, as a broker gives them on; and what has no key is left out."""
    said: list[tuple[bytes | None, bytes | None]] = [(b"1", b"{}"), (b"2", b"{}"), (b"1", None)]

    def read(*_: Any) -> Iterator[Any]:
        for magic, more in ((1, []), (2, [(None, b"{}")])):
            builder = MemoryRecordsBuilder(magic, DefaultRecordBatch.CODEC_NONE, 10**6)
            for key, value in [*said, *more]:
                builder.append(1_700_000_000_000, key, value)
            builder.close()
            yield from MemoryRecords(builder.buffer()).next_batch()

    monkeypatch.setattr(topic_reader, "read_committed", read)
    assert topic_reader.read_keys(KafkaSettings(), "sor.units", "urn:x") == {b"2"}


@given(_KEYED_RECORDS, st.data())
def test_a_spoiled_batch_is_refused_or_read(records: list[Any], data: st.DataObject) -> None:
    """As the client would: its sum is looked at before, so that anything else is an accident."""
    batch = bytearray(_build_batch(records, DefaultRecordBatch.CODEC_NONE))
    place = data.draw(st.integers(61, len(batch) - 1))
    batch[place] = data.draw(st.integers(0, 255))
    try:
        list(build_brief_batch(_is_meant)(bytes(batch)))
    except CorruptRecordError:
        return


def test_what_is_cut_off_is_refused() -> None:
    batch = _build_batch([(1_700_000_000_000, b"key", b"value", [])], 0)
    for spoiled in (batch[:-3], batch + b"more"):
        with pytest.raises(CorruptRecordError):
            list(build_brief_batch(_is_meant)(spoiled))


def _build_batch(records: list[Any], codec: int) -> bytes:
    builder = DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=True,
        producer_id=7,
        producer_epoch=3,
        base_sequence=11,
        batch_size=10**6,
    )
    for offset, (time, key, value, headers) in enumerate(records):
        builder.append(offset, time, key, value, headers)
    return bytes(builder.build())


_RESULTS = st.sampled_from([(5, -1, None), (-1, -1, MessageSizeTooLargeError)])


@given(_RESULTS, st.integers(0, 3), st.integers(0, 9))
def test_an_arrival_tells_what_the_future_of_a_message_tells(
    result: tuple[int, int, Any], halved: int, place: int
) -> None:
    """Also when its batch was halved some times on the way."""
    base, at, error = result
    batch = FutureProduceResult(TopicPartition("t", 0))
    both: list[Any] = [
        Arrival(batch, place),
        FutureRecordMetadata(batch, place, at, None, -1, -1, -1),
    ]
    for half in range(halved):
        batch = FutureProduceResult(TopicPartition("t", 0))
        for one in both:
            one.rebind(batch, place + half)
    assert [one.succeeded() for one in both] == [False, False]
    for one in both:
        with pytest.raises(KafkaTimeoutError):
            one.get(0.001)
    batch.success((base, at, None if error is None else lambda number: error(str(number))))
    assert [one.succeeded() for one in both] == [error is None] * 2
    told = []
    for one in both:
        try:
            one.get(0.001)
            told.append("arrived")
        except MessageSizeTooLargeError as kept:
            told.append(str(kept))
    assert told[0] == told[1]


def test_who_waits_for_a_message_waits_for_the_batch_into_which_it_went() -> None:
    first, second = (FutureProduceResult(TopicPartition("t", 0)) for _ in range(2))
    arrival = Arrival(first, 7)
    waiting = threading.Thread(target=arrival.get, args=(10.0,))
    waiting.start()
    arrival.rebind(second, 0)
    waiting.join(0.05)
    assert waiting.is_alive()
    second.success((0, -1, None))
    waiting.join(5)
    assert not waiting.is_alive()
    assert arrival.succeeded()
