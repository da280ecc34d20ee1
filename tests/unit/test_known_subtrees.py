"""The known subtrees of the index: by their digests, and by the owners around them."""

from __future__ import annotations

from sordiff.model import SorId
from sordiff.subtrees import TREE_ROOT, KnownSubtrees

FIRST, SECOND = SorId("1"), SorId("01")


def test_each_subtree_has_its_row_and_owners_at_its_place() -> None:
    stored: list[list[tuple[bytes, int, SorId | None, SorId | None]]] = [
        [(b"a", 7, TREE_ROOT, FIRST), (b"b", 9, None, SECOND)],
        [(b"c", 8, SECOND, TREE_ROOT)],
    ]
    known = KnownSubtrees(stored)
    places = [known.places[digest] for digest in (b"a", b"b", b"c")]
    assert places == [0, 1, 2]
    assert list(known.rows) == [7, 9, 8]
    assert list(known.before) == [known.ROOT, known.ANY, hash(SECOND)]
    assert list(known.after) == [hash(FIRST), hash(SECOND), known.ROOT]
    assert len({known.ROOT, known.ANY, hash(FIRST), hash(SECOND)}) == 4


def test_none_is_known_where_there_is_none() -> None:
    assert KnownSubtrees([]).places == {}
