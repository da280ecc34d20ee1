"""kafka-python is as sordiff changes it from within; another version is a version to be looked at."""

from __future__ import annotations

import gc
import inspect
import socket
from contextlib import ExitStack

import kafka
import pytest
from kafka import KafkaProducer
from kafka.net.compat import KafkaNetClient
from kafka.net.connection import KafkaConnection
from kafka.net.manager import KafkaConnectionManager
from kafka.producer.future import FutureRecordMetadata
from kafka.producer.producer_batch import ProducerBatch
from kafka.producer.record_accumulator import RecordAccumulator
from kafka.producer.sender import Sender
from kafka.producer.transaction_manager import TransactionManager
from kafka.record.default_records import DefaultRecordBatchBuilder

from sordiff.kafka.client_internals import TRIED, steady_options

_NEWER = """\
kafka-python {version} is not among those that sordiff has been tried with: {tried}.
Read what changed in producer/, net/ and record/ of it; run `make test-one T=tests/kafka` and
`make chaos ARGS=--cluster` with it added to TRIED of sordiff/kafka/client_internals.py; leave it there if all holds.
Until then sordiff uses it as it comes: slower, and with what it does when a broker dies."""


def test_the_version_is_one_that_was_tried() -> None:
    assert kafka.__version__ in TRIED, _NEWER.format(
        version=kafka.__version__, tried=", ".join(sorted(TRIED))
    )


def _arguments(function: object) -> list[str]:
    assert callable(function)
    return list(inspect.signature(function).parameters)


def test_what_is_replaced_is_called_as_ours_is() -> None:
    assert _arguments(KafkaNetClient.await_ready) == ["self", "node_id", "timeout_ms"]
    assert _arguments(KafkaConnectionManager.send) == [
        "self",
        "request",
        "node_id",
        "request_timeout_ms",
    ]
    assert _arguments(ProducerBatch.try_append) == [
        "self",
        "timestamp_ms",
        "key",
        "value",
        "headers",
        "now",
    ]
    assert _arguments(DefaultRecordBatchBuilder.append)[:6] == [
        "self",
        "offset",
        "timestamp",
        "key",
        "value",
        "headers",
    ]


def test_what_is_called_is_there() -> None:
    wanted = ["self", "tp", "timestamp_ms", "key", "value", "headers"]
    assert _arguments(RecordAccumulator.append)[:6] == wanted
    for owner, name in (
        (KafkaConnection, "close"),
        (KafkaProducer, "send"),
        (Sender, "wakeup"),
        (TransactionManager, "_supports_epoch_bump"),
        (TransactionManager, "maybe_add_partition_to_transaction"),
    ):
        assert callable(getattr(owner, name, None)), f"{owner.__name__} has no {name} any more"


def test_what_is_known_of_a_message_is_what_its_batch_knows() -> None:
    """What Arrival and OpenPartition of sordiff stand on."""
    assert _arguments(FutureRecordMetadata.rebind) == [
        "self",
        "new_produce_future",
        "new_batch_index",
    ]
    completing = inspect.getsource(ProducerBatch._complete_future)
    told = "self.produce_future.success((base_offset, timestamp_ms, record_exceptions_fn))"
    assert told in completing
    # Nobody asks a message's future for more than that: it is handed out, and rebound.
    splitting = inspect.getsource(RecordAccumulator.split_and_reenqueue)
    assert splitting.count("original_future.") == 1
    assert "original_future.rebind(current_batch.produce_future, metadata.offset)" in splitting
    appending = inspect.getsource(RecordAccumulator.append)
    assert "with self._tp_lock(tp):" in appending
    assert "dq = self._batches[tp]" in appending
    assert "if self._closed:" in appending


def test_the_sender_looks_for_another_node_where_one_is_not_ready() -> None:
    """What await_ready of sordiff stands on: at False the request is kept."""
    source = inspect.getsource(Sender._maybe_send_pending_request)
    assert source.count("elif not self._client.await_ready(") == 2
    assert "if target_node is None:\n            self._transaction_manager.retry(" in source


def test_a_connection_that_is_being_built_ends_with_its_client(
    recwarn: pytest.WarningsRecorder,
) -> None:
    with socket.socket() as busy, ExitStack() as waiting:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(4):  # until nobody is let in any more
            other = waiting.enter_context(socket.socket())
            other.setblocking(False)
            other.connect_ex(busy.getsockname())
        client = steady_options()["kafka_client"](
            bootstrap_servers=[f"127.0.0.1:{busy.getsockname()[1]}"]
        )
        client._manager.get_connection("bootstrap-0")
        client._net.poll(timeout_ms=50)
        client.close()
        del client
        with pytest.MonkeyPatch.context() as patched:
            lost: list[object] = []
            patched.setattr("sys.unraisablehook", lost.append)
            gc.collect()
            assert not lost
    assert not [each for each in recwarn if each.category is ResourceWarning]
