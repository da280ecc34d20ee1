"""The eight bugs that earlier consumers of the register had, one regression test for each."""

from collections.abc import Mapping
from dataclasses import replace

from sordiff.events import UnitShakChanged
from sordiff.model import SorId, State, Unit
from sordiff.register import Register
from sordiff.service.ingest.read_snapshot import build_register
from tests.laws.pairs import Version, between, read, read_bytes
from tests.making.plain import PlainAddress, PlainContact, PlainNumber, PlainRegister
from tests.making.xml import Layout, write_snapshot
from tests.unit.small import IDS, NUMBER, deep, night, unit


def units_of(register: PlainRegister, version: Version = 2) -> Mapping[SorId, Unit]:
    return read(register, version).units


def register(plain: PlainRegister) -> Register:
    return build_register(read(plain))


def test_1_the_numbers_own_status_and_region_never_leak_into_the_unit() -> None:
    number = PlainNumber(
        number=NUMBER,
        region="1084",
        from_="2001-01-01",
        to="2001-12-31",
        updated="2001-01-02",
        first_from="2000-01-01",
    )
    owner = unit(
        0,
        "owner",
        unit(
            1,
            "institution",
            unit(2, "organizational_unit", replaces=[IDS[8]], replaced_by=[IDS[9]]),
        ),
        location_number=number,
        postal=PlainAddress(street_name="Testvej", region_code="1081"),
        from_="2010-01-01",
        updated="2010-01-02",
        first_from="2009-01-01",
    )
    read_units = units_of(night(owner))
    top = read_units[SorId(IDS[0])]
    assert (top.from_, top.to, top.updated, top.first_from) == (
        "2010-01-01",
        None,
        "2010-01-02",
        "2009-01-01",
    )
    assert top.location_number is not None
    assert (top.location_number.to, top.location_number.region) == ("2001-12-31", "1084")
    assert top.address is not None
    assert top.address.postal is not None
    assert top.address.postal.region_code == "1081"
    lowest = read_units[SorId(IDS[2])]
    assert (lowest.sor_id, lowest.replaces, lowest.replaced_by) == (IDS[2], (IDS[8],), (IDS[9],))


def test_2_inheritance_reaches_any_depth_and_a_contact_block_is_one_whole() -> None:
    chain = [
        unit(0, "owner", location_number=PlainNumber(number=NUMBER)),
        unit(1, "institution", location_number_inherited=True),
        *(unit(n, "organizational_unit", location_number_inherited=True) for n in range(2, 12)),
    ]
    chain[11].contact = PlainContact(phone="11111111")
    found = register(night(deep(*chain)))
    lowest = found.units[SorId(IDS[11])]
    assert found.effective_number(lowest) == NUMBER
    assert lowest.contact is not None
    assert (lowest.contact.phone, lowest.contact.email) == ("11111111", None)


def test_2_the_marks_of_the_ancestors_between_do_not_matter() -> None:
    chain = [
        unit(0, "owner", location_number=PlainNumber(number=NUMBER)),
        unit(1, "institution", location_number_inherited=False),
        unit(2, "organizational_unit", location_number_inherited=True),
    ]
    found = register(night(deep(*chain)))
    numbers = [found.effective_number(found.units[SorId(sor_id)]) for sor_id in IDS[:3]]
    assert numbers == [NUMBER, None, NUMBER]


def test_3_a_shak_code_is_text() -> None:
    owner = unit(0, "owner", unit(1, "institution", shak="3800D0E"))
    changed = unit(0, "owner", unit(1, "institution", shak="0380"))
    old, new = night(owner), night(changed, date="2024-05-03")
    assert units_of(old)[SorId(IDS[1])].shak == "3800D0E"
    (event,) = between(read(old), read(new)).events
    assert event.name == "unit.shak_changed"
    assert isinstance(event.data, UnitShakChanged)
    assert (event.data.before, event.data.after) == ("3800D0E", "0380")


def test_4_a_provider_number_keeps_its_leading_zeros() -> None:
    below = unit(2, "organizational_unit", provider_number="019062")
    other = unit(2, "organizational_unit", provider_number="19062")
    old = night(unit(0, "owner", unit(1, "institution", below)))
    new = night(unit(0, "owner", unit(1, "institution", other)), date="2024-05-03")
    assert units_of(old)[SorId(IDS[2])].provider_number == "019062"
    assert [event.name for event in between(read(old), read(new)).events] == [
        "unit.provider_number_changed"
    ]


def test_5_deeper_units_hang_on_their_own_parent() -> None:
    first = unit(2, "organizational_unit", unit(3, "organizational_unit"))
    second = unit(4, "organizational_unit", unit(5, "organizational_unit"))
    tree = night(unit(0, "owner", unit(1, "institution", first, second)))
    for seed in range(20):
        found = read(tree, 2, Layout(shuffle=seed)).units
        parents = {unit.sor_id: unit.parent_id for unit in found.values()}
        assert parents == {
            IDS[0]: None,
            IDS[1]: IDS[0],
            IDS[2]: IDS[1],
            IDS[3]: IDS[2],
            IDS[4]: IDS[1],
            IDS[5]: IDS[4],
        }


def test_6_the_last_valid_day_is_valid() -> None:
    closing = unit(0, "owner", to="2024-05-02")
    days = {date: register(night(closing, date=date)) for date in ("2024-05-02", "2024-05-03")}
    states = [found.units[SorId(IDS[0])].state(found.day) for found in days.values()]
    assert states == [State.OPEN, State.CLOSED]
    old, new = (read(night(replace(closing), date=date)) for date in days)
    assert [event.name for event in between(old, new).events] == ["unit.closed"]


def test_7_units_below_one_without_shak_are_there() -> None:
    chain = [unit(0, "owner"), unit(1, "institution", shak="2529")]
    chain += [unit(2, "organizational_unit"), unit(3, "organizational_unit", shak="2529010")]
    assert set(units_of(night(deep(*chain)))) == set(IDS[:4])


def test_8_prefixes_mean_nothing() -> None:
    plain = night(unit(0, "owner", location_number=PlainNumber(number=NUMBER), cvr="12345674"))
    usual = units_of(plain)
    for layout in (Layout(prefixes="odd"), Layout(prefixes="swapped"), Layout(prefixes="local")):
        assert read_bytes(write_snapshot(plain, version=2, layout=layout)).units == usual
