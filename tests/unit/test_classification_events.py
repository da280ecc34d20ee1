"""Which fields of an entry are compared: all of them, and between versions those that both nights have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.laws.pairs import between, read
from tests.making.plain import PlainEntry, PlainList, PlainRegister
from tests.unit.small import night, unit

if TYPE_CHECKING:
    from tests.laws.pairs import Version


def listed(date: str, **fields: str) -> PlainRegister:
    made = night(unit(0, "owner"), date=date)
    made.lists = [
        PlainList(name="EntityType", entries=[PlainEntry(code="1", text="praksis", fields=fields)])
    ]
    return made


def told(old: dict[str, str], new: dict[str, str], versions: tuple[Version, Version]) -> list[str]:
    before = read(listed("2024-05-02", **old), versions[0])
    after = read(listed("2024-05-03", **new), versions[1])
    return [str(event.subject) for event in between(before, after).events]


@pytest.mark.parametrize(
    ("old", "new", "same_version", "across"),
    [
        ({"Remark": "a"}, {"Remark": "b"}, True, True),
        ({"Remark": "a"}, {"Remark": "a"}, False, False),
        ({"Remark": "a"}, {}, True, False),
        ({}, {"Remark": "a"}, True, False),
        ({"Remark": "a", "Note": "x"}, {"Remark": "a", "Sort": "y"}, True, False),
        ({"Remark": "a", "Note": "x"}, {"Remark": "b", "Sort": "y"}, True, True),
    ],
)
def test_other_fields(
    old: dict[str, str], new: dict[str, str], same_version: bool, across: bool
) -> None:
    expected = ["EntityType/1"]
    assert told(old, new, (2, 2)) == (expected if same_version else [])
    assert told(old, new, (1, 2)) == (expected if across else [])


def test_lists_stand_in_the_order_of_their_names() -> None:
    """A name that begins another comes first, though `-` stands before the `/` of a subject."""

    def both(date: str, text: str) -> PlainRegister:
        made = night(unit(0, "owner"), date=date)
        made.lists = [
            PlainList(name=name, entries=[PlainEntry(code="1", text=text)])
            for name in ("EntityType", "EntityType-Old")
        ]
        return made

    found = between(read(both("2024-05-02", "a")), read(both("2024-05-03", "b"))).events
    assert [event.subject for event in found] == ["EntityType/1", "EntityType-Old/1"]


def test_a_code_comes_and_goes() -> None:
    one, two = listed("2024-05-02"), listed("2024-05-03")
    assert two.lists is not None
    two.lists[0].entries.append(PlainEntry(code="2", text="klinik"))
    found = between(read(one), read(two)).events
    assert [(event.name, event.subject) for event in found] == [
        ("classification.code_added", "EntityType/2")
    ]
    one.snapshot_date, two.snapshot_date = two.snapshot_date, one.snapshot_date
    one.created_at, two.created_at = two.created_at, one.created_at
    found = between(read(two), read(one)).events
    assert [(event.name, event.subject) for event in found] == [
        ("classification.code_removed", "EntityType/2")
    ]
