"""The laws of the CSV files: they say the same as the XML of the same night, in what they can say."""

import random
import tempfile
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import compress
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sordiff.fields import Flat, flatten_unit
from sordiff.model import Day, SorId
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, read_snapshot
from tests.laws.pairs import files
from tests.making import tables
from tests.making.plain import ADDRESSES, PlainRegister, PlainUnit, parents, walk
from tests.making.strategies import nights, registers
from tests.making.xml import write_zip

LONG = settings(max_examples=60, deadline=None)
NIGHTS = nights(groups=("dates", "fields", "tree", "numbers"))
TABLES = ("sor2-daily", "sor2-complete", "sor-csv")


def _written(
    folder: Path, kind: str, register: PlainRegister, without: AbstractSet[str] = frozenset()
) -> Path:
    """The night as a file of that kind, to be read for its day; `without`: the units that have no row in it."""
    kept = [unit.sor_id not in without for unit in walk(register)]
    if kind == "sor-csv":
        content = tables.write_old([*compress(tables.old_rows(register), kept)])
    else:
        rows = [*compress(tables.sor2_rows(register), kept)]
        if kind == "sor2-daily":
            content = tables.write_sor2(tables.still_open(register, rows))
        else:
            content = tables.write_complete(rows)
    path = folder / f"{register.created_at.replace(':', '')}.table"
    path.write_bytes(content)
    return path


def _read(kind: str, register: PlainRegister, *, plain: bool = False) -> Snapshot:
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder), kind, register)
        day = Day(register.snapshot_date)
        return read_snapshot(path, ReadOptions(snapshot_date=day, plain=plain))


def _xml(register: PlainRegister) -> Snapshot:
    with tempfile.TemporaryDirectory() as folder:
        xml, data_types = files(register, 2)
        return read_snapshot(write_zip(Path(folder) / "Sor.zip", xml, data_types))


def _told(register: PlainRegister, kind: str) -> PlainRegister:
    if kind == "sor-csv":
        return tables.plainest(tables.latin_only(register), old=True)
    told = tables.plainest(register)
    return tables.without_closed(told) if kind == "sor2-daily" else told


def _flat(snapshot: Snapshot) -> dict[str, Flat]:
    return {sor_id: flatten_unit(unit) for sor_id, unit in sorted(snapshot.units.items())}


@LONG
@given(registers(), st.sampled_from(TABLES), st.booleans())
def test_a_table_has_the_units_of_the_xml(register: PlainRegister, kind: str, plain: bool) -> None:
    told = _told(register, kind)
    assume(told.units)
    assert _flat(_read(kind, told, plain=plain)) == _flat(_xml(told))


def _events(comparison: Comparison, left_out: set[str]) -> list[tuple[str, str]]:
    """Type and subject of each event but those of lists, which a table lifts from its rows."""
    return [
        (event.type.name, event.subject)
        for event in comparison.events
        if not event.type.name.startswith("classification.") and event.subject not in left_out
    ]


def come_to_say_the_same(old: PlainRegister, new: PlainRegister) -> set[str]:
    """The units that had a block of their own, until those above said the same: no table tells it."""
    before, after = tables.reaching(old), tables.reaching(new)
    owning = {unit.sor_id: unit for unit in walk(old)}
    return {
        unit.sor_id
        for unit in walk(new)
        if unit.sor_id in before
        and any(
            getattr(owning[unit.sor_id], name) is not None
            and getattr(unit, name) is None
            and getattr(before[unit.sor_id], name) == getattr(after[unit.sor_id], name)
            for name in (*ADDRESSES, "contact")
        )
    }


def _of_other_words(old: PlainRegister, new: PlainRegister) -> set[str]:
    """The units with another type or speciality: in sor.csv that may be a new text of the old one."""
    before = {unit.sor_id: (unit.unit_type, unit.specialities) for unit in walk(old)}
    return {
        unit.sor_id
        for unit in walk(new)
        if before.get(unit.sor_id) not in (None, (unit.unit_type, unit.specialities))
    }


def _with_days(paths: list[Path], pair: list[PlainRegister]) -> tuple[Path, Path]:
    before, after = (
        path.with_name(f"{path.name}@{night.snapshot_date}") if path.suffix == ".table" else path
        for path, night in zip(paths, pair, strict=True)
    )
    return before, after


