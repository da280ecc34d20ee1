"""The batches that sordiff writes are, byte for byte, those that kafka-python would have written."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from kafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

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
