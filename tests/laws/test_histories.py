"""The law of a history: its nights are those that the file has when each is read by itself."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.errors import SnapshotRefused
from sordiff.model import Day
from sordiff.register import Register
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.ingest.table_nights import fill_snapshot
from sordiff.snapshot import ReadOptions, Snapshot, open_history, read_snapshot
from tests.making.numbers import valid_gln
from tests.making.tables import Row, write_sor2
from tests.tables.rows import sor2

if TYPE_CHECKING:
    import random

DAYS = [Day(f"2020-01-{day:02}") for day in range(1, 7)]
CELLS = {
    "EntityName": ["A", "B"],
    "EntityTypeId": ["", "1", "2"],
    "EntityTypeName": ["", "one", "uno"],
    "EanLocationCode": ["", valid_gln(1), valid_gln(2)],
    "PostalAddressStreetName": ["", "X", "Y"],
    "FirstFromDate": ["", DAYS[2]],
    "ToDate": ["", "", DAYS[1], DAYS[3], "2030-01-01"],
}


def _list_states(dice: random.Random) -> list[Row]:
    """Up to three states of each of some units, which may stand elsewhere in each of them."""
    rows = []
    for sequence in range(1, dice.randrange(3, 8)):
        begins = {dice.choice(["2010-01-01", *DAYS]) for _ in range(dice.randrange(1, 4))}
        for begin in sorted(begins):
            above = None if sequence == 1 else dice.choice([1, dice.randrange(1, sequence)])
            kind = "IE" if above is None else "SI" if above == 1 else "OE"
            cells = {name: dice.choice(texts) for name, texts in CELLS.items()}
            rows.append(sor2(sequence, kind, "A", above, **{**cells, "FromDate": begin}))
    # One that ends long before is told by its day, so that the file is no daily one.
    rows.append(sor2(20, "IE", "gone", None, ToDate="2011-01-01"))
    dice.shuffle(rows)
    return rows


def _read_alone(path: Path, day: Day, before: Register | None) -> Snapshot | None:
    try:
        snapshot = read_snapshot(path, ReadOptions(snapshot_date=day))
    except SnapshotRefused:
        return None
    return snapshot if before is None else fill_snapshot(snapshot, before)


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_history_has_the_nights_of_its_file(dice: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "SOREntity.csv"
        path.write_bytes(write_sor2(_list_states(dice)))
        with open_history(path, ReadOptions()) as history:
            before: Register | None = None
            for day in DAYS:
                alone = _read_alone(path, day, before)
                if alone is None:  # a unit stands below itself
                    return
                night = history.read(day, whole=before is None)
                if before is not None and night.touched is None:
                    night = fill_snapshot(night, before)
                if night.touched is None:
                    history.settle(night.units, night.lists)
                    units = night.units
                else:
                    assert before is not None
                    units = {**before.units, **night.touched.read}
                    assert len(units) == night.touched.count
                assert units == alone.units
                assert night.lists == alone.lists
                assert night.header == alone.header
                before = build_register(alone)
