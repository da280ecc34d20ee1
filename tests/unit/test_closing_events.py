"""What is told when the end of a unit is set, changed or taken back, and when others take its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.laws.pairs import between, read
from tests.unit.small import IDS, night, unit

OLD, NEW, LATER = "2024-05-02", "2024-05-03", "2024-06-01"


def told(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    nights = [
        read(night(unit(0, "owner", unit(1, "institution", **said)), date=date))
        for date, said in ((OLD, before), (NEW, after))
    ]
    return [event.name for event in between(*nights).events]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"to": LATER}, ["unit.closure_scheduled"]),
        ({"to": LATER}, {"to": "2024-07-01"}, ["unit.closure_scheduled"]),
        ({"to": LATER}, {}, ["unit.closure_cancelled"]),
        ({"to": LATER}, {"to": LATER}, []),
        ({"to": OLD}, {"to": OLD}, ["unit.closed"]),
        ({"to": LATER}, {"to": OLD}, ["unit.closed"]),
        ({"to": "2024-05-01"}, {}, ["unit.reopened"]),
        ({"to": "2024-05-01"}, {"to": LATER}, ["unit.reopened"]),
        ({"to": "2024-05-01"}, {"to": "2024-04-30"}, ["unit.details_changed"]),
    ],
)
def test_the_end_of_a_unit(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    assert told(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [5], ["unit.replaced"]),
        ([5], [5, 6], ["unit.replaced"]),
        ([5], [6], ["unit.replaced"]),
        ([5, 6], [5], ["unit.details_changed"]),
        ([5, 6], [6, 5], []),
    ],
)
def test_what_takes_the_place_of_a_unit(
    before: list[int], after: list[int], expected: list[str]
) -> None:
    assert (
        told(
            {"replaced_by": [IDS[one] for one in before]},
            {"replaced_by": [IDS[one] for one in after]},
        )
        == expected
    )
