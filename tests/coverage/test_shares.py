"""Just enough and just too few: twenty units, half of them, kinds, purges, and what comes and goes little by little."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from sordiff.alerts import Alert
from sordiff.anomalies.coverage import find_coverage_alerts
from sordiff.anomalies.coverage_rules import CoverageRules
from sordiff.coverage.counts import CoverageTurns, Untouched, count_coverage
from sordiff.coverage.losses import find_losses
from sordiff.diff import Changeset
from sordiff.model import Kind, SorId, Unit
from sordiff.service.ingest.compare import Comparison, compare_files
from sordiff.settings import Settings
from sordiff.snapshot import PLACES, ReadOptions
from tests.coverage.nights import full_unit, register
from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.plain import PlainRegister, PlainUnit, walk
from tests.making.xml import write_snapshot


def _alerts(
    folder: Path, old: PlainRegister, new: PlainRegister, *, plain: bool = False
) -> dict[tuple[str, str | None], Alert]:
    files = _written(folder, old, new)
    found = compare_files(*files, Settings(), _itself, ReadOptions(plain=plain))
    return {(a.code, a.subject): a for a in found.alerts if a.code.startswith("coverage.")}


def _written(folder: Path, old: PlainRegister, new: PlainRegister) -> tuple[Path, Path]:
    files = folder / "old.xml", folder / "new.xml"
    for file, night in zip(files, (old, new), strict=True):
        file.write_bytes(write_snapshot(night))
    return files


def _itself(found: Comparison) -> Comparison:
    return found


def _with_shak(count: int, *, day: str, institutions: int = 58) -> PlainRegister:
    """A register in which so many of the institutions have a SHAK code, and no other unit."""
    night = register(day, institutions)
    night.units[0].shak = None
    for unit in night.units[0].children[count:]:
        unit.shak = None
    return night


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "is_lost"),
    [
        (20, 10, True),
        (20, 11, False),
        (19, 0, False),
        (40, 20, True),
        (40, 21, False),
        (20, 0, True),
    ],
)
def test_twenty_units_and_half_of_them(
    tmp_path: Path, before: int, after: int, is_lost: bool, plain: bool
) -> None:
    old = _with_shak(before, day="2024-05-02")
    new = _with_shak(after, day="2024-05-03")
    found = _alerts(tmp_path, old, new, plain=plain)
    assert list(found) == ([("coverage.lost", "shak")] if is_lost else [])
    if is_lost:
        alert = found["coverage.lost", "shak"]
        assert (alert.saw, alert.limit, alert.severity) == (after, before / 2, "critical")


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize(
    ("units", "after", "is_gained"), [(40, 20, True), (41, 20, False), (30, 19, False)]
)
def test_a_field_that_comes(
    tmp_path: Path, units: int, after: int, is_gained: bool, plain: bool
) -> None:
    old = _with_shak(0, day="2024-05-02", institutions=units)
    new = _with_shak(after, day="2024-05-03", institutions=units)
    found = _alerts(tmp_path, old, new, plain=plain)
    assert list(found) == ([("coverage.gained", "shak")] if is_gained else [])
    if is_gained:
        alert = found["coverage.gained", "shak"]
        assert (alert.saw, alert.severity) == (after, "warning")
        assert "20 of 40 institutions came to carry shak" in alert.message


def test_one_kind_alone(tmp_path: Path) -> None:
    old, new = register(), register("2024-05-03")
    for night in (old, new):
        night.units[0].children[0].children = [
            full_unit(index, "organizational_unit") for index in range(200, 300)
        ]
    for unit in new.units[0].children:
        unit.unit_type = None
    [alert] = _alerts(tmp_path, old, new).values()
    assert alert.message.startswith("58 institutions carried unit_type on 2024-05-02, and 0 of")


def test_units_that_are_gone_lost_nothing(tmp_path: Path) -> None:
    # A purge: every unit with a SHAK code is removed, and 18 that have one stay.
    old, new = _with_shak(48, day="2024-05-02"), _with_shak(48, day="2024-05-03")
    del new.units[0].children[18:48]
    assert _alerts(tmp_path, old, new) == {}


def test_a_block_is_told_once(tmp_path: Path) -> None:
    old, new = register(), register("2024-05-03")
    for unit in walk(new):
        unit.contact = None
    assert [subject for _, subject in _alerts(tmp_path, old, new)] == ["contact"]
    for unit in walk(new):
        unit.contact = full_unit(1, "owner").contact
        assert unit.contact is not None
        unit.contact.phone = None
    assert [subject for _, subject in _alerts(tmp_path, old, new)] == ["contact/phone"]


def test_a_mark_and_the_type_of_specialities_are_fields(tmp_path: Path) -> None:
    old, new = register(), register("2024-05-03")
    for night in (old, new):
        for unit in night.units[0].children:
            unit.location_number, unit.location_number_inherited = None, True
    for unit in new.units[0].children:
        unit.location_number_inherited = False
        unit.specialities = [(code, None) for code, _ in unit.specialities]
    assert {subject for _, subject in _alerts(tmp_path, old, new)} == {
        "location_number_inherited",
        "specialities/type",
    }


def test_what_goes_little_by_little_holds_nothing(tmp_path: Path) -> None:
    left = 58
    night = _with_shak(left, day="2024-05-01")
    for day in range(2, 12):
        left = left * 2 // 3
        after = _with_shak(left, day=f"2024-05-{day:02}")
        assert _alerts(tmp_path, night, after) == {}
        night = after
    assert left < 2


def test_what_comes_little_by_little_warns_of_nothing(tmp_path: Path) -> None:
    night = _with_shak(0, day="2024-05-01")
    for day in range(2, 7):
        after = _with_shak(15 * (day - 1), day=f"2024-05-{day:02}")
        assert _alerts(tmp_path, night, after) == {}
        night = after


def _spoiled(night: PlainRegister, dice: random.Random) -> PlainRegister:
    """One field taken from most of the units that have it."""
    name = dice.choice(("shak", "unit_type", "to", "contact", "postal", "provider_number", "from_"))
    share = dice.choice((0.2, 0.5, 0.6, 1.0))
    for unit in walk(night):
        if dice.random() < share:
            _take(unit, name)
    return night


def _take(unit: PlainUnit, name: str) -> None:
    setattr(unit, name, None)


@pytest.mark.parametrize("seed", range(12))
def test_counted_unit_by_unit_it_is_the_same_as_by_the_last_coverage(
    tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    old = random_register(dice, units=150)
    new = _spoiled(random_night(dice, old), dice)
    files = _written(tmp_path, old, new)
    rules = CoverageRules(least=5)

    def alerts(found: Comparison) -> tuple[list[Alert], list[Alert]]:
        changes: Changeset = found.changes
        by_unit = list(find_coverage_alerts(changes, None, rules, PLACES))
        reference = count_coverage(changes.old.units.values())
        return by_unit, list(find_coverage_alerts(changes, reference, rules, PLACES))

    by_unit, by_reference = compare_files(*files, Settings(), alerts)
    assert by_unit == by_reference
    assert compare_files(*files, Settings(), alerts, ReadOptions(plain=True))[0] == by_unit


def test_an_ordinary_night_looks_at_few_of_the_untouched_units() -> None:
    # There is one owner alone: to find more of them, all the units would have to be read.
    looked: list[Unit] = []

    def units() -> Iterator[Unit]:
        for index in range(1_000):
            kind = Kind.OWNER if index == 0 else Kind.INSTITUTION
            looked.append(Unit(sor_id=SorId(str(index)), kind=kind, shak="1"))
            yield looked[-1]

    night = CoverageTurns(
        lost=Counter({("shak", Kind.INSTITUTION): 30}), gained=Counter(), kept=Counter()
    )
    assert find_losses(night, Untouched(Counter(), units()), 20, 0.5) == []
    assert len(looked) <= 32
