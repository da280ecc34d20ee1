"""The batches that sordiff writes are, byte for byte, those that kafka-python would have written.

And what sordiff reads of them briefly is what kafka-python reads.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from sordiff.kafka.brief_records import BriefBatch
from sordiff.kafka.record_batch import QuickBatchBuilder

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
    st.tuples(st.sampled_from([*_SENDER, "ce_id", "x"]), _BYTES),
    max_size=6,
    unique_by=lambda h: h[0],
)
_SENT_RECORDS = st.lists(
    st.tuples(_TIME, st.none() | st.binary(max_size=200), _BYTES, _HEADERS | _SENT),
    min_size=1,
    max_size=9,
)


@given(
    _SENT_RECORDS, st.sampled_from([DefaultRecordBatch.CODEC_NONE, DefaultRecordBatch.CODEC_GZIP])
)
def test_what_is_read_briefly_is_what_is_read(records: list[Any], codec: int) -> None:
    batch = _build_batch(records, codec)
    whole, brief = list(DefaultRecordBatch(batch)), list(BriefBatch(batch))
    assert len(brief) == len(whole)
    for one, other in zip(brief, whole, strict=True):
        assert (one.offset, one.key) == (other.offset, other.key)
        assert (one.value is None) == (other.value is None)
        assert one.headers == [header for header in other.headers if header[0] in _SENDER][:2]
        assert one.value in ({None, b""} if one.headers else {other.value})


@given(_SENT_RECORDS, st.data())
def test_a_spoiled_batch_is_refused_or_read(records: list[Any], data: st.DataObject) -> None:
    """As the client would: its sum is looked at before, so that anything else is an accident."""
    batch = bytearray(_build_batch(records, DefaultRecordBatch.CODEC_NONE))
    place = data.draw(st.integers(61, len(batch) - 1))
    batch[place] = data.draw(st.integers(0, 255))
    try:
        list(BriefBatch(bytes(batch)))
    except CorruptRecordError:
        return


def test_what_is_cut_off_is_refused() -> None:
    batch = _build_batch([(1_700_000_000_000, b"key", b"value", [])], 0)
    with pytest.raises(CorruptRecordError):
        list(BriefBatch(batch[:-3]))
    with pytest.raises(CorruptRecordError):
        list(BriefBatch(batch + b"more"))


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
