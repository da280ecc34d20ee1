"""The units that a report tells of: those that it names, and all above them."""

from __future__ import annotations

from sordiff.model import SorId
from sordiff.report import UnitEntry
from sordiff.report.referenced_units import add_units_above
from tests.report.changes import table

UNITS = table(Z_privat=["5", "2"], A_offentlig=["9"])


def test_they_come_with_all_above_them_in_the_order_of_their_ids() -> None:
    found = add_units_above(UNITS, [SorId("5"), SorId("9")])
    assert list(found) == ["5", "9", "A", "Z"]
    assert found == {sor_id: UNITS[sor_id] for sor_id in found}


def test_what_the_table_does_not_know_is_left_out() -> None:
    orphan = UnitEntry(name="Q", parent=SorId("gone"))
    found = add_units_above({**UNITS, SorId("7"): orphan}, [SorId("7"), SorId("unknown")])
    assert found == {"7": orphan}


def test_a_circle_ends() -> None:
    ring = {SorId("1"): UnitEntry(parent=SorId("2")), SorId("2"): UnitEntry(parent=SorId("1"))}
    assert add_units_above(ring, [SorId("1")]) == ring
