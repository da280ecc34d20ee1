"""The replica of the examples applies events as the contract says: the old units become the new ones."""

import json
import random
import sqlite3
from typing import Any

import msgspec
import pytest

from sordiff.fields import to_plain
from sordiff.model import Unit
from sordiff.wire import build_type, encode_data, pad_sequence
from tests.kafka.replicas import SCRIPT, present
from tests.laws.pairs import between, read
from tests.making.nights import random_night, random_register


def replica() -> dict[str, Any]:
    """Its functions and tables, without the part that talks to Kafka."""
    text = SCRIPT.read_text("utf-8").partition("\nservers, path")[0]
    names: dict[str, Any] = {}
    exec(compile(text, SCRIPT, "exec"), names)  # noqa: S102  # the project's own
    names["mirror"] = sqlite3.connect(":memory:")
    names["mirror"].executescript(names["TABLES"])
    return names


def units(mirror: sqlite3.Connection) -> dict[str, Unit]:
    rows = mirror.execute("SELECT sor_id, record FROM units WHERE record <> 'null'")
    return {
        sor_id: msgspec.convert(present(json.loads(record)), Unit)
        for sor_id, record in rows.fetchall()
    }


@pytest.mark.parametrize("batch", range(2))
def test_old_units_with_events_are_new_units(batch: int) -> None:
    for seed in range(batch * 150, (batch + 1) * 150):
        rng = random.Random(seed)
        plain_old = random_register(rng, units=rng.choice([3, 10, 30]))
        old = read(plain_old)
        new = read(random_night(rng, plain_old, intensity=rng.choice([1, 5, 15])))
        names = replica()
        for sor_id, unit in old.units.items():
            row = sor_id, pad_sequence(0), json.dumps(to_plain(unit))
            names["mirror"].execute(names["PUT"], row)
        events = between(old, new).events
        told = [
            (pad_sequence(n), build_type(event.name), event.subject, json.loads(encode_data(event)))
            for n, event in enumerate(events, start=1)
        ]
        for one in told:
            names["apply"](*one)
        assert units(names["mirror"]) == new.units, seed
        for one in told:  # what is told again changes nothing
            names["apply"](*one)
        assert units(names["mirror"]) == new.units, seed
        names["mirror"].close()
