"""The AsyncAPI document of what is published: made of the topics, the event types and their schemas.

The schemas are referred to as the files beside it, under the names that `sordiff schemas export`
gives them.
"""

import inspect
from collections.abc import Iterable
from typing import Any, Final

from sordiff import __version__
from sordiff.events import EVENT_TYPES
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topics import Topic, wanted_topics
from sordiff.model import Record
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.wire import schema_id, type_name

_BINDING: Final = "0.5.0"
_TYPES: Final[dict[str, type[Record]]] = {**EVENT_TYPES, **STATE_TYPES, **RUN_EVENT_TYPES}
# In the order of the topics: name of the channel, how its message names begin, key, what it is.
_CHANNELS: Final = (
    ("unitEvents", ("unit.",), "sor_id of the unit", "What happens to units."),
    (
        "locationNumberEvents",
        ("location_number.",),
        "the location number (GLN)",
        "What happens to location numbers.",
    ),
    (
        "classificationEvents",
        ("classification.",),
        "list/code",
        "What happens to codes and their texts.",
    ),
    (
        "runEvents",
        ("run.", "alert."),
        "the source",
        "Beginning and end of every run, decisions and alerts, in one order.",
    ),
    (
        "units",
        ("unit.state",),
        "sor_id of the unit",
        "Every unit as it stands, everything resolved. Compacted: the newest record of a key "
        "holds. A record without a value says that the unit is gone.",
    ),
    (
        "locationNumbers",
        ("location_number.state",),
        "the location number (GLN)",
        "Every location number as it stands, with its owners. Compacted: the newest record of a "
        "key holds. A record without a value says that no unit owns it any more.",
    ),
)
_HEADERS: Final = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"description": "Unique for its source; the same whenever the event is sent again."},
    "ce_source": {"description": "Who publishes, such as urn:sordiff:sor."},
    "ce_type": {},
    "ce_subject": {"description": "What it is about: as the key."},
    "ce_time": {"format": "date-time", "description": "CreatedAtTime; absent on states."},
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


def asyncapi(settings: KafkaSettings | None = None) -> dict[str, Any]:
    """The document, with the topics and servers that are configured."""
    chosen = settings or KafkaSettings()
    channels = dict(zip(_CHANNELS, wanted_topics(chosen), strict=True))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "sordiff",
            "version": __version__,
            "description": "What changed in SOR, the register of Danish health-care organisations,"
            " night by night. Messages follow the CloudEvents Kafka binding; read them with"
            " isolation.level=read_committed: a run appears whole or not at all.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        **({"servers": _servers(chosen)} if chosen.configured else {}),
        "channels": {
            channel[0]: _channel(channel, topic, chosen) for channel, topic in channels.items()
        },
        "operations": {
            f"publish{name[0].upper()}{name[1:]}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{name}"},
                "summary": what,
            }
            for name, _, _, what in _CHANNELS
        },
        "components": {
            "messages": dict(_messages()),
            "messageTraits": {"cloudEvent": _trait()},
        },
    }


def _servers(settings: KafkaSettings) -> dict[str, Any]:
    protocol = "kafka-secure" if settings.uses_tls else "kafka"
    return {
        f"broker{number}": {"host": host, "protocol": protocol}
        for number, host in enumerate(settings.bootstrap_servers, start=1)
    }


def _channel(
    channel: tuple[str, tuple[str, ...], str, str], topic: Topic, settings: KafkaSettings
) -> dict[str, Any]:
    name, _, _, what = channel
    binding: dict[str, Any] = {"topic": topic.name, "partitions": topic.partitions}
    if settings.replication > 0:
        binding["replicas"] = settings.replication
    configs: dict[str, Any] = {
        key: int(value) for key, value in topic.configs.items() if key != "cleanup.policy"
    }
    configs["cleanup.policy"] = [topic.configs["cleanup.policy"]]
    return {
        "address": topic.name,
        "description": what,
        "messages": {
            message: {"$ref": f"#/components/messages/{message}"} for message in _told_in(name)
        },
        "bindings": {
            "kafka": {**binding, "topicConfiguration": configs, "bindingVersion": _BINDING}
        },
    }


def _told_in(channel: str) -> Iterable[str]:
    """The messages of a channel, in the order of the contract."""
    begins = next(begins for name, begins, _, _ in _CHANNELS if name == channel)
    return (
        name
        for name in _TYPES
        if name.startswith(begins) and (name in STATE_TYPES) == (begins[0] in STATE_TYPES)
    )


def _messages() -> Iterable[tuple[str, Any]]:
    for channel, _, key, _ in _CHANNELS:
        for name in _told_in(channel):
            yield name, _message(name, key)


def _message(name: str, key: str) -> dict[str, Any]:
    words = inspect.getdoc(_TYPES[name]) or ""
    summary, _, description = words.partition("\n\n")
    return {
        "name": type_name(name),
        "title": name,
        "summary": " ".join(summary.split()),
        **({"description": " ".join(description.split())} if description else {}),
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "headers": {
            "type": "object",
            "properties": {
                "ce_type": {"const": type_name(name)},
                "ce_dataschema": {"const": schema_id(name)},
            },
        },
        "payload": {"$ref": f"./{name}.json"},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": key}, "bindingVersion": _BINDING}
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
