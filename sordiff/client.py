"""For programs that subscribe: what sordiff publishes, read into typed records.

It needs msgspec alone and no client of Kafka; give it the bytes that your own client received:
an event of `/v1/events`, of a stream, a webhook or an NDJSON file (`read_event`), or a message of a
topic (`read_message`). The records are those that sordiff itself works with, so that a type checker
knows every field of every event.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from sordiff import events
from sordiff.errors import UNREADABLE
from sordiff.events import *  # noqa: F403  # the records of all event types, also of those to come
from sordiff.events import EVENT_TYPES, AnyEventData
from sordiff.model import Unit
from sordiff.resolved import STATE_TYPES, LocationNumberState, UnitState
from sordiff.run_events import (
    RUN_EVENT_TYPES,
    AlertRaised,
    AlertResolved,
    RunCompleted,
    RunEventData,
    RunHeld,
    RunRejected,
    RunReleased,
    RunRetracted,
    RunStarted,
)
from sordiff.wire import find_short_name

__all__ = [
    "AlertRaised",
    "AlertResolved",
    "LocationNumberState",
    "MalformedEventError",
    "ReceivedEvent",
    "RunCompleted",
    "RunEventData",
    "RunHeld",
    "RunRejected",
    "RunReleased",
    "RunRetracted",
    "RunStarted",
    "Unit",
    "UnitState",
    "read_event",
    "read_events",
    "read_message",
]
__all__ += events.__all__

# Of an event of the register, of a run, or of a state; of a type that this release does not know,
# the JSON object as it is.
Data: TypeAlias = AnyEventData | RunEventData | UnitState | LocationNumberState | dict[str, Any]

_TYPES: Final[dict[str, Any]] = {**EVENT_TYPES, **RUN_EVENT_TYPES, **STATE_TYPES}
_STRUCTURED: Final = b"application/cloudevents+json"
_PREFIX: Final = "ce_"


class MalformedEventError(ValueError):
    """What was read is no event of sordiff."""


class ReceivedEvent(Struct, frozen=True, kw_only=True):
    """One event, or one record of a state topic, with the attributes of its envelope.

    `name`: the type without prefix and version, such as `unit.moved`; of a tombstone None.
    `subject`: what it is about: a SOR id, a location number or list/code. `sequence`: its place
    among all events; what is told of a run has none. `replay`: it was sent before. `data`: None of
    a tombstone: the unit is gone, or nobody owns the number any more.
    """

    name: str | None
    subject: str
    id: str = ""
    source: str = ""
    time: str | None = None
    sequence: int | None = None
    replay: bool = False
    data: Data | None


class _Envelope(Struct, frozen=True, kw_only=True):
    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: str | UnsetType = UNSET
    sequence: str | UnsetType = UNSET
    replay: bool = False
    data: msgspec.Raw

    def open(self) -> ReceivedEvent:
        name = find_short_name(self.type)
        return ReceivedEvent(
            name=name,
            subject=self.subject,
            id=self.id,
            source=self.source,
            time=self.time or None,
            sequence=int(self.sequence) if self.sequence else None,
            replay=self.replay,
            data=_DECODERS.get(name, _ANY).decode(self.data),
        )


_DECODERS: Final = {name: msgspec.json.Decoder(record) for name, record in _TYPES.items()}
_ANY: Final = msgspec.json.Decoder(dict[str, Any])
_ONE: Final = msgspec.json.Decoder(_Envelope)
_MANY: Final = msgspec.json.Decoder(list[_Envelope])


def read_event(text: bytes | str) -> ReceivedEvent:
    """Read a CloudEvent in JSON; MalformedEventError if it is none.

    Fields that a later release adds are ignored.
    """
    try:
        return _ONE.decode(text).open()
    except UNREADABLE as error:
        raise MalformedEventError(str(error)) from error


def read_events(text: bytes | str) -> list[ReceivedEvent]:
    """Read a JSON array of CloudEvents, as `/v1/events` gives it, in its order."""
    try:
        return [envelope.open() for envelope in _MANY.decode(text)]
    except UNREADABLE as error:
        raise MalformedEventError(str(error)) from error


def read_message(
    headers: Iterable[tuple[str, bytes | None]] | None,
    value: bytes | None,
    key: bytes | None = None,
) -> ReceivedEvent:
    """Read a message of a topic, in binary or structured mode; MalformedEventError if it is none.

    `headers`: pairs of a name and bytes, as kafka-python, confluent-kafka and aiokafka give them;
    one without a value, which others may add on the way, says nothing.
    """
    found = {name: text for name, text in headers or () if text is not None}
    if found.get("content-type", b"").startswith(_STRUCTURED) and value is not None:
        return read_event(value)
    try:
        attributes: dict[str, Any] = {
            name.removeprefix(_PREFIX): text.decode()
            for name, text in found.items()
            if name.startswith(_PREFIX)
        }
        if value is None:
            sequence = int(attributes["sequence"]) if "sequence" in attributes else None
            subject = (key or b"").decode()
            return ReceivedEvent(name=None, subject=subject, sequence=sequence, data=None)
        attributes |= {"data": msgspec.Raw(value), "replay": attributes.get("replay") == "true"}
        return msgspec.convert(attributes, _Envelope).open()
    except UNREADABLE as error:
        raise MalformedEventError(str(error)) from error
