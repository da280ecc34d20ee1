"""Messages, batches and topics that the broker does not take: one sentence; put right, the next call just works."""

from __future__ import annotations

import random
import shutil
import uuid
from pathlib import Path

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its stubs hide what it exports
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from tests.cli.workplace import Workplace
from tests.kafka.arrived import assert_all_arrived, read_events
from tests.kafka.nights import bare, busy_nights, kafka_place, topic_names
from tests.kafka.session import Address


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Workplace(tmp_path_factory.mktemp("recorded"))
    # Recorded runs keep their source: each worker has one of its own, or they fence each other on the shared broker.
    (place.folder / "sordiff.toml").write_text(f'source = "urn:{uuid.uuid4()}"\n')
    nights = busy_nights(random.Random(5), units=100, changes=200)
    names = [place.put(next(nights), f"night{number}") for number in range(2)]
    place.ingest(*names, "--accept", "--reason", "all of them are mad")
    return place.database


@pytest.fixture
def admin(broker: Address) -> AdminClient:
    return AdminClient({"bootstrap.servers": broker.bootstrap})


@pytest.fixture
def place(tmp_path: Path, recorded: Path, broker: Address, prefix: str) -> Workplace:
    made = kafka_place(tmp_path / "free", broker.bootstrap, prefix)
    shutil.copy(recorded, made.database)
    made.sordiff("topics", "create", env=bare())
    return made


def refused(place: Workplace, *words: str) -> str:
    done = place.sordiff("publish", code=2, env=bare())
    assert done.err.startswith("sordiff: error: ")
    assert done.err.count("\n") == 1, done.err
    for word in words:
        assert word in done.err
    return done.err


def largest(admin: AdminClient, topic: str, size: int) -> None:
    configure(admin, topic, "max.message.bytes", str(size))


def configure(admin: AdminClient, topic: str, name: str, value: str) -> None:
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(30)


def test_a_message_that_is_too_large(
    place: Workplace, broker: Address, prefix: str, admin: AdminClient
) -> None:
    units = topic_names(prefix)["units"]
    largest(admin, units, 600)
    refused(place, "larger", broker.bootstrap, "max.message.bytes", "othing is lost")
    assert read_events(broker.bootstrap, prefix) == []
    largest(admin, units, 1_000_000)
    place.sordiff("publish", env=bare())
    assert_all_arrived(place, broker.bootstrap, prefix)


def test_batches_that_are_too_large_are_made_smaller(
    place: Workplace, broker: Address, prefix: str, admin: AdminClient
) -> None:
    for topic in topic_names(prefix).values():
        largest(admin, topic, 12_000)
    place.sordiff("publish", env=bare())
    assert_all_arrived(place, broker.bootstrap, prefix)


def test_a_topic_that_is_compressed_anew(
    place: Workplace, broker: Address, prefix: str, admin: AdminClient
) -> None:
    """What the broker packs so can't be unpacked here, and no further call would help."""
    configure(admin, topic_names(prefix)["run_events"], "compression.type", "lz4")
    checked = place.sordiff("topics", "check", code=2, env=bare())
    assert checked.out.count("compression.type is lz4, which sordiff can't unpack") == 1
    place.sordiff("publish", env=bare())
    done = place.sordiff("publish", "--state", code=2, env=bare())
    assert f"Kafka at {broker.bootstrap} holds messages that can't be unpacked here" in done.err
    assert "Install lz4" in done.err


@pytest.mark.parametrize("missing", ["location_number_events", "units", "run_events"])
def test_a_topic_that_is_not_there(
    place: Workplace, broker: Address, prefix: str, admin: AdminClient, missing: str
) -> None:
    admin.delete_topics([topic_names(prefix)[missing]])[topic_names(prefix)[missing]].result(30)
    refused(place, broker.bootstrap, "topics create")
    place.sordiff("topics", "create", env=bare())
    place.sordiff("publish", env=bare())
    assert_all_arrived(place, broker.bootstrap, prefix)
