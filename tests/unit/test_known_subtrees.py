"""Owners as numbers: each id is given back as it was, and none is taken for another."""

from __future__ import annotations

import pytest

from sordiff.model import SorId
from sordiff.subtrees import TREE_ROOT, KnownSubtrees

OWNERS = [
    SorId(text)
    for text in (
        "1",
        "100000000000000001",
        "999999999999999999",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551617",
        "0",
        "01",
        "0000000000001",
        "A1",
        "a1",
        "1A",
        "١٢٣",
        "²",
    )
]


def test_each_owner_has_a_number_of_its_own_and_is_named_by_it() -> None:
    known = KnownSubtrees(())
    numbers = [known.number_owner(owner) for owner in (None, *OWNERS)]
    assert len(set(numbers)) == len(numbers)
    assert known.ANY not in numbers
    assert [known.number_owner(owner) for owner in (None, *OWNERS)] == numbers
    assert [known.name_owner(number) for number in numbers] == [None, *OWNERS]
    assert known.number_owner(TREE_ROOT) == known.number_owner(None)


@pytest.mark.parametrize("owner", OWNERS)
def test_a_subtree_means_the_same_below_its_own_owner_alone(owner: SorId) -> None:
    stored = (
        (b"bound", 7, owner, SorId("5")),
        (b"free", 8, None, owner),
        (b"first", 9, TREE_ROOT, None),
    )
    known = KnownSubtrees(stored)
    bound, free, first = (known.places[digest] for digest in (b"bound", b"free", b"first"))
    own, other, root = (known.number_owner(o) for o in (owner, SorId("77"), None))
    assert [known.fits(bound, number) for number in (own, other, root)] == [True, False, False]
    assert [known.fits(free, number) for number in (own, other, root)] == [True, True, False]
    assert [known.fits(first, number) for number in (own, other, root)] == [False, False, True]
    assert [known.name_owner(known.after[place]) for place in (bound, free, first)] == [
        "5",
        owner,
        None,
    ]
    assert [known.rows[place] for place in (bound, free, first)] == [7, 8, 9]
