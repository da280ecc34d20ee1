"""One transaction after another, as the one publisher of a source."""

import gc
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from types import TracebackType
from typing import Any, Final, Self

from sordiff.kafka.binding import Message
from sordiff.kafka.connection import open_client
from sordiff.kafka.failures import translate_kafka_errors
from sordiff.kafka.open_transactions import OpenTransactions
from sordiff.kafka.patience import Patience
from sordiff.kafka.settings import KafkaSettings

# Chosen by measurement: see docs/decisions.md.
_BATCH_BYTES: Final = 256 * 1024
_LINGER_MS: Final = 20
# So many messages may be under way before the oldest of them must have arrived.
_UNDER_WAY: Final = 20_000
_LEAVE_SECONDS: Final = 5.0


def build_transactional_id(source: str, purpose: str = "publish") -> str:
    """The name that fences: the broker lets the newest holder of it write, and nobody before."""
    return f"sordiff-{purpose}-{source}"


class Publisher:
    """A transactional producer; entering it fences whoever published under the same name before.

    What an earlier publisher left open is aborted by the broker before the block begins.
    """

    def __init__(self, settings: KafkaSettings, name: str, topics: Iterable[str]) -> None:
        """`name`: the transactional id. `topics`: all into which it may write."""
        self._settings = settings
        self._name = name
        self._open = OpenTransactions(settings, topics)
        self._producer: Any = None

    def __enter__(self) -> Self:
        """Connect, fence, and let the broker end what hangs."""
        from sordiff.kafka.client_internals import quickened

        patience = Patience(self._settings.delivery_timeout_seconds)
        with ExitStack() as entered, translate_kafka_errors(self._settings, "connecting"):
            entered.enter_context(quickened())
            entered.enter_context(closing(self._open))
            entered.callback(self._leave)
            while self._producer is None:
                with patience.forgive():
                    self._producer = self._connect()
            self._entered = entered.pop_all()
        return self

    def _connect(self) -> Any:
        """A producer that has the broker's word; each try asks whether any server answers."""
        from sordiff.kafka.client_internals import make_producer
        from sordiff.kafka.partitioner import KeyPartitioner

        settings = self._settings
        producer = open_client(
            make_producer,
            settings,
            metrics_enabled=False,
            transactional_id=self._name,
            enable_idempotence=True,
            acks="all",
            allow_auto_create_topics=False,
            max_block_ms=int(settings.timeout_seconds * 1000),
            delivery_timeout_ms=int(settings.delivery_timeout_seconds * 1000) + _LINGER_MS,
            transaction_timeout_ms=int(settings.transaction_timeout_seconds * 1000),
            compression_type=None if settings.compression == "none" else settings.compression,
            batch_size=_BATCH_BYTES,
            linger_ms=_LINGER_MS,
            partitioner=KeyPartitioner(),
        )
        try:
            producer.init_transactions()
        except BaseException:
            _close(producer)
            raise
        return producer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave; what is still open is aborted, by us or by the broker."""
        del error, traceback
        if kind is not None:
            with suppress(Exception):
                _within(_LEAVE_SECONDS, self._producer.abort_transaction)
        self._entered.close()

    def send_whole(self, messages: Iterable[Message], doing: str) -> int:
        """All of these in one transaction, readable for everyone then; how many there were.

        When it raises, none of them is there for those who read what is committed, unless the
        answer to the commit was lost: who continues must look into the run topic first.
        """
        from sordiff.kafka.client_internals import make_sender

        settings = self._settings
        with translate_kafka_errors(settings, doing), _uncollected():
            self._producer.begin_transaction()
            send = make_sender(self._producer)
            futures = []
            for topic, key, value, headers in messages:
                futures.append(send(topic, key, value, headers))
                if len(futures) % _UNDER_WAY == 0 and len(futures) > _UNDER_WAY:
                    futures[-_UNDER_WAY].get(settings.delivery_timeout_seconds)
            # Not flush(): in 3.0.12 it fails when a batch that was too large has been halved.
            for future in futures:
                if not future.succeeded():
                    future.get(settings.delivery_timeout_seconds)
            _within(settings.delivery_timeout_seconds, self._producer.commit_transaction)
            self._open.await_end()
        return len(futures)

    def await_open_transactions(self) -> None:
        """Return when all that lies in the topics is decided; NotPublished if that takes long."""
        self._open.await_end()

    def _leave(self) -> None:
        if self._producer is not None:
            _close(self._producer)


def _close(producer: Any) -> None:
    with suppress(Exception):
        producer.close(timeout=_LEAVE_SECONDS)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for circles, of which there are none among a hundred thousand messages.

    Each search would go through all of them, and through the register: a fifth of the time.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _within(seconds: float, action: Callable[[], None]) -> None:
    """The action, which itself would wait for ever; KafkaTimeoutError when it takes longer."""
    from kafka.errors import KafkaTimeoutError

    failures: list[BaseException] = []

    def act() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001  # raised again where it is awaited
            failures.append(error)

    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise KafkaTimeoutError(f"no answer within {seconds:g} s")
    if failures:
        raise failures[0]
