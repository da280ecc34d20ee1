"""Event <-> JSON: CloudEvents 1.0 envelopes, deterministic ids, canonical bytes.

The same event gives the same bytes everywhere and always: attributes in one order, null for what is
absent inside data, and control and direction characters escaped, so that a name from outside can
do no harm on a terminal that shows the JSON.
"""

import re
import uuid
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from sordiff.events import EVENT_TYPES, TYPE_BY_NAME, Event, RunPosition, find_event_name

DEFAULT_SOURCE: Final = "urn:sordiff:sor"
SEQUENCE_DIGITS: Final = 20

# U+007F, the C1 controls, line and paragraph separators, and all marks that turn the direction of
# text: allowed raw in JSON, but not on a terminal.
_HARMFUL: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_HARMFUL_BYTES: Final = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e-\xae]|\xe2\x81")

_URL_NAMESPACE: Final = uuid.NAMESPACE_URL.bytes
# A UUID has two bits of its own in one hexadecimal digit.
_VARIANTS: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class CloudEvent(Struct, frozen=True, kw_only=True):
    """The envelope of one event, in the order in which it is written."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    sequence: str | UnsetType = UNSET
    partitionkey: str
    data: msgspec.Raw


class Origin(Struct, frozen=True, kw_only=True):
    """What a run's ids and times are made of: the source, and CreatedAtTime of old and new."""

    source: str = DEFAULT_SOURCE
    created_before: str
    created_after: str


def build_type(name: str) -> str:
    """`unit.created` -> `sordiff.unit.created.v1`."""
    return f"sordiff.{name}.v1"


def build_schema_id(name: str) -> str:
    """`unit.created` -> `urn:sordiff:schema:unit.created:v1`."""
    return f"urn:sordiff:schema:{name}:v1"


def find_short_name(type_or_name: str) -> str:
    """`sordiff.unit.created.v1` or `unit.created` -> `unit.created`."""
    return type_or_name.removeprefix("sordiff.").removesuffix(".v1")


@lru_cache(maxsize=16)  # all records of a state have one or two
def pad_sequence(sequence: int) -> str:
    """A sequence as the decimal text that sorts."""
    return f"{sequence:0{SEQUENCE_DIGITS}}"


def build_event_id(event: Event, origin: Origin) -> str:
    """The id that every rerun, restored changelog and second site gives the same event."""
    named = _begin_name(event.name, origin.source, origin.created_before, origin.created_after)
    owner = event.number_owner
    parts = (named, event.subject) if owner is None else (named, event.subject, owner)
    return _build_uuid5("\x1f".join(parts))


@lru_cache(maxsize=128)  # the types of one run
def _begin_name(event_name: str, *origin: str) -> str:
    """What the names of all events of one type in one run begin with."""
    row = TYPE_BY_NAME[event_name]
    name = find_event_name(row.variant_of) if row.variant_of else row.name
    return "\x1f".join([*origin, build_type(name)])


def _build_uuid5(name: str) -> str:
    """The UUIDv5 of a name in the URL namespace, in half of the time of uuid.uuid5."""
    import hashlib  # no command needs it that makes no event

    hashed = hashlib.sha1(_URL_NAMESPACE + name.encode(), usedforsecurity=False).hexdigest()
    variant = _VARIANTS[hashed[16]]
    return f"{hashed[:8]}-{hashed[8:12]}-5{hashed[13:16]}-{variant}{hashed[17:20]}-{hashed[20:32]}"


def encode_data(event: Event, position: RunPosition | None = None) -> bytes:
    """The data of an event as canonical JSON, with its place in the run where it has one."""
    data = event.data
    if position is not None:
        data = msgspec.structs.replace(data, run=position)
    return encode_canonically(data)


def build_envelope(
    event: Event, origin: Origin, *, data: bytes, sequence: int | None = None
) -> CloudEvent:
    """The envelope around data that `encode_data` made."""
    return CloudEvent(
        id=build_event_id(event, origin),
        source=origin.source,
        type=build_type(event.name),
        subject=event.subject,
        time=origin.created_after,
        dataschema=build_schema_id(event.name),
        sequence=UNSET if sequence is None else pad_sequence(sequence),
        partitionkey=event.subject,
        data=msgspec.Raw(data),
    )


class JsonEvents:
    """CloudEvents of one type as JSON objects; of an event the bytes that its envelope has."""

    def __init__(self, source: str, type_: str, time: str, *, replay: bool = False) -> None:
        """`time`: CreatedAtTime of their run; `replay` marks each as one that was sent before."""
        self._source = source
        self._type = type_
        self._time = time
        self._schema = build_schema_id(find_short_name(type_))
        self._replay = replay

    def encode(self, event_id: str, subject: str, sequence: int | None, data: bytes) -> bytes:
        """One event; what is None is left out."""
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": event_id,
            "source": self._source,
            "type": self._type,
            "subject": subject,
            "time": self._time,
            "datacontenttype": "application/json",
            "dataschema": self._schema,
            "sequence": None if sequence is None else pad_sequence(sequence),
            "partitionkey": subject,
            "replay": True if self._replay else None,
            "data": msgspec.Raw(data),
        }
        present = {name: value for name, value in event.items() if value is not None}
        return escape_harmful(msgspec.json.encode(present))


def encode_stateless_lines(events: Iterable[Event], origin: Origin) -> Iterable[bytes]:
    """The events of two files compared without a changelog: no run, no sequence."""
    for event in events:
        yield encode_canonically(build_envelope(event, origin, data=encode_data(event)))


def encode_positioned(events: Sequence[Event], run_id: int) -> Iterable[tuple[Event, bytes]]:
    """Each event of a run with its data, in order, with `run: {id, order, count}`."""
    for order, event in enumerate(events, start=1):
        yield event, encode_data(event, RunPosition(id=run_id, order=order, count=len(events)))


def compute_digest(lines: Iterable[bytes]) -> str:
    """SHA-256 over the data of a run's events in order: what was shown is what is released."""
    from hashlib import sha256  # imported late: it loads OpenSSL, which most commands do without

    hashed = sha256()
    for line in lines:
        hashed.update(line)
        hashed.update(b"\n")
    return hashed.hexdigest()


def decode(name: str, subject: str, data: bytes | str) -> Event:
    """An event back from its type, subject and data."""
    return Event(
        subject=subject, data=msgspec.json.decode(data, type=EVENT_TYPES[find_short_name(name)])
    )


def decode_line(line: bytes | str) -> tuple[CloudEvent, Event]:
    """An envelope and its event back from one line of JSON."""
    read = msgspec.json.decode(line, type=CloudEvent)
    return read, decode(read.type, read.subject, bytes(read.data))


def encode_canonically(value: Any) -> bytes:
    """JSON bytes, UTF-8, keys as the record has them, harmful characters escaped."""
    return escape_harmful(_ENCODER.encode(value))


def escape_harmful(encoded: bytes) -> bytes:
    r"""Write control and direction characters inside JSON as \uXXXX."""
    # Four looks for a single byte cost a tenth of the search, and mostly settle it.
    suspect = b"\x7f" in encoded or b"\xc2" in encoded or b"\xd8" in encoded or b"\xe2" in encoded
    if not suspect or not _HARMFUL_BYTES.search(encoded):
        return encoded
    text = encoded.decode()
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()
