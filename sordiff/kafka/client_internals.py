"""What sordiff changes within kafka-python: the one module that uses what it keeps to itself.

Each change stands on the source of the versions in `TRIED`. With another version only the third is
made, where the client still has what it changes, and the log says so: the client then works as it
comes, slower and with its faults.

- A request to a coordinator that can't be reached is sent again. Version 3.0.12 forgets it: the
  transaction then waits in vain for its partitions, or for its commit. A request whose answer is
  overdue is sent again, too (`_SteadyProducerClient`).
- A node that has left the cluster, or is silent, is not waited for, and a connection that is being
  built ends with its client (`_SteadyClient`).
- Between two questions to the broker the client pauses 10 ms and not 100 (`_shorten_pauses`).
- A publisher gives way to the one that came after it (`_give_way`).
- A message goes into its batch on a shorter way (`make_sender`), is written by
  sordiff.kafka.record_batch, and compressed by ISA-L: a quarter of the time in all, measured in
  benchmarks/KAFKA.md.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from types import ModuleType
from typing import Any, Final

import kafka
from isal import igzip
from kafka import KafkaProducer
from kafka.errors import KafkaConnectionError, RequestTimedOutError, UnknownBrokerIdError
from kafka.future import Future
from kafka.net.compat import KafkaNetClient
from kafka.producer import record_accumulator
from kafka.protocol.metadata import MetadataRequest
from kafka.record import default_records, memory_records
from kafka.structs import TopicPartition

from sordiff.kafka.binding import Headers
from sordiff.kafka.brief_records import Judge, build_brief_batch
from sordiff.kafka.partitioner import murmur2
from sordiff.kafka.record_batch import OpenPartition, QuickBatch, QuickBatchBuilder

TRIED: Final = frozenset({"3.0.12"})
# Beyond this the client shall judge whether a message is too large.
_LARGE: Final = 128 * 1024
_GZIP_LEVEL: Final = 1  # of ISA-L's, 0 to 3; chosen by measurement: see docs/decisions.md
_PAUSE_SECONDS: Final = 0.1
# How long it may take until a client knows that a node has left the cluster.
_LOOK_AROUND_MS: Final = 3000
_PRODUCER_LOOKS_AROUND_MS: Final = 1000
_CONNECTING_MS: Final = 5000
_ASK_AGAIN_MS: Final = 10

_log = logging.getLogger(__name__)
Send = Callable[[str, bytes, bytes | None, Headers], Any]


def is_tried() -> bool:
    """Whether this version of kafka-python is one on whose source the changes stand."""
    return kafka.__version__ in TRIED


def quickened() -> AbstractContextManager[None]:
    """Within the block all of the process writes batches in our way, and ISA-L does gzip."""
    if not is_tried():
        _log.warning(
            "kafka-python %s is used as it comes: sordiff knows %s from within",
            kafka.__version__,
            ", ".join(sorted(TRIED)),
        )
    return _replaced(
        (record_accumulator, "ProducerBatch", QuickBatch),
        (memory_records, "DefaultRecordBatchBuilder", QuickBatchBuilder),
        (default_records, "gzip_encode", partial(igzip.compress, compresslevel=_GZIP_LEVEL)),
    )


def read_briefly(judge: Judge) -> AbstractContextManager[None]:
    """Within the block each batch is read as one `BriefRecord`; ISA-L unpacks, 9 times as fast.

    Batches of the formats before Kafka 0.11 are read as the client does, record by record.
    """
    return _replaced(
        (memory_records, "DefaultRecordBatch", build_brief_batch(judge)),
        (default_records, "gzip_decode", igzip.decompress),
    )


@contextmanager
def _replaced(*ours: tuple[ModuleType, str, Any]) -> Iterator[None]:
    """Within the block these names of a tried client's modules are what is given."""
    with ExitStack() as theirs:
        for module, name, changed in ours if is_tried() else ():
            theirs.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, changed)
        yield


