"""The product and the plainest code agree on what tables say, and on what happens between their nights."""

import random
from pathlib import Path
from typing import Any

import pytest

from sordiff.fields import to_plain
from sordiff.model import Day
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.service.ingest.every import Every
from sordiff.service.ingest.history import HistorySpan, ingest_history
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.read_snapshot import read_with_settings
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from sordiff.store.changelog import SqliteChangelog
from tests.making import tables
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainRegister, walk
from tests.making.states import random_nights, tell_states
from tests.oracle import oracle
from tests.oracle.old_table_reading import read_old
from tests.oracle.table_reading import read_daily, read_states
from tests.oracle.test_against_oracle import as_json, assert_told_alike, note_former_owners

PAIRS_A_BATCH = 60
TAKEN = IngestOptions(
    recorded_at="2030-01-01T00:00:00+00:00", user="tester", accept=True, reason="for the test"
)


def _write(rng: random.Random, path: Path, register: PlainRegister) -> bytes:
    rows = tables.still_open(register, tables.sor2_rows(register))
    content = tables.write_sor2(tables.without_some_parents(rng, rows)) if rows else b""
    path.write_bytes(content)
    return content


@pytest.mark.parametrize("batch", range(2))
def test_random_pairs_of_daily_tables(batch: int, tmp_path: Path) -> None:
    for seed in range(batch * PAIRS_A_BATCH, (batch + 1) * PAIRS_A_BATCH):
        rng = random.Random(seed)
        old = random_register(rng, units=rng.choice([3, 8, 15]))
        new = random_night(
            rng, old, days=rng.choice([1, 1, 3, 40]), intensity=rng.choice([1, 3, 10])
        )
        before, after = old.snapshot_date, new.snapshot_date
        one, other = tmp_path / f"{seed}-1", tmp_path / f"{seed}-2"
        contents = _write(rng, one, old), _write(rng, other, new)
        if not all(contents):
            continue
        plain_old = read_daily(contents[0], before)
        plain_new = read_daily(contents[1], after, plain_old)
        how = ReadOptions(snapshot_date=Day(before))
        units = read_with_settings(one, Settings(), how).units
        told = {sor_id: as_json(to_plain(unit)) for sor_id, unit in units.items()}
        assert told == as_json(plain_old["units"]), f"seed {seed}"
        earlier, later = f"{one.name}@{before}", f"{other.name}@{after}"
        compared: Comparison = compare_files(
            tmp_path / earlier, tmp_path / later, Settings(), lambda found: found
        )
        expected = [
            event
            for event in oracle.expected_events(plain_old, plain_new)
            if "classification.code_added" not in event["type"]  # it only came into use
        ]
        assert_told_alike(compared.events, expected)


@pytest.mark.parametrize("batch", range(2))
def test_random_histories(batch: int, tmp_path: Path) -> None:
    """The nights of a file of states, each told from the one before, as a changelog records them."""
    for seed in range(batch * 12, batch * 12 + 12):
        rng = random.Random(20_000 + seed)
        rows, told = tell_states(rng, random_nights(rng, units=rng.choice([3, 8, 15]), nights=6))
        path = tmp_path / str(seed)
        rows = tables.without_some_parents(rng, rows)
        content = tables.write_sor2(rows)
        has_states = len({row["SorId"] for row in rows}) < len(rows)
        path.write_bytes(content if has_states else tables.write_complete(rows))
        span = HistorySpan(
            first=Day(told[0].snapshot_date), last=Day(told[-1].snapshot_date), every=Every.DAY
        )
        changelog = SqliteChangelog(tmp_path / f"{seed}.db")
        before = None
        known: set[str] = set()
        earlier: dict[str, list[tuple[str, str]]] = {}
        for report in ingest_history(path, span, changelog, Settings(), TAKEN):
            tonight = read_states(content, report.day, before)
            if before is not None:
                expected = [
                    event
                    for event in oracle.expected_events(
                        before, tonight, known_ids=frozenset(known), earlier_owners=earlier
                    )
                    if "classification.code_added" not in event["type"]  # it only came into use
                ]
                assert_told_alike(report.events, expected)
                tonight = oracle.with_kept_lists(before, tonight)
                note_former_owners(earlier, before, tonight)
            known |= tonight["units"].keys()
            before = tonight
        assert before is not None
        with changelog.open_to_read() as session:
            units = session.state.read_units()
        recorded = {sor_id: as_json(to_plain(unit)) for sor_id, unit in units.items()}
        assert recorded == as_json(before["units"]), f"seed {seed}"


def _reword(rng: random.Random, register: PlainRegister) -> None:
    """As when the register calls a type by another name."""
    word = rng.choice([unit.unit_type for unit in walk(register)])
    for unit in walk(register):
        if word and unit.unit_type == word:
            unit.unit_type = f"{word} ny"


@pytest.mark.parametrize("batch", range(2))
def test_random_nights_of_the_old_table(batch: int, tmp_path: Path) -> None:
    for seed in range(batch * 8, batch * 8 + 8):
        rng = random.Random(30_000 + seed)
        night = random_register(rng, units=rng.choice([3, 8, 15]))
        changelog = SqliteChangelog(tmp_path / f"{seed}.db")
        before: dict[str, Any] | None = None
        earlier: dict[str, list[tuple[str, str]]] = {}
        known: set[str] = set()
        for number in range(5):
            day = night.snapshot_date
            said = tables.plainest(tables.latin_only(night), old=True)
            content = tables.write_old(tables.old_rows(said))
            (tmp_path / f"{seed}-{number}").write_bytes(content)
            paths = [tmp_path / f"{seed}-{number}@{day}"]
            (report,) = ingest_snapshots(paths, changelog, Settings(), TAKEN)
            tonight = read_old(content, day, before)
            if before is not None:
                expected = [
                    event
                    for event in oracle.expected_events(
                        before, tonight, known_ids=frozenset(known), earlier_owners=earlier
                    )
                    if "classification.code_added" not in event["type"]
                ]
                assert_told_alike(report.events, expected)
                tonight = oracle.with_kept_lists(before, tonight)
                note_former_owners(earlier, before, tonight)
            known |= tonight["units"].keys()
            before = tonight
            groups = ("dates", "fields", "tree", "numbers")
            night = random_night(rng, night, days=rng.choice([1, 1, 3]), intensity=6, groups=groups)
            if rng.random() < 0.3:
                _reword(rng, night)
        assert before is not None
        with changelog.open_to_read() as session:
            units = session.state.read_units()
        recorded = {sor_id: as_json(to_plain(unit)) for sor_id, unit in units.items()}
        assert recorded == as_json(before["units"]), f"seed {seed}"
