"""The product and the plainest code one can write agree on more than a thousand random nights."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from sordiff.events import Event
from sordiff.fields import to_plain
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import open_to_read
from sordiff.wire import build_type, encode_data
from tests.laws.pairs import Version, between, files, read_bytes
from tests.making.nights import random_night, random_register
from tests.making.xml import random_layout, write_zip
from tests.oracle import oracle, reading

PAIRS_A_BATCH = 130
VERSIONS: list[Version] = [1, 2, 2, 2, 3]
OPTIONS = IngestOptions(recorded_at="2030-01-01T00:00:00+00:00", user="tester")


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def said(event: Event, keys: set[str]) -> dict[str, Any]:
    """An event as the oracle says it: only the keys that the oracle has."""
    data = json.loads(encode_data(event))
    whole = {
        "type": build_type(event.name),
        "subject": event.subject,
        "owner": event.number_owner,
        **data,
    }
    return {key: whole[key] for key in whole if key in keys}


def assert_told_alike(events: tuple[Event, ...], expected: list[dict[str, Any]]) -> None:
    wanted = as_json(expected)
    names = [(build_type(event.name), event.subject) for event in events]
    assert names == [(event["type"], event["subject"]) for event in wanted]
    told = [said(event, set(want)) for event, want in zip(events, wanted, strict=True)]
    assert told == wanted


@pytest.mark.parametrize("batch", range(8))
def test_random_pairs(batch: int) -> None:
    for seed in range(batch * PAIRS_A_BATCH, (batch + 1) * PAIRS_A_BATCH):
        rng = random.Random(seed)
        old = random_register(rng, units=rng.choice([3, 10, 30]))
        new = random_night(rng, old, intensity=rng.choice([1, 3, 10]))
        version_old: Version = rng.choice(VERSIONS)
        version_new: Version = rng.choice([version_old, version_old, version_old, 1, 2])
        files_old = files(old, version_old, random_layout(rng))
        files_new = files(new, version_new, random_layout(rng))
        read_old, read_new = read_bytes(*files_old), read_bytes(*files_new)
        plain_old, plain_new = reading.read(*files_old), reading.read(*files_new)
        for snapshot, plainly in ((read_old, plain_old), (read_new, plain_new)):
            units = {sor_id: as_json(to_plain(unit)) for sor_id, unit in snapshot.units.items()}
            assert units == as_json(plainly["units"]), f"seed {seed}"
        comparison = between(read_old, read_new)
        assert_told_alike(comparison.events, oracle.expected_events(plain_old, plain_new))


@pytest.mark.parametrize("seed", range(200))
def test_days_that_go_back(seed: int) -> None:
    """As a correction has them: a night compared with one of up to a year before."""
    rng = random.Random(seed)
    earlier = random_register(rng, units=rng.choice([3, 10, 30]))
    later = random_night(rng, earlier, days=rng.choice([1, 30, 365]), intensity=rng.choice([0, 3]))
    old, new = files(later, 2, random_layout(rng)), files(earlier, 2, random_layout(rng))
    comparison = between(read_bytes(*old), read_bytes(*new))
    expected = oracle.expected_events(reading.read(*old), reading.read(*new))
    assert_told_alike(comparison.events, expected)


@pytest.mark.parametrize("seed", range(8))
def test_chains_of_recorded_nights(seed: int, tmp_path: Path) -> None:
    """Ten nights into a changelog: restored units and earlier owners are told as well."""
    rng = random.Random(10_000 + seed)
    database = tmp_path / "sordiff.db"
    register = random_register(rng, units=14)
    last: dict[str, Any] | None = None
    known: set[str] = set()
    earlier: dict[str, list[tuple[str, str]]] = {}
    recorded: list[dict[str, Any]] = []
    for night in range(10):
        xml, data_types = files(register, 2, random_layout(rng))
        path = write_zip(tmp_path / f"{night}.zip", xml, data_types)
        (report,) = ingest_snapshots([path], SqliteChangelog(database), Settings(), OPTIONS)
        tonight = reading.read(xml, data_types)
        if last is not None:
            expected = oracle.expected_events(
                last, tonight, known_ids=frozenset(known), earlier_owners=earlier
            )
            assert_told_alike(report.events, expected)
            recorded += as_json(expected)
            tonight = oracle.with_kept_lists(last, tonight)
            note_former_owners(earlier, last, tonight)
        known |= tonight["units"].keys()
        last = tonight
        register = random_night(rng, register, days=rng.choice([1, 1, 1, 3]), intensity=8)
    with open_to_read(database) as connection:
        rows = connection.execute("SELECT sequence, subject FROM events ORDER BY sequence")
        assert list(rows) == [
            (sequence, event["subject"]) for sequence, event in enumerate(recorded, start=1)
        ]


def note_former_owners(
    earlier: dict[str, list[tuple[str, str]]], old: dict[str, Any], new: dict[str, Any]
) -> None:
    """Who owned a number and does no longer, in the order in which it went; ties by id."""
    gone = sorted(
        {(number, sor_id) for sor_id, number in _owned(old)}
        - {(number, sor_id) for sor_id, number in _owned(new)},
        reverse=True,
    )
    for number, sor_id in gone:
        earlier.setdefault(number, []).append((sor_id, new["date"]))


def _owned(register: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (sor_id, unit["location_number"]["number"])
        for sor_id, unit in register["units"].items()
        if unit["location_number"] is not None
    ]
