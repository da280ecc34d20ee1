"""How the new owner of a location number stands to the old one, case by case."""

import pytest

from sordiff.events import LocationNumberReassigned, Relation
from tests.laws.pairs import between, read
from tests.making.plain import PlainNumber, PlainRegister
from tests.unit.small import IDS, NUMBER, night, unit

OWNER, INSTITUTION, UPPER, LOWER, BESIDE, OTHER, OTHER_INSTITUTION = range(7)


def tree(
    holder: int | None, *, without: frozenset[int] = frozenset(), beside_under_other: bool = False
) -> PlainRegister:
    """Two owners; the first with an institution with a unit on a unit, and one beside."""
    units = {
        OWNER: unit(OWNER, "owner"),
        INSTITUTION: unit(INSTITUTION, "institution"),
        UPPER: unit(UPPER, "organizational_unit"),
        LOWER: unit(LOWER, "organizational_unit"),
        BESIDE: unit(BESIDE, "organizational_unit"),
        OTHER: unit(OTHER, "owner"),
        OTHER_INSTITUTION: unit(OTHER_INSTITUTION, "institution"),
    }
    above = {
        INSTITUTION: OWNER,
        UPPER: INSTITUTION,
        LOWER: UPPER,
        BESIDE: OTHER_INSTITUTION if beside_under_other else INSTITUTION,
        OTHER_INSTITUTION: OTHER,
    }
    for lower, upper in above.items():
        if lower not in without:
            units[upper].children.append(units[lower])
    if holder is not None:
        units[holder].location_number = PlainNumber(number=NUMBER)
    return night(*(units[top] for top in (OWNER, OTHER) if top not in without))


def relation(before: PlainRegister, after: PlainRegister) -> Relation:
    after.snapshot_date = "2024-05-03"
    events = between(read(before), read(after)).events
    (told,) = [event.data for event in events if event.name == "location_number.reassigned"]
    assert isinstance(told, LocationNumberReassigned)
    assert told.before.unit_name == f"Enhed {IDS.index(told.before.unit_id)}"
    return told.relation


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (OWNER, INSTITUTION, Relation.TO_DESCENDANT),
        (OWNER, LOWER, Relation.TO_DESCENDANT),
        (LOWER, OWNER, Relation.TO_ANCESTOR),
        (UPPER, INSTITUTION, Relation.TO_ANCESTOR),
        (UPPER, BESIDE, Relation.SAME_OWNER),
        (LOWER, BESIDE, Relation.SAME_OWNER),
        (OWNER, OTHER, Relation.OTHER_OWNER),
        (LOWER, OTHER_INSTITUTION, Relation.OTHER_OWNER),
    ],
)
def test_both_are_there_on_both_nights(old: int, new: int, expected: Relation) -> None:
    assert relation(tree(old), tree(new)) is expected


def test_the_new_owner_is_new_below_the_old_one() -> None:
    before = tree(OWNER, without=frozenset({LOWER}))
    assert relation(before, tree(LOWER)) is Relation.TO_DESCENDANT


def test_the_new_owner_moved_away_the_same_night_and_new_decides() -> None:
    assert relation(tree(OWNER), tree(BESIDE, beside_under_other=True)) is Relation.OTHER_OWNER


def test_the_new_owner_came_that_night_and_new_decides() -> None:
    before = tree(OTHER, beside_under_other=False)
    assert relation(before, tree(BESIDE, beside_under_other=True)) is Relation.TO_DESCENDANT


def test_the_old_owner_is_gone_and_old_decides() -> None:
    gone = frozenset({LOWER})
    assert relation(tree(LOWER), tree(UPPER, without=gone)) is Relation.TO_ANCESTOR
    assert relation(tree(LOWER), tree(BESIDE, without=gone)) is Relation.SAME_OWNER
    moved = tree(BESIDE, without=gone, beside_under_other=True)
    assert relation(tree(LOWER), moved) is Relation.SAME_OWNER


def test_the_old_owner_is_gone_and_the_new_one_is_new() -> None:
    before, after = frozenset({BESIDE}), frozenset({LOWER})
    same = relation(tree(LOWER, without=before), tree(BESIDE, without=after))
    assert same is Relation.SAME_OWNER
    away = tree(BESIDE, without=after, beside_under_other=True)
    assert relation(tree(LOWER, without=before), away) is Relation.OTHER_OWNER
