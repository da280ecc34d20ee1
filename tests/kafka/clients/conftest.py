"""Clients that are not sordiff's read what it publishes. They take minutes, so they run by `make test-clients` alone."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from confluent_kafka import Producer

from tests.kafka.clients.published import ABORTED, GONE, Published
from tests.kafka.place import DEMO, Place
from tests.kafka.reading import delete_topics
from tests.kafka.session import Address

collect_ignore_glob = [] if os.environ.get("SORDIFF_TEST_CLIENTS") else ["test_*.py"]


def _publish(broker: Address, folder: Path, mode: Literal["binary", "structured"]) -> Published:
    prefix = f"t{uuid.uuid4().hex[:10]}."
    place = Place(folder=folder, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure(kafka=f'mode = "{mode}"')
    place.sordiff("topics", "create")
    place.sordiff("ingest", *DEMO[:2])
    place.write_stranger(GONE)
    place.sordiff("publish", "--state")  # a tombstone for who should not be there
    place.sordiff("ingest", DEMO[2])
    place.publish()
    _write_and_abort(place)
    return Published(place)


def _write_and_abort(place: Place) -> None:
    """What a publisher leaves that was killed in the middle of a run."""
    settings = {"bootstrap.servers": place.bootstrap, "transactional.id": place.prefix}
    producer = Producer(settings)
    producer.init_transactions(60)
    producer.begin_transaction()
    value = b'{"state":"open","owner":{"id":"%s"}}' % ABORTED.encode()
    for topic in ("units", "unit-events"):
        producer.produce(f"{place.prefix}{topic}", value, ABORTED.encode())
    assert producer.flush(60) == 0
    producer.abort_transaction(60)


@pytest.fixture(scope="package")
def published(broker: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The nights of the demo, a tombstone, and a transaction that was aborted."""
    made = _publish(broker, tmp_path_factory.mktemp("binary"), "binary")
    yield made
    delete_topics(made.bootstrap, made.prefix)


@pytest.fixture(scope="package")
def structured(broker: Address, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """The same in structured mode."""
    made = _publish(broker, tmp_path_factory.mktemp("structured"), "structured")
    yield made
    delete_topics(made.bootstrap, made.prefix)
