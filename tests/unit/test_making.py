"""The test maker itself: its numbers pass their checks, its XML parses, and every kind of change does occur."""

from __future__ import annotations

import copy
import random
import zipfile
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, find, given, settings
from stdnum import ean, verhoeff
from stdnum.dk import cvr

from tests.making import elements, strategies
from tests.making.growing import DEEPEST, depth, lists
from tests.making.nights import CHANGES, random_night, random_register, to_version_shared
from tests.making.plain import (
    PlainRegister,
    PlainUnit,
    copy_register,
    fold,
    parents,
    valid_cvr,
    valid_gln,
    valid_sor_id,
    walk,
)
from tests.making.xml import Layout, random_layout, write_data_types, write_snapshot, write_zip

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 2_000
Canonical = tuple[str, str, tuple[tuple[str, str], ...], tuple["Canonical", ...]]


def canonical(element: ET.Element) -> Canonical:
    """An element as a value that doesn't know the order of its children."""
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    children = sorted((canonical(child) for child in element), key=repr)
    return element.tag, fold(text) or "", tuple(sorted(element.attrib.items())), tuple(children)


def test_numbers_pass_their_checks() -> None:
    for n in range(1_000):
        sor_id, gln = valid_sor_id(n + 1), valid_gln(n)
        assert verhoeff.is_valid(sor_id)
        assert sor_id[-10:-1] == "100001600"
        assert ean.is_valid(gln)
        assert len(gln) == len("5790000000000")
        assert cvr.is_valid(valid_cvr(n))
    assert len({valid_cvr(n) for n in range(1_000)}) == 1_000


@pytest.mark.parametrize("version", [1, 2, 3])
def test_every_layout_says_the_same(version: elements.Version) -> None:
    for seed in range(60):
        rng = random.Random(seed)
        register = random_register(rng, units=15)
        layout = replace(random_layout(rng), wrapper=None, no_number="false", digits=False, zone="")
        plain = ET.fromstring(write_snapshot(register, version=version))
        written = write_snapshot(register, version=version, layout=layout)
        assert written == write_snapshot(register, version=version, layout=layout)
        assert canonical(ET.fromstring(written)) == canonical(plain)
        assert plain.tag == f"{{{elements.DEFAULT[version]}}}SorTree"


def test_the_tree_is_what_the_register_says() -> None:
    register = random_register(random.Random(1), units=60)
    root = ET.fromstring(write_snapshot(register))
    records = [
        record.findtext(f"{{{elements.V1}}}SorIdentifier")
        for record in root.iter()
        if record.tag.rpartition("}")[2] in elements.RECORDS.values()
        and elements.DEFAULT[2] in record.tag
    ]
    assert records == [unit.sor_id for unit in walk(register)]


def test_version_1_and_2_hold_the_same_shared_part() -> None:
    register = to_version_shared(random_register(random.Random(3), units=60))
    first, second = (ET.fromstring(write_snapshot(register, version=version)) for version in (1, 2))
    assert sorted(filter(None, map(fold, first.itertext()))) == sorted(
        filter(None, map(fold, second.itertext()))
    )


def check_register(register: PlainRegister) -> None:
    """A register is well formed: unique ids, kinds that fit their places, no level too deep."""
    above = parents(register)
    assert register.units
    assert len(above) == len(list(walk(register)))
    for unit in walk(register):
        parent = above[unit.sor_id]
        assert (unit.kind == "owner") == (parent is None)
        assert (unit.kind == "institution") == (parent is not None and parent.kind == "owner")
        assert depth(unit, above) <= DEEPEST
    for codes in register.lists or ():
        assert len({entry.code for entry in codes.entries}) == len(codes.entries) > 1


def states(unit: PlainUnit, day: str) -> tuple[bool, bool]:
    """Closed, future."""
    return (fold(unit.to) or "9999") < day, (fold(unit.first_from) or "") > day


