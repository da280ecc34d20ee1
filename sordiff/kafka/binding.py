"""Events, states and run events as Kafka messages: the CloudEvents Kafka protocol binding.

Binary mode: the attributes are headers `ce_…` in UTF-8, the value is the data. Structured mode:
the value is the whole CloudEvent. Nothing is decoded on the way: the data are the bytes that were
recorded.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from sordiff.event_sink import EventRow, RunEvent, StateRecord, StateTopic
from sordiff.events import CATALOGUE
from sordiff.kafka.settings import KafkaSettings
from sordiff.wire import JsonEvents, build_schema_id, build_type, find_short_name, pad_sequence

Headers: TypeAlias = list[tuple[str, bytes]]

_JSON: Final = "application/json"
_STRUCTURED: Final[Headers] = [("content-type", b"application/cloudevents+json; charset=UTF-8")]


class Message(NamedTuple):
    """One message; a value of None is a tombstone."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers


# Of an id, a subject, a sequence and the data: the value and the headers.
_Maker: TypeAlias = Callable[[str, str, int | None, bytes], tuple[bytes, Headers]]


class Binding:
    """How one source's events become messages."""

    def __init__(
        self,
        settings: KafkaSettings,
        source: str,
        *,
        replay: bool = False,
        topic_suffix: str = "",
    ) -> None:
        """`replay` marks every message as one that was sent before; the suffix ends each topic."""
        names = settings.topics
        self._source = source
        self._replay = replay
        self._topics = {row.name: f"{getattr(names, row.topic)}{topic_suffix}" for row in CATALOGUE}
        self._states = {
            "units": names.units + topic_suffix,
            "location-numbers": names.location_numbers + topic_suffix,
        }
        self._run_topic = names.run_events + topic_suffix
        self._maker = self._binary if settings.mode == "binary" else self._structured
        self._made: dict[tuple[str, str], _Maker] = {}

    def events(self, rows: Iterable[EventRow], time: str) -> Iterator[Message]:
        """The events of a run, in their order."""
        types: dict[str, tuple[str, _Maker]] = {}
        for event_id, name, subject, sequence, data in rows:
            known = types.get(name)
            if known is None:
                topic = self._topics[name]
                known = types[name] = topic, self._made_by(build_type(name), time)
            value, headers = known[1](event_id, subject, sequence, data)
            yield Message(known[0], subject.encode(), value, headers)

    def state(self, record: StateRecord) -> Message:
        """The state of a unit or of a location number; without a value: it is gone."""
        key = record.key
        if record.value is None:
            return self.tombstone(record.topic, key.encode(), record.sequence)
        made = self._made_by(record.type, record.time)
        value, headers = made(record.id, key, record.sequence, record.value)
        return Message(self._states[record.topic], key.encode(), value, headers)

    def tombstone(self, topic: StateTopic, key: bytes, sequence: int) -> Message:
        """That nothing stands under this key any more."""
        headers = [("ce_sequence", pad_sequence(sequence).encode())]
        return Message(self._states[topic], key, None, headers)

    def run_event(self, event: RunEvent) -> Message:
        """What is published of a run itself; the source is its subject and key."""
        made = self._made_by(build_type(event.name), event.time)
        value, headers = made(event.id, self._source, None, event.data)
        return Message(self._run_topic, self._source.encode(), value, headers)

    def _made_by(self, type_: str, time: str) -> _Maker:
        """What makes value and headers of one type: all that is the same is made once."""
        found = self._made.get((type_, time))
        if found is None:
            found = self._made[type_, time] = self._maker(type_, time)
        return found

    def _binary(self, type_: str, time: str) -> _Maker:
        fixed = self._fixed_headers(type_, time)

        def made(
            message_id: str, subject: str, sequence: int | None, data: bytes
        ) -> tuple[bytes, Headers]:
            about = subject.encode()
            headers = [
                *fixed,
                ("ce_id", message_id.encode()),
                ("ce_subject", about),
                ("ce_partitionkey", about),
            ]
            if sequence is not None:
                headers.append(("ce_sequence", pad_sequence(sequence).encode()))
            return data, headers

        return made

    def _fixed_headers(self, type_: str, time: str) -> Headers:
        attributes = {
            "ce_specversion": "1.0",
            "ce_type": type_,
            "ce_source": self._source,
            "ce_time": time,
            "ce_dataschema": build_schema_id(find_short_name(type_)),
            "content-type": _JSON,
        }
        if self._replay:
            attributes["ce_replay"] = "true"
        return [(name, value.encode()) for name, value in attributes.items()]

    def _structured(self, type_: str, time: str) -> _Maker:
        events = JsonEvents(self._source, type_, time, replay=self._replay)

        def made(
            message_id: str, subject: str, sequence: int | None, data: bytes
        ) -> tuple[bytes, Headers]:
            return events.encode(message_id, subject, sequence, data), _STRUCTURED

        return made
