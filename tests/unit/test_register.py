"""Questions to the tree that the laws ask too rarely."""

import pytest

from sordiff.model import (
    Address,
    Day,
    Gln,
    Kind,
    LocationNumber,
    PostalAddress,
    SorId,
    Speciality,
    Unit,
    find_next_day,
)
from sordiff.register import Register, list_codes
from sordiff.snapshot.format.text import parse_instant

FULL = Unit(
    sor_id=SorId("1"),
    kind=Kind.OWNER,
    unit_type="t",
    specialities=(Speciality(code="s"), Speciality(code="z", type="main")),
    location_number=LocationNumber(number=Gln("5790000000005"), system="y", network="n"),
    address=Address(
        postal=PostalAddress(municipality_code="0751"),
        visiting=PostalAddress(street_name="Vej"),
        activity=PostalAddress(municipality_code="0810"),
    ),
)
BARE = Unit(sor_id=SorId("2"), kind=Kind.OWNER)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("unit_type", {"t"}),
        ("specialities", {"s", "z"}),
        ("location_number/system", {"y"}),
        ("location_number/network", {"n"}),
        ("location_number/region", set()),
        ("address/municipality_code", {"0751", "0810"}),
    ],
)
def test_a_unit_carries_the_codes_of_each_field(field: str, codes: set[str]) -> None:
    assert list_codes(FULL, field) == codes
    assert list_codes(BARE, field) == set()


def test_a_closed_unit_carries_nothing() -> None:
    closed = Unit(sor_id=SorId("3"), kind=Kind.OWNER, unit_type="t", to=Day("2023-12-31"))
    register = Register(
        day=Day("2024-01-01"),
        created_at="2024-01-01T01:00:00+01:00",
        version="2.0.0",
        units={unit.sor_id: unit for unit in (FULL, BARE, closed)},
        lists={},
    )
    assert register.carriers("unit_type", "t") == 1
    assert register.carriers("unit_type", "x") == 0
    assert register.carriers(None, "t") is None


def test_the_day_after() -> None:
    assert find_next_day(Day("2024-02-28")) == "2024-02-29"
    assert find_next_day(Day("9999-12-31")) is None
    assert find_next_day(None) is None


@pytest.mark.parametrize(
    ("written", "created_at", "instant"),
    [
        (
            "2019-04-12T01:00:29.6269718+02:00",
            "2019-04-12T01:00:29.6269718+02:00",
            "2019-04-11T23:00:29.626971800000Z",
        ),
        ("2019-04-12T01:00:29Z", "2019-04-12T01:00:29Z", "2019-04-12T01:00:29.000000000000Z"),
        # Without an offset it is Danish time: summer and winter.
        (
            "2019-04-12T01:00:29",
            "2019-04-12T01:00:29+02:00",
            "2019-04-11T23:00:29.000000000000Z",
        ),
        (
            "2019-01-12T01:00:29.5",
            "2019-01-12T01:00:29.5+01:00",
            "2019-01-12T00:00:29.500000000000Z",
        ),
    ],
)
def test_a_moment_with_its_offset_and_in_utc(written: str, created_at: str, instant: str) -> None:
    assert parse_instant(written) == (created_at, instant)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "2019-04-12",
        "2019-02-30T01:00:00",
        "2019-04-12T25:00:00",
        "0001-01-01T00:00:00+14:00",
        "x",
    ],
)
def test_a_malformed_moment_is_none(written: str) -> None:
    assert parse_instant(written) is None