def steady_options() -> dict[str, Any]:
    """What every client is to have; nothing with a version that has not been tried."""
    if not is_tried():
        return {}
    return {"kafka_client": _SteadyClient, "metadata_max_age_ms": _LOOK_AROUND_MS}


def make_producer(**options: Any) -> Any:
    """A KafkaProducer that outlives the death of a node, and gives way to who comes after it."""
    if not is_tried():
        return _give_way(KafkaProducer(**options))
    options["kafka_client"] = _SteadyProducerClient
    options["metadata_max_age_ms"] = _PRODUCER_LOOKS_AROUND_MS
    producer = KafkaProducer(**options)
    _shorten_pauses(producer._sender)  # noqa: SLF001  # see the top
    return _give_way(producer)


def make_sender(producer: Any) -> Send:
    """What sends (topic, key, value, headers) and gives the future, for one transaction.

    In it the partitions of a topic stay what they were at its first message, so that a key keeps
    its partition. The batches, their order and their numbers, the transaction and what is known of
    each message's arrival stay the client's; a topic not yet seen and a large message take the
    client's own road. Raises what `KafkaProducer.send` raises.
    """
    if not is_tried():
        return lambda topic, key, value, headers: producer.send(topic, value, key, headers)
    known: dict[str, list[OpenPartition]] = {}
    partitions_of = producer._metadata.partitions_for_topic  # noqa: SLF001  # see above
    accumulator = producer._accumulator  # noqa: SLF001  # see above
    append = accumulator.append
    add = producer._transaction_manager.maybe_add_partition_to_transaction  # noqa: SLF001  # see above
    wake_up = producer._sender.wakeup  # noqa: SLF001  # see above

    def send(topic: str, key: bytes, value: bytes | None, headers: Headers) -> Any:
        partitions = known.get(topic)
        if partitions is None or (value is not None and len(value) > _LARGE):
            future = producer.send(topic, value, key, headers)
            if numbers := partitions_of(topic):
                places = (TopicPartition(topic, number) for number in sorted(numbers))
                known[topic] = [OpenPartition(accumulator, place) for place in places]
            return future
        partition = partitions[(murmur2(key) & 0x7FFFFFFF) % len(partitions)]
        if not partition.is_added:  # the client asks itself under a lock each time
            add(partition.place)
            partition.is_added = True
        arrival = partition.append_to_last(key, value, headers)
        if arrival is not None:
            return arrival
        arrival, _, begun, _ = append(partition.place, None, key, value, headers)
        # The client also wakes it at each message for which a full batch still waits. A batch that
        # is full is followed by another one, or by the commit, which wakes it, too.
        if begun:
            wake_up()
        return arrival

    return send


def _give_way(producer: Any) -> Any:
    """Let it be the end when another has taken over.

    Told so by a partition, kafka-python 3.0.12 asks for a new epoch, and thereby fences the one
    that came after it; without that request, as with brokers before 2.5, it fails for good.
    """
    manager: Any = getattr(producer, "_transaction_manager", None)  # there is no setting for it
    if hasattr(manager, "_supports_epoch_bump"):
        manager._supports_epoch_bump = lambda: False  # noqa: SLF001  # same
    return producer


def _shorten_pauses(part: Any) -> None:
    """Let a part of the client ask again soon.

    It waits 100 ms after each answer about topics, and in each step of a transaction, also when all
    is well: ten times in the publishing of a night. The option `retry_backoff_ms` does not reach
    the first, and would have messages that were refused sent again as often.
    """
    part.config["retry_backoff_ms"] = _ASK_AGAIN_MS


