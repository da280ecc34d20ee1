"""A history in Kafka: published on demand, each night whole and once, its state never going back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import said
from tests.kafka.place import Place, short
from tests.making.tables import write_sor2
from tests.tables.rows import sor2
from tests.tables.test_history import EXPECTED, SPAN, states

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.session import Address


@pytest.fixture
def place(tmp_path: Path, broker: Address, prefix: str) -> Place:
    """A history of four nights, and the night after it, recorded."""
    place = Place(folder=tmp_path, bootstrap=broker.bootstrap, prefix=prefix)
    place.configure()
    place.sordiff("topics", "create")
    later = sor2(4, "OE", "Ny klinik", 2, FromDate="2020-01-22")
    (tmp_path / "f").write_bytes(write_sor2([*states(), later]))
    place.sordiff("ingest", "f", "--history", SPAN, "--every", "change")
    place.sordiff("ingest", "f@2020-01-23")
    return place


def test_a_history_is_published_on_demand(place: Place) -> None:
    place.publish("--state", "--history")
    recorded = place.recorded()
    assert said(recorded)[: len(EXPECTED)] == EXPECTED
    assert [seen.headers["ce_id"] for seen in place.events()] == [one["id"] for one in recorded]
    assert place.told() == [
        (name, run) for run in range(1, 6) for name in ("run.started", "run.completed")
    ]
    # The whole state went out before them, and none of them took it back.
    for topic in ("units", "location_numbers"):
        keys = [seen.key for seen in place.seen(topic)]
        assert len(keys) == len(set(keys))
    assert "is sound" in place.sordiff("verify", "--topics").stdout
    # Killed before the marks, it is found there; what is demanded again is sent once.
    place.forget("published_at = NULL, demanded = 0")
    place.publish("--history")
    place.publish("--history")
    assert len(place.events()) == len(recorded)
    assert "is sound" in place.sordiff("verify", "--topics").stdout


def test_a_history_can_still_go_into_topics_of_its_own(place: Place) -> None:
    place.publish()
    assert len(place.events()) == 4
    assert "would come too late" in place.publish("--history", code=2).stderr
    refused = place.sordiff("replay", "--history", "--same-topics", code=2).stderr
    assert "--same-topics" in refused
    place.sordiff("topics", "create", "--topic-suffix", ".history")
    place.sordiff("replay", "--history", "--topic-suffix", ".history")
    there = place.events(".history")
    assert [seen.headers["ce_id"] for seen in there] == [one["id"] for one in place.recorded()]
    told = place.seen("run_events", suffix=".history")
    assert [json.loads(seen.value or b"")["run"]["id"] for seen in told] == [
        run for run in range(1, 6) for _ in range(2)
    ]
    assert {short(seen) for seen in told} == {"run.started", "run.completed"}
    assert len(place.events()) == 4
    assert "is sound" in place.sordiff("verify", "--topics").stdout
