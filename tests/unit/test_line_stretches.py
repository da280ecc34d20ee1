"""Two files compared by their bytes: what lies between the stretches is the same in both."""

from __future__ import annotations

import mmap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sordiff.snapshot.source import equal_bytes
from sordiff.snapshot.tables import line_stretches
from sordiff.snapshot.tables.line_stretches import Stretch, find_stretches

# Few different lines, so that many stand in both files and at other places; some end in nothing.
LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"ab\n", b"abc\n", b"\n", b"c" * 40 + b"\n"]))
FILES = st.tuples(LINES, st.sampled_from([b"", b"", b"a", b"abc"])).map(
    lambda parts: b"".join(parts[0]) + parts[1]
)


def _map(content: bytes) -> mmap.mmap:
    made = mmap.mmap(-1, max(1, len(content)))
    made.write(content)
    return made


@given(FILES.filter(bool), FILES.filter(bool), st.sampled_from([1, 3, 64]), st.integers(1, 40))
def test_between_stretches_both_files_have_the_same_lines(
    old: bytes, new: bytes, piece: int, many: int
) -> None:
    limits = {"_FEW_LINES": 1, "_MANY_LINES": many}
    with pytest.MonkeyPatch.context() as patch, _map(old) as one, _map(new) as other:
        patch.setattr(equal_bytes, "_PIECE", piece)
        for name, limit in limits.items():
            patch.setattr(line_stretches, name, limit)
        found = [*find_stretches(one, 0, other, 0)]
    ends = [Stretch(0, 0, 0, 0), *found, Stretch(len(old), len(old), len(new), len(new))]
    for before, after in pairwise(ends):
        same = old[before.old_end : after.old_start]
        assert same == new[before.new_end : after.new_start]
        # A line is never told apart in its middle.
        assert not same or same.endswith(b"\n") or after.old_start == len(old)
    for stretch in found:
        assert stretch.old_end > stretch.old_start or stretch.new_end > stretch.new_start


def test_a_changed_line_is_a_stretch_of_its_own() -> None:
    lines = [b"%d;%s\n" % (number, b"x" * 90) for number in range(3000)]
    later = [*lines[:700], b"changed\n", *lines[701:1500], b"new\n", *lines[1500:2900]]
    with _map(b"".join(lines)) as one, _map(b"".join(later)) as other:
        found = [*find_stretches(one, 0, other, 0)]
        told = [(one[a:b].count(b"\n"), other[c:d].count(b"\n")) for a, b, c, d in found]
    assert told == [(1, 1), (0, 1), (100, 0)]
