"""Units that stay in a file: the same units, whoever reads them, and wherever no file can be written."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff import spooled_units, worker_process
from sordiff.coverage.counts import count_coverage
from sordiff.findings import (
    find_number_findings,
    find_own_findings,
    find_placed_findings,
    find_provider_number_findings,
)
from sordiff.model import Day, Unit
from sordiff.service.ingest import first_night
from sordiff.service.ingest.first_night import assess, assess_beside
from sordiff.service.ingest.quality import find_turns, index_findings
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.snapshot import ReadOptions, Snapshot, read_snapshot
from sordiff.spooled_units import SpooledUnits, UnitSpool
from sordiff.unit_records import KeptUnit, decode_unit
from tests.full_disk import no_file_larger_than
from tests.laws.pairs import files
from tests.making import tables
from tests.making.growing import random_register
from tests.making.plain import PlainRegister
from tests.making.strategies import registers
from tests.roads.roads import plainly

if TYPE_CHECKING:
    from collections.abc import Callable

# Of the first only what the fast road is sure of is in it.
_KINDS = ("ordinary XML", "XML", "sor2-complete", "sor-csv")
_PARTS_OF_A_KEPT_UNIT = {"record", "address"}


def _write(folder: Path, kind: str, register: PlainRegister) -> Path:
    path = folder / "night"
    if kind == "sor-csv":
        told = tables.plainest(tables.latin_only(register), old=True)
        path.write_bytes(tables.write_old(tables.old_rows(told)))
    elif kind == "sor2-complete":
        told = tables.plainest(register)
        path.write_bytes(tables.write_complete(tables.sor2_rows(told)))
    else:
        told = register if kind == "XML" else plainly(register)
        path.write_bytes(files(told, 2)[0])
    return path


def _read(folder: Path, kind: str, register: PlainRegister, *, in_file: bool) -> Snapshot:
    day = None if kind.endswith("XML") else Day(register.snapshot_date)
    options = ReadOptions(snapshot_date=day, units_in_file=in_file)
    return read_snapshot(_write(folder, kind, register), options)


@settings(max_examples=40, deadline=None)
@given(registers(), st.sampled_from(_KINDS))
def test_a_snapshot_says_the_same_whether_its_units_stay_in_a_file(
    register: PlainRegister, kind: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = _read(Path(folder), kind, register, in_file=False)
        spooled = _read(Path(folder), kind, register, in_file=True)
        assert isinstance(spooled.units, SpooledUnits) or kind == "XML"
        assert dict(spooled.units) == dict(whole.units)
        assert [*spooled.units] == [*whole.units]
        assert msgspec.structs.replace(spooled, units={}, lines={}) == msgspec.structs.replace(
            whole, units={}, lines={}
        )


@settings(max_examples=40, deadline=None)
@given(registers())
def test_a_first_night_is_assessed_as_by_every_rule_for_itself(register: PlainRegister) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = build_register(_read(Path(folder), "ordinary XML", register, in_file=True))
        assessment = assess(found)
        alone = build_register(_read(Path(folder), "ordinary XML", register, in_file=False))
        units = [*alone.units.values()]
        carried = {unit.provider_number for unit in units if unit.provider_number is not None}
        by_rules = [
            *find_own_findings(units),
            *find_placed_findings(alone, units),
            *find_number_findings(alone, alone.numbers()),
            *find_provider_number_findings(alone, carried),
        ]
        findings = index_findings(sorted(by_rules))
        assert assessment.quality.turns == tuple(find_turns(None, findings))
        assert assessment.quality.standing == len(findings)
        assert assessment.open_units == alone.count_open()
        assert assessment.coverage == count_coverage(units)
        # What was looked at is known from then on.
        assert {n: found.owners_of(n) for n in found.numbers()} == {
            n: alone.owners_of(n) for n in alone.numbers()
        }


def _spool(units: list[Unit]) -> SpooledUnits:
    spool = UnitSpool()
    for unit in units:
        spool.add(unit)
    return spool.finish()


def _some_units(tmp_path: Path) -> list[Unit]:
    return [*read_snapshot(_write(tmp_path, "XML", _register())).units.values()]


def _register() -> PlainRegister:
    return random_register(random.Random(5), units=60)


def test_units_are_told_one_by_one_as_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spooled_units, "_AT_HAND", 7)
    units = _some_units(tmp_path)
    spooled = _spool(units)
    assert len(spooled.values()) == len(units) > 7
    for number, unit in enumerate(spooled.values()):
        assert unit == units[number]
        assert spooled[units[-number].sor_id] == units[-number]
        assert spooled[unit.sor_id] == unit
    assert [*spooled.values()] == units


def test_a_kept_unit_says_what_the_unit_says(tmp_path: Path) -> None:
    units = _some_units(tmp_path)
    spooled = _spool(units)
    kept = [*spooled.iterate_kept(unit.sor_id for unit in units)]
    names = {field.name for field in msgspec.structs.fields(KeptUnit)} - _PARTS_OF_A_KEPT_UNIT
    for unit, one in zip(units, kept, strict=True):
        assert {name: getattr(one, name) for name in names} == {
            name: getattr(unit, name) for name in names
        }
        assert one.number == unit.number
        assert (one.address and one.address.postal) == (unit.address and unit.address.postal)
        assert decode_unit(one.record) == unit


def _in_no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))


def _on_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pass


@pytest.mark.parametrize("spoil", [_in_no_folder, _on_a_full_disk])
def test_where_no_file_can_be_written_units_stay_in_memory(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[pytest.MonkeyPatch, Path], None],
) -> None:
    units = _some_units(tmp_path)
    monkeypatch.setattr(
        "sordiff.spooled_units._PIECE", 2_000
    )  # several pieces, the first of them fit
    spoil(monkeypatch, tmp_path)
    with no_file_larger_than(5_000):
        spooled = _spool(units)
    assert [*spooled.values()] == units


def test_a_unit_that_is_not_there_is_not_there(tmp_path: Path) -> None:
    units = _some_units(tmp_path)
    spooled = _spool(units[1:])
    assert units[0].sor_id not in spooled
    assert spooled.get(units[0].sor_id) is None
    with pytest.raises(KeyError):
        spooled[units[0].sor_id]
    assert len(spooled) == len(units) - 1
    assert len(_spool([])) == 0


@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_assesses_as_this_process_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    register = build_register(_read(tmp_path, "ordinary XML", _register(), in_file=True))
    alone = assess(register)
    assert alone.quality.standing > 0
    monkeypatch.setattr(first_night, "_FEWEST_FOR_WORKER", 1)
    monkeypatch.setattr(worker_process, "has_second_core", lambda: True)
    here = os.getpid()
    assessed_by: list[int] = []

    def assess_or_fail(_: object) -> object:
        assessed_by.append(os.getpid())
        if fails and os.getpid() != here:
            raise MemoryError
        return alone

    monkeypatch.setattr(first_night, "assess", assess_or_fail)
    with assess_beside(register) as wait:
        assert wait() == alone
    # What the worker noted is in its own memory.
    assert assessed_by == ([here] if fails else [])
