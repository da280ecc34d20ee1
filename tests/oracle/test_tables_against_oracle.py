"""The product and the plainest code agree on what daily tables say, and on what happens between them."""

import random
from pathlib import Path

import pytest

from sordiff.fields import to_plain
from sordiff.model import Day
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.service.ingest.read_snapshot import read_with_settings
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from tests.making import tables
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainRegister
from tests.oracle import oracle
from tests.oracle.table_reading import NoAnswer, read_daily
from tests.oracle.test_against_oracle import as_json, assert_told_alike

PAIRS_A_BATCH = 60


def _write(path: Path, register: PlainRegister) -> bytes:
    content = tables.write_sor2(tables.still_open(register, tables.sor2_rows(register)))
    path.write_bytes(content)
    return content


@pytest.mark.parametrize("batch", range(2))
def test_random_pairs_of_daily_tables(batch: int, tmp_path: Path) -> None:
    answered = 0
    for seed in range(batch * PAIRS_A_BATCH, (batch + 1) * PAIRS_A_BATCH):
        rng = random.Random(seed)
        old = random_register(rng, units=rng.choice([3, 8, 15]))
        new = random_night(
            rng, old, days=rng.choice([1, 1, 3, 40]), intensity=rng.choice([1, 3, 10])
        )
        before, after = old.snapshot_date, new.snapshot_date
        one, other = tmp_path / f"{seed}-1", tmp_path / f"{seed}-2"
        contents = _write(one, old), _write(other, new)
        try:
            plain_old = read_daily(contents[0], before)
            plain_new = read_daily(contents[1], after, plain_old)
        except NoAnswer:
            continue
        if not plain_old["units"] or contents[1].count(b"\r\n") < 2:
            continue
        answered += 1
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
    assert answered > PAIRS_A_BATCH / 3
