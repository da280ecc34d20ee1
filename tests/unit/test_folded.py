"""The units of a fold: what an event tells that is so already leaves a unit as it was given."""

from __future__ import annotations

from msgspec.structs import replace

from sordiff.model import Gln, Kind, LocationNumber, SorId, Unit
from sordiff.replay.folded import FoldedUnits
from tests.making.plain import valid_gln
from tests.unit.small import IDS

NUMBER = LocationNumber(number=Gln(valid_gln(7)), system="17")
OWNING = Unit(sor_id=SorId(IDS[0]), kind=Kind.OWNER, name="Ejer", location_number=NUMBER)


def test_a_unit_has_the_number_with_which_it_was_given() -> None:
    units = FoldedUnits([OWNING])
    assert units.has_number(OWNING.sor_id, replace(NUMBER))
    assert units.is_still(OWNING.sor_id, OWNING)


def test_it_has_no_other_block_of_that_number() -> None:
    units = FoldedUnits([OWNING])
    assert not units.has_number(OWNING.sor_id, replace(NUMBER, system="18"))
    assert not units.has_number(OWNING.sor_id, replace(NUMBER, other={"{u}A": "1"}))


def test_a_unit_without_a_number_has_none() -> None:
    units = FoldedUnits([replace(OWNING, location_number=None)])
    assert not units.has_number(OWNING.sor_id, NUMBER)


def test_nothing_is_said_of_a_unit_that_an_event_changed() -> None:
    units = FoldedUnits([OWNING])
    del units[OWNING.sor_id]["location_number/number"]
    assert not units.has_number(OWNING.sor_id, NUMBER)
