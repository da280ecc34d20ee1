"""The AsyncAPI document holds against the official schema, and names all that is published."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator

from sordiff import schemas
from sordiff.events import EVENT_TYPES
from sordiff.kafka.asyncapi import build_asyncapi
from sordiff.kafka.settings import KafkaSettings, TopicNames
from sordiff.kafka.topics import list_wanted_topics
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from tests.scenarios.telling import sordiff

HERE = Path(__file__).parent
DOCUMENT = schemas.read_shipped_asyncapi()


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    return Draft7Validator(json.loads((HERE / "asyncapi" / "3.0.0.json").read_text("utf-8")))


def test_the_shipped_document_is_that_of_the_code() -> None:
    assert build_asyncapi() == DOCUMENT, "run `make schemas` and read the difference"


def test_it_is_valid_asyncapi(official: Draft7Validator) -> None:
    assert [error.message for error in official.iter_errors(DOCUMENT)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("info/version", None),
        ("channels/units/address", 7),
        ("channels/units/bindings/kafka/partitions", "six"),
        ("channels/units/bindings/kafka/topicConfiguration/cleanup.policy", ["compacted"]),
        ("operations/publishUnits/action", "publish"),
        ("components/messages/unit.state/bindings/kafka/key", "text"),
    ],
)
def test_the_schema_finds_faults(official: Draft7Validator, path: str, value: Any) -> None:
    broken = json.loads(json.dumps(DOCUMENT))
    *upper, last = path.split("/")
    block = broken
    for name in upper:
        block = block[name]
    assert last in block
    if value is None:
        del block[last]
    else:
        block[last] = value
    assert not official.is_valid(broken)


def test_every_message_has_its_channel_and_its_schema() -> None:
    messages = DOCUMENT["components"]["messages"]
    assert set(messages) == {*EVENT_TYPES, *STATE_TYPES, *RUN_EVENT_TYPES}
    told = [name for channel in DOCUMENT["channels"].values() for name in channel["messages"]]
    assert sorted(told) == sorted(messages)
    for name, message in messages.items():
        assert message["payload"] == {"$ref": f"./{name}.json"}
        schema = schemas.read_shipped_schemas()[name]
        assert message["headers"]["properties"]["ce_dataschema"] == {"const": schema["$id"]}


def test_its_topics_are_those_that_are_created() -> None:
    settings = KafkaSettings(
        bootstrap_servers=("one.example:9092", "two.example:9092"),
        topics=TopicNames(units="other.units"),
        partitions=3,
        replication=2,
        security_protocol="SSL",
    )
    document = build_asyncapi(settings)
    wanted = list_wanted_topics(settings)
    channels = list(document["channels"].values())
    assert [channel["address"] for channel in channels] == [topic.name for topic in wanted]
    for channel, topic in zip(channels, wanted, strict=True):
        binding = channel["bindings"]["kafka"]
        assert (binding["partitions"], binding["replicas"]) == (topic.partitions, 2)
        configs = binding["topicConfiguration"]
        assert configs.pop("cleanup.policy") == [topic.configs["cleanup.policy"]]
        assert {name: str(value) for name, value in configs.items()} == {
            name: value for name, value in topic.configs.items() if name != "cleanup.policy"
        }
    assert [server["protocol"] for server in document["servers"].values()] == ["kafka-secure"] * 2


def test_in_structured_mode_the_value_is_the_envelope(official: Draft7Validator) -> None:
    document = build_asyncapi(KafkaSettings(mode="structured"))
    assert official.is_valid(document)
    message = document["components"]["messages"]["unit.moved"]
    assert message["payload"]["properties"]["data"] == {"$ref": "./unit.moved.json"}
    assert message["contentType"].startswith("application/cloudevents+json")


def test_it_is_exported_with_the_schemas_it_names(
    tmp_path: Path, official: Draft7Validator
) -> None:
    (tmp_path / "sordiff.toml").write_text('[kafka.topics]\nunits = "mine.units"\n')
    sordiff("schemas", "export", "out", folder=tmp_path)
    document = json.loads((tmp_path / "out" / "asyncapi.json").read_text("utf-8"))
    assert official.is_valid(document)
    assert document["channels"]["units"]["address"] == "mine.units"
    for message in document["components"]["messages"].values():
        assert (tmp_path / "out" / message["payload"]["$ref"]).is_file()
