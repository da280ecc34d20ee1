"""What lies in the topics, read to its end in order to be proved."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec

from sordiff.errors import UNREADABLE
from sordiff.event_sink import UNITS, ArrivedMessage, ArrivedRunEvent, StateTopic
from sordiff.kafka.run_topic import read_run_topic
from sordiff.kafka.settings import FOREVER, KafkaSettings
from sordiff.kafka.sink import demand_servers
from sordiff.kafka.topic_reader import drop_absent, read_committed
from sordiff.wire import SEQUENCE_DIGITS

_SEQUENCE: Final = re.compile(f"[0-9]{{1,{SEQUENCE_DIGITS}}}")


class KafkaContents:
    """The topics of the settings."""

    def __init__(self, settings: KafkaSettings) -> None:
        """Refuse settings without a server; nothing is connected yet."""
        demand_servers(settings)
        self._settings = settings

    @property
    def place(self) -> str:
        """`Kafka at localhost:9092`."""
        return f"Kafka at {self._settings.servers}"

    @property
    def keeps_all(self) -> bool:
        """Whether retention.ms is -1, as it is unless somebody configures it."""
        return self._settings.retention_ms == FOREVER

    def read_run_events(self) -> Iterator[ArrivedRunEvent]:
        """The run topic."""
        return read_run_topic(self._settings)

    def read_events(self) -> Iterator[ArrivedMessage]:
        """The three event topics, one after the other."""
        names = self._settings.topics
        for topic in (names.unit_events, names.location_number_events, names.classification_events):
            yield from self._read(topic)

    def read_states(self, topic: StateTopic) -> Iterator[ArrivedMessage]:
        """The topic of units or that of location numbers."""
        names = self._settings.topics
        return self._read(names.units if topic == UNITS else names.location_numbers)

    def _read(self, topic: str) -> Iterator[ArrivedMessage]:
        for record in read_committed(self._settings, topic):
            yield _decode_message(topic, record)


def _decode_message(topic: str, record: Any) -> ArrivedMessage:
    """A record with what it says of itself; one that says nothing has no id and no source."""
    attributes = {
        name.removeprefix("ce_"): value.decode(errors="replace")
        for name, value in drop_absent(record.headers).items()
        if name.startswith("ce_")
    }
    data: bytes | None = record.value
    if data is not None and not attributes:  # structured
        with suppress(KeyError, *UNREADABLE):
            attributes, data = _split_event(data)
    sequence = attributes.get("sequence", "")
    return ArrivedMessage(
        topic=topic,
        key=(record.key or b"").decode(errors="replace"),
        id=attributes.get("id", ""),
        source=attributes.get("source", ""),
        sequence=int(sequence) if _SEQUENCE.fullmatch(sequence) else None,
        replay=attributes.get("replay") == "true",
        data=data,
    )


def _split_event(event: bytes) -> tuple[dict[str, str], bytes]:
    """The attributes of a whole CloudEvent as text, and the bytes of its data."""
    parts = msgspec.json.decode(event, type=dict[str, msgspec.Raw])
    data = bytes(parts.pop("data"))
    attributes = {name: bytes(value).decode().strip('"') for name, value in parts.items()}
    return attributes, data
