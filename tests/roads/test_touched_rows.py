"""A daily file read where it is touched gives the same night as one that is read whole."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.model import Day, SorId, Unit
from sordiff.overlay import LazyRegister
from sordiff.row_index import KnownRows, RowIndex
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.service.ingest.table_nights import fill_snapshot, fill_touched_snapshot
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, read_snapshot
from sordiff.snapshot.tables import second_part
from sordiff.snapshot.tables.column_blocks import ColumnBlocks
from sordiff.snapshot.tables.dialect import strip_guard
from sordiff.snapshot.tables.table_file import TableFile
from tests.making.numbers import valid_gln, valid_sor_id
from tests.making.tables import Row, guarded, write_sor2
from tests.tables.rows import hospital, sor2

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable

DAYS = [f"2026-11-{day:02}" for day in range(20, 26)]
IDS = range(1, 13)
NUMBERS = ["", "", valid_gln(1), valid_gln(2)]
# Few values, so that units come to have what those above have.
CELLS = {
    "EntityName": ["A", "B"],
    "EntityTypeId": ["", "1", "2"],
    "EntityTypeName": ["", "one", "uno"],
    "EanLocationCode": NUMBERS,
    "PostalAddressStreetName": ["", "X", "Y"],
    "FirstFromDate": ["", "2010-01-01", *DAYS],
    "FromDate": ["", "2010-01-01"],
    "ToDate": ["", "", DAYS[0], DAYS[2], DAYS[4], "2030-01-01"],
    "InstitutionOwnerSorId": ["", *(guarded(valid_sor_id(n)) for n in (1, 2))],
    "InstitutionOwnerEntityName": ["", "A", "C"],
    "HealthInstitutionSorId": ["", *(guarded(valid_sor_id(n)) for n in (3, 4))],
    "HealthInstitutionEntityName": ["", "A", "C"],
    "SorType": ["IE", "SI", "OE", "OE"],
}
# What no fast road may be sure of, and what has no meaning.
ODD = {
    "EntityName": ["line\nfeed", 'say "it"', "", "a;b"],
    "SorType": ["XX", "oe"],
    "ToDate": ["24-11-2026", "never", "2020-01-01"],
    "ParentSorId": ["", guarded(valid_sor_id(99))],
    "SorId": ["", guarded(valid_sor_id(1))],
}


class _Held(LazyRegister):
    """A register in memory that is asked as one in a changelog is."""

    def state_changes_by(self, day: Day) -> Iterable[SorId]:
        return [i for i, unit in self.units.items() if unit.state(day) != unit.state(self.day)]


def _grow(dice: random.Random, sequence: int) -> Row:
    above = dice.randrange(1, sequence) if sequence > 1 else None
    kind = "IE" if above is None else "SI" if above == 1 else "OE"
    row = sor2(sequence, kind, "A", above)
    return row | {name: dice.choice(texts) for name, texts in CELLS.items() if name != "SorType"}


def _change(dice: random.Random, rows: list[Row], *, odd: bool) -> list[Row]:
    """Another night of the same rows: a few of them changed, gone, new, or elsewhere in the file."""
    for _ in range(dice.randrange(4)):
        place, way = dice.randrange(len(rows)), dice.randrange(8)
        if way < 4:
            name = dice.choice([*CELLS, "EanLocationCode", "EanLocationCode", "EanLocationCode"])
            rows[place] = rows[place] | {name: dice.choice(CELLS[name])}
        elif way == 4 and len(rows) > 1:
            rows.pop(place)
        elif way == 5:
            free = {valid_sor_id(n): n for n in IDS}
            taken = {row["SorId"] for row in rows}
            new = [n for sor_id, n in free.items() if guarded(sor_id) not in taken]
            rows += [_grow(dice, dice.choice(new))] if new else []
        elif way == 6:
            above = dice.choice(["", *(row["SorId"] for row in rows)])
            rows[place] = rows[place] | {"ParentSorId": above}
        else:
            dice.shuffle(rows)
    if odd:
        name = dice.choice([*ODD])
        rows.append(rows.pop() | {name: dice.choice(ODD[name])})
    return rows


def _write(dice: random.Random, rows: list[Row], *, odd: bool) -> bytes:
    content = write_sor2(rows)
    if odd and dice.random() < 0.3:
        content = content.replace(b"\r\n", b"\r\n\r\n", 2)
    return content[:-2] if odd and dice.random() < 0.1 else content


def _read(path: Path, day: str, index: RowIndex | None, held: _Held | None) -> Snapshot | str:
    known = KnownRows(rows=index, has_unit=held.units.__contains__) if index and held else None
    try:
        return read_snapshot(path, ReadOptions(snapshot_date=Day(day)), known)
    except SnapshotRefused as refused:
        return str([(problem.code, problem.line) for problem in refused.problems])


def _units_of(touched: Snapshot, held: _Held) -> dict[SorId, Unit]:
    """The whole night that follows from what was read of it."""
    filled = fill_touched_snapshot(touched, held).touched
    assert filled is not None
    assert filled.created == filled.read.keys() - held.units.keys()
    units = {**held.units, **filled.read}
    units = {i: unit for i, unit in units.items() if i not in filled.removed}
    assert filled.count == len(units)
    return units


def _entries(index: RowIndex) -> tuple[object, ...]:
    """What an index says, whatever the order of the rows in it."""
    said = [index.code_texts[place] for place in index.said]
    rows = zip(index.ids, index.list_digests(), index.parents, said, strict=True)
    return index.key, sorted(rows, key=str), {*index.mentioned}


def _hold(snapshot: Snapshot) -> _Held:
    return _Held(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3), st.booleans())
def test_both_roads_give_the_same_nights(
    dice: random.Random, odd_night: int, has_states: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _compare_roads(Path(folder) / "daily.csv", dice, odd_night, has_states=has_states)


def _add_state(dice: random.Random, rows: list[Row]) -> None:
    """A further state of some unit, somewhere in the file; now and then it follows at once."""
    row = dice.choice(rows)
    begins = dice.choice(DAYS)
    if dice.random() < 0.5:
        row["ToDate"] = str(date.fromisoformat(begins) - timedelta(days=1))
    if all((one["SorId"], one["FromDate"]) != (row["SorId"], begins) for one in rows):
        other = _grow(dice, 1) | {name: row[name] for name in ("SorId", "SorType", "ParentSorId")}
        rows.insert(dice.randrange(len(rows) + 1), other | {"FromDate": begins})


def _compare_roads(path: Path, dice: random.Random, odd_night: int, *, has_states: bool) -> None:
    rows = [_grow(dice, sequence) for sequence in range(1, dice.randrange(3, 10))]
    if has_states:
        rows = [row | {"FromDate": "2010-01-01"} for row in rows]
        for _ in range(3):
            _add_state(dice, rows)
    path.write_bytes(write_sor2(rows))
    first = _read(path, DAYS[0], None, None)
    if isinstance(first, str) or not isinstance(first.index, RowIndex):
        return
    held, index = _hold(first), first.index
    for number, day in enumerate(sorted(dice.choices(DAYS[1:], k=3))):
        odd = number == odd_night
        rows = _change(dice, rows, odd=odd)
        if has_states and dice.random() < 0.5:
            _add_state(dice, rows)
        path.write_bytes(_write(dice, rows, odd=odd))
        whole, touched = _read(path, day, None, held), _read(path, day, index, held)
        if isinstance(whole, str) or isinstance(touched, str):
            assert whole == touched
            return
        assert touched.header == whole.header
        if touched.header.version != first.header.version:
            return
        filled = fill_snapshot(whole, held)
        assert isinstance(whole.index, RowIndex)
        assert isinstance(touched.index, RowIndex)
        assert _entries(touched.index) == _entries(whole.index)
        if touched.touched is not None:
            assert _units_of(touched, held) == filled.units
            assert fill_touched_snapshot(touched, held).lists == filled.lists
        held, index = _hold(filled), touched.index


def test_only_new_rows_and_what_stands_below_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "daily.csv"
    path.write_bytes(write_sor2(hospital()))
    first = _read(path, DAYS[0], None, None)
    assert isinstance(first, Snapshot)
    assert isinstance(first.index, RowIndex)
    rows = hospital(EntityName="Nyt afsnit")
    path.write_bytes(write_sor2([rows[0], *reversed(rows[1:])]))
    night = _read(path, DAYS[1], first.index, _hold(first))
    assert isinstance(night, Snapshot)
    assert night.touched is not None
    assert [*night.touched.read] == [valid_sor_id(3)]
    rows = hospital(street="Nygade")
    path.write_bytes(write_sor2([rows[0], rows[1], *hospital()[2:]]))
    night = _read(path, DAYS[1], first.index, _hold(first))
    assert isinstance(night, Snapshot)
    assert night.touched is not None
    assert [*night.touched.read] == [valid_sor_id(n) for n in (2, 3, 4)]


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_both_roads_tell_the_same_of_two_files(
    dice: random.Random, odd: bool, has_worker: bool
) -> None:
    least = 0 if has_worker else second_part._MIN_SIZE_FOR_WORKER
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(second_part, "_MIN_SIZE_FOR_WORKER", least)
        old, new = Path(folder) / "old.csv", Path(folder) / "new.csv"
        rows = [_grow(dice, sequence) for sequence in range(1, dice.randrange(3, 10))]
        old.write_bytes(_write(dice, rows, odd=odd))
        new.write_bytes(_write(dice, _change(dice, rows, odd=odd), odd=odd))
        days = sorted(dice.choices(DAYS, k=2))
        assert _tell(old, new, days, plain=False) == _tell(old, new, days, plain=True)


def _tell(old: Path, new: Path, days: list[str], *, plain: bool) -> object:
    paths = [
        path.with_name(f"{path.name}@{day}") for path, day in zip((old, new), days, strict=True)
    ]
    how = ReadOptions(plain=plain)
    try:
        return compare_files(paths[0], paths[1], Settings(), _list_told, how)
    except SordiffError as error:
        return str(error)


def _list_told(found: Comparison) -> object:
    return found.events, found.adoptions, found.alerts, found.warnings


def test_a_quoted_row_is_split_as_csv_splits_it(tmp_path: Path) -> None:
    names = ["A;B", 'say "x"', '"=""1"""', '="1"', "", '"', "æ"]
    rows = [sor2(number, "IE", name) for number, name in enumerate(names, 1)]
    path = tmp_path / "daily.csv"
    path.write_bytes(write_sor2(rows).replace("æ".encode(), b'"\xc3\xa6"'))
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        table = TableFile(content, path.name, {})
        groups = [(index,) for index in range(table.columns.width)]
        split = [
            [strip_guard(cell.decode().rstrip("\r")) for cell in row]
            for block in ColumnBlocks(table, content, groups)
            for row in zip(*block.columns, strict=True)
        ]
        assert split == [[strip_guard(cell) for cell in row.cells] for row in table.read_rows()]
