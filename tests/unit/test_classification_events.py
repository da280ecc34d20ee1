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
