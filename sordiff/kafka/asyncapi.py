"""The AsyncAPI document of what is published: topics, messages, and their schemas.

The schemas are referred to as the files beside it, under the names that `sordiff schemas export`
gives them.
"""

import inspect
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from sordiff.events import CATALOGUE, EVENT_TYPES, Subject
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topics import Topic, list_wanted_topics
from sordiff.model import Record
from sordiff.resolved import LOCATION_NUMBER_STATE, STATE_TYPES, UNIT_STATE
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.wire import build_schema_id, build_type

_BINDING: Final = "0.5.0"
_DESCRIPTION: Final = (
    "What changed in SOR, the register of Danish health-care organisations, night by night."
    " Messages follow the CloudEvents Kafka binding. Read them with"
    " isolation.level=read_committed: then a run is there whole or not at all."
)
_TYPES: Final[dict[str, type[Record]]] = {**EVENT_TYPES, **STATE_TYPES, **RUN_EVENT_TYPES}


class _Channel(NamedTuple):
    """A topic for its readers: the names of its messages, their key, what it is about."""

    name: str
    messages: tuple[str, ...]
    key: str
    what: str


def _events_about(subject: Subject) -> tuple[str, ...]:
    return tuple(row.name for row in CATALOGUE if row.subject is subject)


_UNIT_KEY: Final = "the unit's SOR id"
_NUMBER_KEY: Final = "the location number (GLN)"
_COMPACTED: Final = "Compacted: the newest record of a key holds, and one without a value says that"
# In the order of the topics.
_CHANNELS: Final = (
    _Channel("unitEvents", _events_about(Subject.UNIT), _UNIT_KEY, "What happens to units."),
    _Channel(
        "locationNumberEvents",
        _events_about(Subject.LOCATION_NUMBER),
        _NUMBER_KEY,
        "What happens to location numbers.",
    ),
    _Channel(
        "classificationEvents",
        _events_about(Subject.CLASSIFICATION),
        "list/code",
        "What happens to codes and their texts.",
    ),
    _Channel(
        "runEvents",
        tuple(RUN_EVENT_TYPES),
        "the source",
        "Beginning and end of every run, decisions and alerts, in one order.",
    ),
    _Channel(
        "units",
        (UNIT_STATE,),
        _UNIT_KEY,
        f"Every unit as it stands, everything resolved. {_COMPACTED} the unit is gone.",
    ),
    _Channel(
        "locationNumbers",
        (LOCATION_NUMBER_STATE,),
        _NUMBER_KEY,
        f"Every location number as it stands. {_COMPACTED} no unit owns it any more.",
    ),
)
_HEADERS: Final = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"description": "Unique for its source; the same whenever the event is sent again."},
    "ce_source": {"description": "Who publishes, such as urn:sordiff:sor."},
    "ce_type": {},
    "ce_subject": {"description": "What it is about: as the key."},
    "ce_time": {
        "format": "date-time",
        "description": "CreatedAtTime of the run; of a state: of the last run that changed it.",
    },
    "ce_dataschema": {},
    "ce_sequence": {
        "pattern": "^[0-9]{20}$",
        "description": "Gapless over all events; of a state: of the last run that changed it. "
        "Absent on what is told of runs.",
    },
    "ce_partitionkey": {"description": "As the key."},
    "ce_replay": {"const": "true", "description": "Only on what is sent again by replay."},
    "content-type": {"const": "application/json"},
}
_ALWAYS: Final = ("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "content-type")


def build_asyncapi(settings: KafkaSettings | None = None) -> dict[str, Any]:
    """The document, with the topics and servers that are configured."""
    chosen = settings or KafkaSettings()
    channels = zip(_CHANNELS, list_wanted_topics(chosen), strict=True)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "sordiff",
            "version": version("sordiff"),
            "description": _DESCRIPTION,
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        **({"servers": _servers(chosen)} if chosen.configured else {}),
        "channels": {one.name: _channel(one, topic, chosen) for one, topic in channels},
        "operations": {
            f"publish{one.name[0].upper()}{one.name[1:]}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{one.name}"},
                "summary": one.what,
            }
            for one in _CHANNELS
        },
        "components": {
            "messages": {
                name: _message(name, one.key, chosen) for one in _CHANNELS for name in one.messages
            },
            "messageTraits": {"cloudEvent": _trait()},
        },
    }


def _servers(settings: KafkaSettings) -> dict[str, Any]:
    protocol = "kafka-secure" if settings.uses_tls else "kafka"
    return {
        f"broker{number}": {"host": host, "protocol": protocol}
        for number, host in enumerate(settings.bootstrap_servers, start=1)
    }


def _channel(channel: _Channel, topic: Topic, settings: KafkaSettings) -> dict[str, Any]:
    binding: dict[str, Any] = {"topic": topic.name, "partitions": topic.partitions}
    if settings.replication > 0:
        binding["replicas"] = settings.replication
    configs: dict[str, Any] = {
        key: int(value) for key, value in topic.configs.items() if key != "cleanup.policy"
    }
    configs["cleanup.policy"] = [topic.configs["cleanup.policy"]]
    return {
        "address": topic.name,
        "description": channel.what,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in channel.messages},
        "bindings": {
            "kafka": {**binding, "topicConfiguration": configs, "bindingVersion": _BINDING}
        },
    }


def _message(name: str, key: str, settings: KafkaSettings) -> dict[str, Any]:
    words = inspect.getdoc(_TYPES[name]) or ""
    summary, _, description = words.partition("\n\n")
    return {
        "name": build_type(name),
        "title": name,
        "summary": " ".join(summary.split()),
        **({"description": " ".join(description.split())} if description else {}),
        **(_binary(name) if settings.mode == "binary" else _structured(name)),
        "bindings": {
            "kafka": {"key": {"type": "string", "description": key}, "bindingVersion": _BINDING}
        },
    }


def _binary(name: str) -> dict[str, Any]:
    """The attributes are headers, and the value is the data."""
    return {
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "headers": {
            "type": "object",
            "properties": {
                "ce_type": {"const": build_type(name)},
                "ce_dataschema": {"const": build_schema_id(name)},
            },
        },
        "payload": {"$ref": f"./{name}.json"},
    }


def _structured(name: str) -> dict[str, Any]:
    """The value is the whole CloudEvent."""
    attributes = {
        header.removeprefix("ce_"): {"type": "string", **rest}
        for header, rest in _HEADERS.items()
        if header.startswith("ce_") and header != "ce_replay"
    }
    return {
        "contentType": "application/cloudevents+json; charset=UTF-8",
        "payload": {
            "type": "object",
            "properties": {
                **attributes,
                "type": {"const": build_type(name)},
                "dataschema": {"const": build_schema_id(name)},
                "data": {"$ref": f"./{name}.json"},
            },
            "required": ["specversion", "id", "source", "type", "subject", "data"],
        },
    }


def _trait() -> dict[str, Any]:
    return {
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": {name: {"type": "string", **rest} for name, rest in _HEADERS.items()},
            "required": list(_ALWAYS),
        },
    }
