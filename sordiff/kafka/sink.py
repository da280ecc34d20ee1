"""Kafka as a sink: a transaction for each run, the run topic as the record of what arrived."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sordiff.errors import SordiffError
from sordiff.event_sink import (
    KAFKA,
    LOCATION_NUMBERS,
    UNITS,
    ArrivedRunEvents,
    OutgoingRun,
    OutgoingRunEvent,
    StateRecord,
    StateTopic,
)
from sordiff.kafka.binding import Binding, Message
from sordiff.kafka.run_topic import read_run_topic_since
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topic_reader import demand_topics, read_keys
from sordiff.kafka.transaction import Publisher, build_transactional_id


def demand_servers(settings: KafkaSettings) -> None:
    """Refuse to publish into nowhere."""
    if not settings.configured:
        message = "It is not configured where Kafka is."
        advice = "Set bootstrap_servers of [kafka] in sordiff.toml, or give --bootstrap-servers."
        raise SordiffError(message, advice=advice)


class KafkaSink:
    """The topics of the settings; for a replay, marked messages into topics with a suffix."""

    name = KAFKA
    separation = "another source, and topics of its own"
    is_shared = True
    takes_state_of_runs = True

    def __init__(
        self, settings: KafkaSettings, *, replay: bool = False, topic_suffix: str = ""
    ) -> None:
        """Refuse settings without a server; nothing is connected yet."""
        demand_servers(settings)
        self._settings = settings
        self._replay = replay
        self._topic_suffix = topic_suffix

    @property
    def place(self) -> str:
        """`Kafka at localhost:9092`."""
        return f"Kafka at {self._settings.servers}"

    def prepare(self) -> None:
        """Nothing: `sordiff topics create` makes the topics."""

    @contextmanager
    def begin(self, source: str) -> Iterator["KafkaSession"]:
        """Connect; the broker shuts out the publisher before, and ends its transaction."""
        topics = self._settings.topics.list_names(self._topic_suffix)
        name = self._transactional_id(source)
        with Publisher(self._settings, name, topics) as publisher:
            if self._replay:
                demand_topics(self._settings, self._topic_suffix)
            binding = Binding(
                self._settings, source, replay=self._replay, topic_suffix=self._topic_suffix
            )
            doing = "replaying" if self._replay else "publishing"
            yield KafkaSession(self._settings, source, publisher, binding, doing)

    def _transactional_id(self, source: str) -> str:
        """In the topics that all read that of publish, which thus ends what a dead replay left."""
        if self._topic_suffix:
            return build_transactional_id(source, f"replay{self._topic_suffix}")
        return build_transactional_id(source)


class KafkaSession:
    """The one publisher of a source."""

    def __init__(
        self,
        settings: KafkaSettings,
        source: str,
        publisher: Publisher,
        binding: Binding,
        doing: str,
    ) -> None:
        """`doing` says in an error what was going on: `publishing` or `replaying`."""
        self._settings = settings
        self._source = source
        self._publisher = publisher
        self._binding = binding
        self._doing = doing

    def read_run_events(self, since: str = "") -> ArrivedRunEvents:
        """What is committed in the run topic, when nothing is open in any topic any more."""
        told = read_run_topic_since(self._settings, since)
        self._publisher.await_open_transactions()
        return told

    def send_run(self, run: OutgoingRun) -> int:
        """A transaction: run.started, the events, the state that they changed, run.completed."""
        return self._send(self._messages_of_run(run), f"{self._doing} run {run.run_id}")

    def send_run_event(self, message: OutgoingRunEvent) -> int:
        """A transaction with one message."""
        told = self._binding.run_event(message.event)
        return self._send((told,), f"{self._doing} run {message.run_id}")

    def replace_state(self, records: Iterable[StateRecord], last_sequence: int) -> int:
        """A transaction: all records, and a tombstone for each key that stands for nothing now."""
        names = self._settings.topics
        there: dict[StateTopic, set[bytes]] = {
            UNITS: read_keys(self._settings, names.units, self._source),
            LOCATION_NUMBERS: read_keys(self._settings, names.location_numbers, self._source),
        }
        messages = self._messages_of_state(records, there, last_sequence)
        return self._send(messages, "publishing the state")

    def _send(self, messages: Iterable[Message], doing: str) -> int:
        return self._publisher.send_whole(messages, doing)

    def _messages_of_run(self, run: OutgoingRun) -> Iterator[Message]:
        binding = self._binding
        yield binding.run_event(run.started)
        yield from binding.events(run.events, run.started.time)
        for record in run.states:
            yield binding.state(record)
        yield binding.run_event(run.completed)

    def _messages_of_state(
        self,
        records: Iterable[StateRecord],
        there: dict[StateTopic, set[bytes]],
        last_sequence: int,
    ) -> Iterator[Message]:
        for record in records:
            there[record.topic].discard(record.key.encode())
            yield self._binding.state(record)
        for topic, keys in there.items():
            for key in sorted(keys):
                yield self._binding.tombstone(topic, key, last_sequence)