def _compared(paths: list[Path], pair: list[PlainRegister]) -> Comparison:
    return compare_files(*_with_days(paths, pair), Settings(), lambda found: found)


@LONG
@given(NIGHTS, st.sampled_from(TABLES[1:]))
def test_over_a_night_a_table_tells_the_events_of_the_xml(
    pair: tuple[PlainRegister, PlainRegister], kind: str
) -> None:
    told = [_told(night, kind) for night in pair]
    old, new = told
    assume(old.units and new.units and old.snapshot_date < new.snapshot_date)
    with tempfile.TemporaryDirectory() as folder:
        tabled = _compared([_written(Path(folder), kind, night) for night in told], told)
        xml = [
            write_zip(Path(folder) / f"{place}.zip", *files(night, 2))
            for place, night in enumerate(told)
        ]
        left_out = come_to_say_the_same(old, new)
        if kind == "sor-csv":
            left_out |= _of_other_words(old, new)
        assert _events(tabled, left_out) == _events(_compared(xml, told), left_out)


def _list_quiet_parents(old: PlainRegister, new: PlainRegister) -> list[str]:
    """The units with others below them that are as they were, and below which nothing has another value from above."""
    before, after = tables.reaching(old), tables.reaching(new)
    was = {unit.sor_id: replace(unit, children=[]) for unit in walk(old)}
    above = [parents(old), parents(new)]

    def is_where_it_was(unit: PlainUnit) -> bool:
        stood, stands = (known.get(unit.sor_id) for known in above)
        return unit.sor_id in was and (stood and stood.sor_id) == (stands and stands.sor_id)

    def reaches_alike(unit: PlainUnit) -> bool:
        one, other = before[unit.sor_id], after[unit.sor_id]
        blocks = [(each.number, each.is_own, each.postal, each.contact) for each in (one, other)]
        return blocks[0] == blocks[1]

    return [
        unit.sor_id
        for unit in walk(new)
        if unit.children
        and is_where_it_was(unit)
        and replace(unit, children=[]) == was[unit.sor_id]
        and all(is_where_it_was(child) and reaches_alike(child) for child in unit.children)
    ]


@LONG
@given(NIGHTS, st.sampled_from(TABLES), st.randoms(use_true_random=False))
def test_a_parent_that_has_no_row_any_more_changes_no_event(
    pair: tuple[PlainRegister, PlainRegister], kind: str, rng: random.Random
) -> None:
    told = [_told(night, kind) for night in pair]
    old, new = told
    assume(old.units and new.units and old.snapshot_date < new.snapshot_date)
    without = {sor_id for sor_id in _list_quiet_parents(old, new) if rng.random() < 0.7}
    assume(without)
    left_out = _of_other_words(old, new) if kind == "sor-csv" else set()
    with tempfile.TemporaryDirectory() as folder:
        before = _written(Path(folder), kind, old)
        expected = _events(_compared([before, _written(Path(folder), kind, new)], told), left_out)
        found = _compared([before, _written(Path(folder), kind, new, without)], told)
        assert _events(found, left_out) == expected


@LONG
@given(NIGHTS, st.sampled_from(TABLES), st.randoms(use_true_random=False))
def test_the_number_in_a_row_reaches_its_unit(
    pair: tuple[PlainRegister, PlainRegister], kind: str, rng: random.Random
) -> None:
    """Whichever units above it have no row on either night."""
    told = [_told(night, kind) for night in pair]
    old, new = told
    assume(old.units and new.units and old.snapshot_date < new.snapshot_date)
    without = [
        {unit.sor_id for unit in walk(night) if unit.children and rng.random() < 0.4}
        for night in told
    ]
    rows = [SorId(unit.sor_id) for unit in walk(new) if unit.sor_id not in without[1]]
    assume(rows and any(unit.sor_id not in without[0] for unit in walk(old)))

    def read_numbers(comparison: Comparison) -> dict[str, str | None]:
        register = comparison.changes.new
        return {sor_id: register.effective_number(register.units[sor_id]) for sor_id in rows}

    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(Path(folder), kind, *each) for each in zip(told, without, strict=True)]
        found = compare_files(*_with_days(paths, told), Settings(), read_numbers)
    reached = tables.reaching(new)
    assert found == {sor_id: reached[sor_id].number for sor_id in rows}
