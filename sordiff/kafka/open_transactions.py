"""Whether everyone can read what lies in the topics: no transaction is open there any more.

A broker answers to a commit before it has written it into each topic. Until it has, nobody who
reads what is committed sees the messages. A node that is killed in between may even forget to write
it (docs/publishing.md), so that an answer alone proves nothing.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any, Final

from sordiff.errors import NotPublished
from sordiff.kafka.connection import open_client
from sordiff.kafka.failures import AGAIN, translate_kafka_errors
from sordiff.kafka.patience import Patience
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.trouble import find_trouble

_PAUSES: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1)


class OpenTransactions:
    """Those in some topics, looked for by a connection that is kept."""

    def __init__(self, settings: KafkaSettings, topics: Iterable[str]) -> None:
        """Nothing is connected yet."""
        self._settings = settings
        self._topics = list(topics)
        self._admin: Any = None

    def close(self) -> None:
        """Close the connection; the next look makes another one."""
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()

    def await_end(self) -> None:
        """Return when all that lies there now is committed or aborted, for every reader.

        Raises NotPublished when that takes longer. Another broker may take over meanwhile.
        """
        patience = Patience(self._settings.delivery_timeout_seconds)
        decided = False
        with translate_kafka_errors(self._settings, "waiting for the end of a transaction"):
            while not decided:
                with patience.forgive(), self._renewed_after_failure():
                    self._await_end(patience)
                    decided = True

    @contextmanager
    def _renewed_after_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _await_end(self, patience: Patience) -> None:
        from kafka.protocol.consumer.offsets import IsolationLevel

        ends = self._list_ends(IsolationLevel.READ_UNCOMMITTED)
        for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
            readable = self._list_ends(IsolationLevel.READ_COMMITTED)
            hidden = [partition for partition, end in ends.items() if readable[partition] < end]
            if not hidden:
                return
            if patience.is_over:
                raise build_hidden_end(hidden[0].topic, self._settings)
            time.sleep(pause)

    def _list_ends(self, isolation: Any) -> dict[Any, int]:
        """Behind the last message of each partition that one sees so."""
        from kafka.admin import OffsetSpec

        admin = self._connect()
        wanted = dict.fromkeys(self._partitions, OffsetSpec.LATEST)
        found = admin.list_partition_offsets(wanted, isolation_level=isolation)
        return {partition: told.offset for partition, told in found.items()}

    def _connect(self) -> Any:
        from kafka import KafkaAdminClient, TopicPartition

        if self._admin is None:
            self._admin = open_client(KafkaAdminClient, self._settings)
            self._partitions = [
                TopicPartition(topic["name"], partition["partition_index"])
                for topic in self._admin.describe_topics(self._topics)
                for partition in topic["partitions"]
            ]
        return self._admin


def build_hidden_end(topic: str, settings: KafkaSettings) -> NotPublished:
    """Why the end does not come, as far as that can be found out."""
    reason = find_trouble(settings)
    message = (
        f"The end of {topic} at {settings.servers} can't be read: {reason}."
        if reason
        else f"The end of {topic} at {settings.servers} can't be read: another transaction is"
        " still open there, or the broker is slow."
    )
    return NotPublished(message, advice=AGAIN)
