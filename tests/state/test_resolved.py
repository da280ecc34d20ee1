"""What a state record says, and what it does not: by hand, one question at a time."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from sordiff.model import Kind, SorId
from sordiff.register import Register
from sordiff.resolved import STATE_TYPES, Resolver, location_number_state, unit_state
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.publish.state_records import (
    build_all_state_records,
    build_state_records_of_run,
)
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.migrations import MIGRATIONS
from sordiff.wire import encode_canonically
from tests.contract.validating import validator
from tests.laws.pairs import read
from tests.making.dice import shift
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainAddress, PlainContact, PlainNumber
from tests.state.recorded import Recorded
from tests.unit.small import IDS, NUMBER, deep, night, unit

OWNER = unit(
    1,
    "owner",
    postal=PlainAddress(street_name="Ejervej"),
    contact=PlainContact(email="ejer@example.org", phone="1"),
    location_number=PlainNumber(number=NUMBER),
)
INSTITUTION = unit(2, "institution", visiting=PlainAddress(street_name="Besøgsvej"))
UPPER = unit(3, "organizational_unit", contact=PlainContact(phone="2"))
LOWER = unit(4, "organizational_unit", location_number_inherited=True)
deep(OWNER, INSTITUTION, UPPER, LOWER)


def said(index: int) -> dict[str, Any]:
    register = build_register(read(night(OWNER)))
    record = unit_state(register, register.units[SorId(IDS[index])])
    found: dict[str, Any] = json.loads(encode_canonically(record))
    validator("unit.state").validate(found)
    return found


def streets(index: int) -> list[tuple[str, str, str] | None]:
    """Of the postal, visiting and activity address: the street, and where it stands."""
    blocks = said(index)["address"]
    return [
        block and (block["street_name"], block["from_unit"], block["from_block"])
        for block in (blocks[name] for name in ("postal", "visiting", "activity"))
    ]


def test_addresses_are_inherited_by_block_and_kind() -> None:
    of_owner = ("Ejervej", IDS[1], "postal")
    assert streets(1) == [of_owner, None, None]
    assert streets(2) == [of_owner, ("Besøgsvej", IDS[2], "visiting"), None]
    assert streets(3) == [of_owner] * 3, "the parent's visiting address is nobody else's"
    assert streets(4) == [of_owner] * 3


def test_a_contact_block_is_inherited_whole() -> None:
    assert said(2)["contact"]["email"] == "ejer@example.org"
    contact = said(4)["contact"]
    assert (contact["email"], contact["phone"], contact["from_unit"]) == (None, "2", IDS[3])


def test_the_mark_of_a_unit_alone_decides_on_its_number() -> None:
    assert said(3)["effective_location_number"] is None
    inherited = {"number": NUMBER, "from_unit": IDS[1], "open": True}
    assert said(4)["effective_location_number"] == inherited


def test_a_number_names_its_owner_and_counts_its_heirs() -> None:
    register = build_register(read(night(OWNER)))
    (number,) = register.numbers()
    record = json.loads(encode_canonically(location_number_state(register, number)))
    validator("location_number.state").validate(record)
    assert record["heirs"] == 2
    (owner,) = record["owners"]
    assert (owner["id"], owner["state"], owner["open"]) == (IDS[1], "open", True)
    assert owner["owner"] == {"id": IDS[1], "name": "Enhed 1"}


def on(register: Register, day: str) -> Register:
    return Register(
        day=type(register.day)(day),
        created_at="another night",
        version=register.version,
        units=register.units,
        lists=register.lists,
    )


def test_random_records_fit_their_schemas_and_heirs_are_counted_alike() -> None:
    assert set(STATE_TYPES) == {"unit.state", "location_number.state"}
    for seed in range(30):
        register = build_register(read(random_register(random.Random(seed), units=30)))
        counted, asked = Resolver(register), Resolver(register)
        counted.count_heirs()
        for one in register.units.values():
            validator("unit.state").validate(json.loads(encode_canonically(asked.unit_state(one))))
        for number in register.numbers():
            record = counted.location_number_state(number)
            assert record == asked.location_number_state(number)
            validator("location_number.state").validate(json.loads(encode_canonically(record)))


def test_a_record_has_the_texts_of_its_codes_and_where_it_stands() -> None:
    for seed in range(6):
        register = build_register(read(random_register(random.Random(seed), units=30)))
        resolver = Resolver(register)
        for one in register.units.values():
            told = resolver.unit_state(one)
            code = one.unit_type
            text = None if code is None else register.text("unit_type", code)
            assert (told.unit_type and told.unit_type.text) == text
            assert [(told_of.code, told_of.text) for told_of in told.specialities] == [
                (carried.code, register.text("specialities", carried.code))
                for carried in one.specialities
            ]
            for kind, place in (
                (Kind.INSTITUTION, told.institution),
                (Kind.OWNER, told.owner),
            ):
                above = register.nearest(one, kind)
                assert (place and place.id) == (above and above.sor_id)


def test_a_visiting_address_is_told_where_nobody_above_has_a_postal_one() -> None:
    owner = unit(1, "owner")
    deep(owner, unit(2, "institution", visiting=PlainAddress(street_name="Besøgsvej")))
    register = build_register(read(night(owner)))
    told = unit_state(register, register.units[SorId(IDS[2])]).address
    assert told.postal is None
    assert told.visiting is not None
    assert (told.visiting.street_name, told.visiting.from_unit) == ("Besøgsvej", IDS[2])


def test_nothing_in_a_record_tells_of_its_night() -> None:
    register = build_register(read(night(OWNER)))
    later = on(register, shift(register.day, 300))
    for one in register.units.values():
        assert encode_canonically(unit_state(register, one)) == encode_canonically(
            unit_state(later, one)
        )


def test_an_empty_changelog_has_no_state(tmp_path: Path) -> None:
    with SqliteChangelog(tmp_path / "sordiff.db").open_to_write() as session:
        assert list(build_all_state_records(session, gone=True)) == []


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    rng = random.Random(8)
    recorded = Recorded(tmp_path)
    made = random_register(rng, units=40)
    for _ in range(4):
        assert recorded.take(made, 2, "accepted")
        made = random_night(rng, made, days=1, intensity=25)
    return recorded


def test_what_older_runs_changed_is_not_known_and_so_all_of_it(recorded: Recorded) -> None:
    (step,) = (step for step in MIGRATIONS if "CREATE TABLE state_changes" in step)
    with SqliteChangelog(recorded.database).open_to_write() as session:
        with session.transaction():
            session.connection.execute("DROP TABLE state_changes")
            for statement in filter(str.strip, step.split(";")):
                session.connection.execute(statement)
        for run_id, before in recorded.written.items():
            now = list(build_state_records_of_run(session, run_id))
            assert {(record.topic, record.key) for record in before} <= {
                (record.topic, record.key) for record in now
            }
        every = {(record.topic, record.key) for record in build_all_state_records(session)}
        assert every <= {(record.topic, record.key) for record in now}
        assert {record.sequence for record in now} == {recorded.sequence}


def test_the_whole_state_can_come_with_what_is_gone(recorded: Recorded) -> None:
    gone = {
        (record.topic, record.key)
        for written in recorded.written.values()
        for record in written
        if record.value is None
    } - recorded.mirror.keys()
    assert gone
    with SqliteChangelog(recorded.database).open_to_write() as session:
        records = list(build_all_state_records(session, gone=True))
    assert {(r.topic, r.key) for r in records if r.value is None} == gone
    assert {(r.topic, r.key) for r in records if r.value} == recorded.mirror.keys()