class _SteadyClient(KafkaNetClient):  # type: ignore[misc]  # kafka-python has no types
    """The client's connections, where a node may fall silent.

    Its work goes to another within seconds; the client waits for its answer as long as for any.
    Here its connection is ended, with the error after which a request is sent again.
    """

    def __init__(self, **options: Any) -> None:
        connecting = {
            "socket_connection_setup_timeout_ms": _CONNECTING_MS,
            "socket_connection_setup_timeout_max_ms": _CONNECTING_MS,
        }
        super().__init__(**options, **connecting)
        self._sockets = set[Any]()
        self._note_sockets()
        _shorten_pauses(self.cluster)
        self.cluster.add_listener(self._leave_the_departed)
        self._send = self._manager.send
        self._manager.send = self._send_with_care

    def maybe_connect(self, node_id: int | str, **options: Any) -> None:
        """Connect; where the leader is not among the nodes, ask what the cluster is like now.

        At the error of 3.0.12 the sender begins anew before it reads any answer, again and again.
        """
        try:
            super().maybe_connect(node_id, **options)
        except UnknownBrokerIdError:
            self.cluster.request_update()
            time.sleep(_ASK_AGAIN_MS / 1000)

    def close(self, node_id: Any = None) -> None:
        """End one connection or, without a node, all of them, also what is being built or closed.

        Such are dropped in 3.0.12 with the task that is at it, and their sockets stay open.
        """
        if node_id is not None:
            super().close(node_id)
            return
        super().close()
        for socket in self._sockets:
            socket.close()

    def _note_sockets(self) -> None:
        """Note each socket as it is first waited for, until it is closed."""
        selector = self._net._selector  # noqa: SLF001  # see the top
        register = selector.register

        def note(socket: Any, *words: Any, **named: Any) -> Any:
            if socket not in self._sockets:
                self._sockets = {one for one in self._sockets if one.fileno() >= 0} | {socket}
            return register(socket, *words, **named)

        selector.register = note

    def _leave_the_departed(self, cluster: Any) -> None:
        """End the connections to nodes that the cluster has not any more."""
        there = {broker.node_id for broker in cluster.brokers()}
        connections = self._manager._conns  # noqa: SLF001  # see the top
        for node_id, connection in list(connections.items()):
            if _number_of(node_id) not in {*there, None}:
                connection.close(KafkaConnectionError(f"node {node_id} has left the cluster"))

    def _send_with_care(
        self, request: Any, node_id: Any = None, request_timeout_ms: float | None = None
    ) -> Any:
        """Send; a node that does not say what the cluster is like is left for another."""
        node_id = node_id if node_id is not None else self._manager.least_loaded_node()
        future = self._send(request, node_id=node_id, request_timeout_ms=request_timeout_ms)
        connection = self._manager._conns.get(node_id)  # noqa: SLF001  # see the top

        def hang_up() -> None:
            if not future.is_done and not connection.closed:
                connection.close(KafkaConnectionError(f"node {node_id} does not answer"))

        others = len(self.cluster.brokers()) > 1
        if isinstance(request, MetadataRequest) and connection is not None and others:
            self._net.call_later(_CONNECTING_MS / 1000, hang_up)
        return future


class _SteadyProducerClient(_SteadyClient):
    """The connections of a producer."""

    def await_ready(self, node_id: int | str, timeout_ms: int = 30_000) -> bool:
        """Whether the node can be reached; False, where the client's own raises.

        At False the sender keeps the request and looks for another node; at an error it loses it.
        """
        try:
            ready: bool = super().await_ready(node_id, timeout_ms)
        except KafkaConnectionError:
            time.sleep(_PAUSE_SECONDS)  # as the sender does between two tries
            return False
        return ready

    def send(self, node_id: int | str, request: Any, **options: Any) -> Any:
        """A request whose answer is overdue counts as one whose connection was lost.

        That is sent again; in 3.0.12 one of the transaction that is overdue ends the producer.
        """
        told = Future()
        answered = super().send(node_id, request, **options).add_callback(told.success)
        answered.add_errback(lambda error: told.failure(_as_lost(error)))
        return told


def _as_lost(error: BaseException) -> BaseException:
    return KafkaConnectionError(str(error)) if isinstance(error, RequestTimedOutError) else error


def _number_of(node_id: int | str) -> int | None:
    """Of `3` and `coordinator-3`; None of a server that only the settings name."""
    if isinstance(node_id, int):
        return node_id
    kind, _, number = node_id.rpartition("-")
    return int(number) if kind == "coordinator" else None
