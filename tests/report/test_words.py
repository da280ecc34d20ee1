"""The words of a new name, marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sordiff.report import Mark
from sordiff.report.word_diff import compare_words

NAMES = st.lists(st.sampled_from(["a", "b", "Apotek", "filial", "af", "Ø"]), max_size=8).map(
    " ".join
)


@given(NAMES, NAMES)
def test_put_together_they_are_the_old_and_the_new_text(before: str, after: str) -> None:
    found = compare_words(before, after)
    assert "".join(s.text for s in found if s.mark is not Mark.COME) == before
    assert "".join(s.text for s in found if s.mark is not Mark.GONE) == after
    assert all(s.text for s in found)


@pytest.mark.parametrize(
    ("before", "after", "marks"),
    [
        ("Nordby Apotek filial", "Nordby Apotek", "=-"),
        ("Nordby", "Ny Nordby", "+="),
        ("A B C", "A X C", "=-+="),
        (None, "X", "+"),
        ("X", None, "-"),
    ],
)
def test_words_are_marked(before: str | None, after: str | None, marks: str) -> None:
    found = compare_words(before, after)
    assert "".join(stretch.mark.value for stretch in found) == marks


def test_a_text_that_is_no_name_is_not_compared_word_by_word() -> None:
    before, after = " ".join("x" * 100), " ".join("x" * 99)
    assert [stretch.mark for stretch in compare_words(before, after)] == [Mark.GONE, Mark.COME]
