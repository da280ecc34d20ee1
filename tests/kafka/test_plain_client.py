"""With another version of kafka-python, sordiff uses it as it comes, says so, and publishes the same."""

from __future__ import annotations

import gc
import logging
import warnings
from pathlib import Path

import pytest
from kafka.producer import producer_batch, record_accumulator

from sordiff.kafka import client_internals
from tests.kafka.place import DEMO, Place
from tests.kafka.session import Address


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    made = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    made.configure()
    made.sordiff("topics", "create")
    made.sordiff("ingest", *DEMO)
    return made


def _assert_arrived(place: Place) -> None:
    recorded = {event["sequence"]: event["data"] for event in place.recorded()}
    assert len(recorded) == 46
    assert [seen.headers["ce_sequence"] for seen in place.events()] == sorted(recorded)
    assert place.told()[-1][0] == "run.completed"


def test_another_version_is_used_as_it_comes(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client_internals, "TRIED", frozenset({"2.0"}))
    monkeypatch.setattr(client_internals, "QuickBatch", None)  # nobody may ask for it
    with caplog.at_level(logging.WARNING), warnings.catch_warnings():
        # By itself the client leaves sockets open when it is closed: see findings/kafka-python-sockets.sh.
        warnings.simplefilter("ignore", ResourceWarning)
        place.publish("--state")
        gc.collect()
    assert "is used as it comes: sordiff knows 2.0 from within" in caplog.text
    _assert_arrived(place)


def test_what_is_changed_in_the_client_is_changed_back(place: Place) -> None:
    place.publish()
    _assert_arrived(place)
    assert record_accumulator.ProducerBatch is producer_batch.ProducerBatch
