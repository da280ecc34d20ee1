"""Why a location number closed or opened again, and that what is told of it is told once."""

from __future__ import annotations

from typing import Any

import pytest

from sordiff.events import Cause, Event
from tests.laws.pairs import between, read
from tests.making.plain import PlainNumber, PlainRegister
from tests.unit.small import IDS, NUMBER, night, unit

OLD, NEW = "2024-05-02", "2024-05-03"


def holding(date: str, *holders: int, **said: Any) -> PlainRegister:
    """An owner with two institutions, of which some own the number."""
    institutions = {2: unit(2, "institution"), 1: unit(1, "institution")}
    for holder in holders:
        institutions[holder].location_number = PlainNumber(number=NUMBER, **said)
    return night(unit(0, "owner", *institutions.values()), date=date)


def told(old: PlainRegister, new: PlainRegister) -> list[Event]:
    events = between(read(old), read(new)).events
    return [event for event in events if event.name.startswith("location_number.")]


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({"to": OLD}, {"to": OLD}, Cause.DATE_ELAPSED),
        ({"to": OLD}, {"to": OLD, "inactive": True}, Cause.DATE_ELAPSED),
        ({}, {"to": OLD}, Cause.DATA_CHANGED),
        ({"to": "2024-06-01"}, {"to": OLD}, Cause.DATA_CHANGED),
        ({}, {"inactive": True}, Cause.DATA_CHANGED),
        ({"to": "2024-06-01"}, {"to": "2024-06-01", "inactive": True}, Cause.DATA_CHANGED),
        # The number is still valid on its last day; it is closed by the mark alone.
        ({"to": NEW}, {"to": NEW, "inactive": True}, Cause.DATA_CHANGED),
    ],
)
def test_why_a_number_closed(before: dict[str, Any], after: dict[str, Any], cause: Cause) -> None:
    (event,) = told(holding(OLD, 1, **before), holding(NEW, 1, **after))
    assert (event.name, event.data.cause) == ("location_number.closed", cause)


@pytest.mark.parametrize(
    ("before", "after", "days", "cause"),
    [
        ({"inactive": True}, {}, (OLD, NEW), Cause.DATA_CHANGED),
        ({"to": "2024-05-01"}, {"to": "2024-06-01"}, (OLD, NEW), Cause.DATA_CHANGED),
        # As a correction has it, the day goes back; the mark alone would still close it.
        ({"to": OLD}, {"to": OLD}, (NEW, OLD), Cause.DATE_ELAPSED),
        ({"to": OLD, "inactive": True}, {"to": OLD}, (NEW, OLD), Cause.DATA_CHANGED),
    ],
)
def test_why_a_number_opened_again(
    before: dict[str, Any], after: dict[str, Any], days: tuple[str, str], cause: Cause
) -> None:
    (event,) = told(holding(days[0], 1, **before), holding(days[1], 1, **after))
    assert (event.name, event.data.cause) == ("location_number.reopened", cause)


@pytest.mark.parametrize(("holders", "shared"), [((1,), False), ((1, 2), True)])
def test_a_number_is_shared_by_two(holders: tuple[int, ...], shared: bool) -> None:
    """Its events stand in the order of their owners' ids, not of the tree."""
    events = told(holding(OLD, *holders), holding(NEW, *holders, inactive=True))
    assert [event.data.shared for event in events] == [shared] * len(holders)  # type: ignore[union-attr]  # events of numbers have it
    assert [event.number_owner for event in events] == [IDS[holder] for holder in holders]