def observed(old: PlainRegister, new: PlainRegister) -> set[str]:
    """What an onlooker sees that no single change promises: the passing of dates, and owners of numbers."""
    seen = set()
    before, after = ({unit.sor_id: unit for unit in walk(register)} for register in (old, new))
    for sor_id in before.keys() & after.keys():
        was, now = (
            states(before[sor_id], old.snapshot_date),
            states(after[sor_id], new.snapshot_date),
        )
        same = (
            before[sor_id].to == after[sor_id].to
            and before[sor_id].first_from == after[sor_id].first_from
        )
        if was != now:
            seen.add(f"state {was} to {now}{' by date alone' if same else ''}")
        block = before[sor_id].location_number
        same = block == after[sor_id].location_number
        if block and same and old.snapshot_date <= (block.to or "") < new.snapshot_date:
            seen.add("number closed by date alone")
    for number in (valid_gln(n) for n in range(1, 8)):
        had, has = (
            {
                sor_id
                for sor_id, unit in units.items()
                if unit.location_number and unit.location_number.number == number
            }
            for units in (before, after)
        )
        if had != has:
            seen.add(f"owners {min(len(had), 2)} to {min(len(has), 2)}")
    if (old.units, old.lists) == (new.units, new.lists):
        seen.add("nothing")
    return seen


def test_every_kind_of_change_occurs() -> None:
    made: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    rng = random.Random(2024)
    for number in range(NIGHTS):
        if number % 20 == 0:
            register = random_register(rng, units=rng.randint(1, 40))
        night = random_night(rng, register)
        check_register(night)
        assert (night.snapshot_date, night.created_at) > (
            register.snapshot_date,
            register.created_at,
        )
        made.update(night.made)
        seen.update(observed(register, night))
        register = night
    assert set(CHANGES) == set(made)
    assert min(made.values()) >= 5, made
    open_, closed, future = (False, False), (True, False), (False, True)
    for was, now in ((open_, closed), (future, open_)):
        assert seen[f"state {was} to {now} by date alone"] >= 20, seen
        assert seen[f"state {was} to {now}"] >= 5, seen
    assert seen[f"state {closed} to {open_}"] >= 5, seen
    assert seen["number closed by date alone"] >= 5, seen
    for owners in ("0 to 1", "0 to 2", "1 to 0", "1 to 1", "1 to 2", "2 to 0", "2 to 1", "2 to 2"):
        assert seen[f"owners {owners}"] >= 3, seen
    assert seen["nothing"] >= 20, seen


def test_a_night_leaves_the_old_register_untouched() -> None:
    rng = random.Random(5)
    register = random_register(rng, units=30)
    frozen = copy.deepcopy(register)
    assert copy_register(register) == frozen
    for _ in range(200):
        random_night(rng, register, intensity=8)
        assert register == frozen
        assert register.graveyard == frozen.graveyard


def test_zip_and_data_types(tmp_path: Path) -> None:
    types = write_data_types(lists(), as_attributes=True)
    path = write_zip(tmp_path / "Sor.zip", b"<SorTree/>", types)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["Sor.xml", "SorDataTypes.xml"]
        assert archive.read("SorDataTypes.xml") == types
    entries = ET.fromstring(write_data_types(lists())).findall(".//{*}EntityType")
    assert entries[0].findtext("{*}EntityTypeIdentifier") == "71001"
    assert ET.fromstring(types).findall(".//*[@EntityTypeIdentifier='71001'][@EntityTypeName]")


@given(strategies.chains(3), strategies.layouts())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_drawn_chains_are_well_formed(chain: list[PlainRegister], layout: Layout) -> None:
    for register in chain:
        check_register(register)
        ET.fromstring(write_snapshot(register, layout=layout))


def test_shrinking_leaves_what_matters() -> None:
    old, new = find(
        strategies.nights(max_units=4, intensity=2, groups=("tree",)),
        lambda pair: any(unit.sor_id not in parents(pair[1]) for unit in walk(pair[0])),
        settings=settings(max_examples=2_000, database=None, derandomize=True),
    )
    assert len(list(walk(old))) == 2
    assert new.made in (["remove"], ["remove_alone"])
