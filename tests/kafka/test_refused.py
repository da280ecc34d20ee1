"""What the broker refuses is one sentence that says what to put right, and afterwards the same call works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its stubs hide what it exports
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
)
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from tests.kafka.broker import Broker
from tests.kafka.place import DEMO, Place

LOGIN = (
    'security_protocol = "SASL_PLAINTEXT"\nsasl_mechanism = "PLAIN"\nsasl_user = "anna"\n'
    'sasl_password_file = "word"\ntransaction_timeout_seconds = 60'
)


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """A place whose sordiff logs in as anna, and what the administrator does about her."""

    place: Place
    admin: AdminClient

    def allow(self, kind: ResourceType, name: str, *operations: AclOperation) -> None:
        bindings = [
            AclBinding(
                kind,
                name,
                ResourcePatternType.PREFIXED,
                "User:anna",
                "*",
                one,
                AclPermissionType.ALLOW,
            )
            for one in operations
        ]
        for future in self.admin.create_acls(bindings).values():
            future.result(30)

    def refused(self, *words: str, code: int = 2) -> str:
        said = self.place.publish(code=code).stderr
        assert said.startswith("sordiff: error: ")
        assert said.count("\n") == 1
        for word in words:
            assert word in said
        return said


@pytest.fixture
def guarded(tmp_path: Path, strict_broker: Broker, prefix: str) -> Guarded:
    (tmp_path / "word").write_text("right")
    place = Place(folder=tmp_path, bootstrap=strict_broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO)
    log_in = Place(
        folder=tmp_path, bootstrap=strict_broker.listener("SASL_PLAINTEXT"), prefix=prefix
    )
    log_in.configure(kafka=LOGIN)
    return Guarded(place=log_in, admin=AdminClient({"bootstrap.servers": strict_broker.bootstrap}))


def test_rights_are_asked_for_one_by_one(guarded: Guarded, strict_broker: Broker) -> None:
    name = guarded.place.prefix
    guarded.refused("transactional id")
    guarded.allow(
        ResourceType.TRANSACTIONAL_ID,
        "sordiff-",
        AclOperation.WRITE,
        AclOperation.DESCRIBE,
    )
    guarded.refused("has no topic", "or does not show it to anna")
    guarded.allow(ResourceType.TOPIC, name, AclOperation.DESCRIBE)
    guarded.refused("run 1", "docs/publishing.md")
    guarded.allow(ResourceType.TOPIC, name, AclOperation.WRITE)
    guarded.place.publish()
    guarded.place.forget()
    guarded.refused("run-events", "docs/publishing.md")
    guarded.allow(ResourceType.TOPIC, f"{name}run-events", AclOperation.READ)
    assert guarded.place.publish().stdout.count("had arrived before") == 3
    free = Place(folder=guarded.place.folder, bootstrap=strict_broker.bootstrap, prefix=name)
    assert len(free.events()) == 46
    said = guarded.place.sordiff("topics", "check", code=2).stdout
    assert said.count("the right DescribeConfigs is missing") == 6
    guarded.allow(ResourceType.TOPIC, name, AclOperation.DESCRIBE_CONFIGS)
    guarded.place.sordiff("topics", "check")


def test_a_transaction_longer_than_the_broker_allows(
    guarded: Guarded, strict_broker: Broker
) -> None:
    free = Place(
        folder=guarded.place.folder, bootstrap=strict_broker.bootstrap, prefix=guarded.place.prefix
    )
    free.configure()
    assert "no transaction timeout of 300 s" in free.publish(code=2).stderr
    free.publish("--set", "transaction_timeout_seconds=100")
    assert len(free.events()) == 46
