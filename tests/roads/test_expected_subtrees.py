"""Subtrees that are expected where they were: found as by their end tags, whatever was expected."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from xxhash import xxh3_128_digest

from sordiff.snapshot.fast.expected_subtrees import look_up_subtrees
from sordiff.snapshot.fast.found_subtrees import FoundSubtrees
from sordiff.snapshot.fast.split_records import INSTITUTION_END, find_subtrees

TREE_END = b"</SorTree>"
ALONE = 40
# What no night leaves: nothing, a subtree without its end tag, and the end of a tree.
ODD = (b"", b"<03>xxx", TREE_END)


class Watched(bytes):
    """The content of a file, of which it is noted how often an end tag was looked for."""

    finds = 0

    def find(self, *args: Any) -> int:
        Watched.finds += 1
        return super().find(*args)


def subtree(number: int) -> bytes:
    """One of its own size; ten numbers on, another one of the same size. The last is but a tag."""
    if number == ALONE:
        return INSTITUTION_END
    return b"<%02d>" % number + b"x" * (number % 10) + INSTITUTION_END


def look_up(
    content: bytes, known: Sequence[bytes], sizes: Sequence[int], begin: int = 0
) -> FoundSubtrees:
    places = {xxh3_128_digest(each): place for place, each in enumerate(known)}
    return look_up_subtrees(content, begin, sizes, places.pop)


def look_up_by_tags(
    content: bytes, known: Sequence[bytes], begin: int = 0
) -> list[tuple[int, int | bytes]]:
    places = {xxh3_128_digest(each): place for place, each in enumerate(known)}
    found = []
    for start, end, _ in find_subtrees(content, begin):
        digest = xxh3_128_digest(content[start:end])
        place = places.pop(digest, None)
        found.append((end, digest if place is None else place))
    return found


def count_finds(before: Sequence[bytes], after: Sequence[bytes]) -> int:
    """How many end tags are looked for, where these subtrees are followed by those."""
    content = Watched(b"".join(after) + TREE_END)
    Watched.finds = 0
    look_up(content, before, [*map(len, before), len(TREE_END)])
    return Watched.finds


def sized(size: int, letter: bytes = b"x") -> bytes:
    """A subtree of its own size, but for others of the same."""
    return letter * size + INSTITUTION_END


NUMBERS = st.lists(st.integers(0, 40), max_size=30)
SIZES = st.one_of(
    st.builds(lambda numbers: [len(subtree(number)) for number in numbers], NUMBERS),
    st.lists(st.one_of(st.integers(-3, 60), st.just(2**40)), max_size=30),
)


@given(NUMBERS, NUMBERS, SIZES, st.sampled_from((b"", b"<tree>")), st.sets(st.sampled_from(ODD)))
def test_whatever_is_expected_the_same_is_found(
    before: list[int], after: list[int], sizes: list[int], head: bytes, odd: set[bytes]
) -> None:
    known = [*map(subtree, before), *odd]
    content = head + b"".join(map(subtree, after)) + TREE_END
    found = look_up(content, known, sizes, len(head))
    assert [(end, place) for _, end, place in found] == look_up_by_tags(content, known, len(head))


@given(st.permutations(range(20)), st.sets(st.integers(0, 19)), st.sets(st.integers(20, 39)))
def test_a_night_is_found_by_the_sizes_of_the_one_before(
    before: list[int], gone: set[int], come: set[int]
) -> None:
    known = [subtree(number) for number in before]
    after = [number for number in [*before, *come] if number not in gone]
    content = b"".join(map(subtree, after)) + TREE_END
    found = look_up(content, known, [*map(len, known), len(TREE_END)])
    assert [(end, place) for _, end, place in found] == look_up_by_tags(content, known)
    assert [*found.list_sizes()] == [*map(len, map(subtree, after)), len(TREE_END)]


def test_a_file_that_ends_with_a_subtree() -> None:
    known = [subtree(1)]
    found = look_up(subtree(1), known, [len(known[0])])
    assert [*found] == [
        (0, len(known[0]), 0),
        (len(known[0]), len(known[0]), xxh3_128_digest(b"")),
    ]


def test_known_ones_before_unknown_ones() -> None:
    known = [subtree(number) for number in range(6)]
    content = b"".join(map(subtree, (0, 1, 30, 31, 2, 3, 32, 5))) + TREE_END
    assert look_up(content, known, [*map(len, known)]).list_before_unknown() == [1, 3, 5]


NIGHT = [sized(size) for size in range(50)]
THE_END = 1  # is looked for at the end of the tree


def test_what_is_where_it_was_is_not_looked_for() -> None:
    assert count_finds(NIGHT, NIGHT) == THE_END
    assert count_finds([], NIGHT) == 50 + THE_END


def test_what_changed_is_looked_for_alone() -> None:
    before, after = NIGHT[:20], NIGHT[21:]
    assert count_finds(NIGHT, [*before, *after]) == THE_END  # gone
    assert count_finds(NIGHT, [*before, *NIGHT[23:]]) == THE_END  # three of them
    assert count_finds(NIGHT, [*before, sized(70), *after]) == 1 + THE_END  # another in its place
    assert (
        count_finds(NIGHT, [*before, sized(21, b"y"), *after]) == 1 + THE_END
    )  # as long as a next
    come = [sized(size) for size in range(70, 80)]
    assert count_finds(NIGHT, [*before, *come, NIGHT[20], *after]) == 10 + THE_END  # ten came


def test_behind_many_that_changed_the_first_one_tells_where_the_file_is() -> None:
    changed = [sized(size, b"y") for size in range(20, 30)]
    assert count_finds(NIGHT, [*NIGHT[:20], *changed, *NIGHT[30:]]) == 10 + 1 + THE_END
