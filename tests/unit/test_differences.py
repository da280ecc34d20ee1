"""DeepDiff and the plain comparison find the same, whatever the maps hold."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from sordiff.diff import compare, day_changes_state, find_deep_differences, find_plain_differences
from sordiff.model import Day, Gln, Kind, LocationNumber, SorId, Speciality, Unit
from sordiff.register import Register

VALUES: list[Any] = ["a", "b", "c", "2024-01-01", True, False, ["a"], ["a", "b"], ["b", "a"]]
# DeepDiff skips what looks private unless it is told not to.
PATHS = ["name", "address.postal.street_name", "__name", "other['{urn:x}__a']", "a.b", "a"]


def _map(rng: random.Random) -> dict[str, Any]:
    return {path: rng.choice(VALUES) for path in PATHS if rng.random() < 0.6}


@pytest.mark.parametrize("seed", range(20))
def test_both_find_the_same(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(20):
        before, after = _map(rng), _map(rng)
        assert find_deep_differences(before, after) == find_plain_differences(before, after)


def test_maps_with_nothing_in_common_are_told_path_by_path() -> None:
    found = find_deep_differences({"a": "1", "b": "2"}, {"c": "3", "d": "4"})
    assert list(found) == ["a", "b", "c", "d"]


def test_a_day_changes_a_state_if_the_states_of_the_two_days_differ() -> None:
    days = [None, *(Day(f"2024-01-0{number}") for number in range(1, 5))]
    for first_from, to, number_to in product(days, days, days):
        for number in (None, LocationNumber(number=Gln("1"), to=number_to)):
            unit = Unit(
                sor_id=SorId("1"),
                kind=Kind.OWNER,
                first_from=first_from,
                to=to,
                location_number=number,
            )
            for before, after in product(days[1:], days[1:]):
                assert before
                assert after
                closed = number is not None and (
                    number.is_closed(before) != number.is_closed(after)
                )
                differs = unit.state(before) is not unit.state(after) or closed
                assert day_changes_state(unit, before, after) == differs


def _register(*specialities: str, name: str = "Afdeling") -> Register:
    unit = Unit(
        sor_id=SorId("1"),
        kind=Kind.ORGANIZATIONAL_UNIT,
        name=name,
        specialities=tuple(Speciality(code=code) for code in specialities),
    )
    return Register(
        day=Day("2024-05-02"), created_at="", version="2", units={unit.sor_id: unit}, lists={}
    )


@pytest.mark.parametrize(
    ("after", "known", "told"),
    [
        (_register("b", "a"), True, {"specialities"}),
        (_register("b", "a"), False, set()),
        (_register("b", "a", name="Afsnit"), False, {"name"}),
        (_register("a"), False, {"specialities"}),
        (_register("a", "c"), False, {"specialities"}),
    ],
)
def test_another_order_of_specialities_is_told_where_the_order_was_known(
    after: Register, known: bool, told: set[str]
) -> None:
    found = compare(_register("a", "b"), after, order_known=known)
    assert found.touched == {"1"}
    assert {field for unit in found.units for field in unit.fields} == told
    for difference in found.units:
        assert (difference.old, difference.new) == (
            _register("a", "b").units[SorId("1")],
            after.units[SorId("1")],
        )
