"""Comparing two texts word by word."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Final

import msgspec

from sordiff.report.change import Change, Mark, Stretch

# A word with the white space behind it, so that the stretches put together are the text.
_WORD: Final = re.compile(r"\S+\s*")
# Beyond so many words a text is no name, and the comparison would cost their square.
_MOST_WORDS: Final = 60
# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_GONE: Final = Mark.GONE
_COME: Final = Mark.COME


def mark_words(change: Change) -> Change:
    """The change with its words marked, where it has two texts of which any is compared so."""
    if not change.event_type.compares_words:
        return change
    return msgspec.structs.replace(change, stretches=find_stretches(change))


def find_stretches(change: Change) -> tuple[Stretch, ...]:
    """The marked words of a change that has two texts."""
    return compare_words(_text(change.before), _text(change.after))


def _text(side: object) -> str | None:
    return side if isinstance(side, str) else None


def compare_words(before: str | None, after: str | None) -> tuple[Stretch, ...]:
    """The old and the new text as stretches of whole words, gone before come."""
    before, after = (before or "").lstrip(), (after or "").lstrip()
    bare_old, bare_new = before.split(), after.split()
    are_long = len(bare_old) > _MOST_WORDS or len(bare_new) > _MOST_WORDS
    if are_long or set(bare_old).isdisjoint(bare_new):
        gone = (Stretch(_GONE, before),) if before else ()
        return (*gone, Stretch(_COME, after)) if after else gone
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[tuple[Mark, list[str]]] = []
    for tag, old_from, old_to, new_from, new_to in _opcodes(bare_old, bare_new):
        if tag == "equal" and old[old_from:old_to] == new[new_from:new_to]:
            found.append((Mark.SAME, new[new_from:new_to]))
        elif tag == "equal":
            found += _same_but_for_space(old[old_from:old_to], new[new_from:new_to])
        else:
            found += [(Mark.GONE, old[old_from:old_to]), (Mark.COME, new[new_from:new_to])]
    return _as_stretches(found)


def _opcodes(old: list[str], new: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """As SequenceMatcher has them, which is not asked where words changed in one place only."""
    head = sum(1 for _ in takewhile(_are_equal, zip(old, new, strict=False)))
    ends = zip(reversed(old[head:]), reversed(new[head:]), strict=False)
    tail = sum(1 for _ in takewhile(_are_equal, ends))
    old_end, new_end = len(old) - tail, len(new) - tail
    once = len(set(old)) == len(old) and len(set(new)) == len(new)
    if not once or not set(old[head:old_end]).isdisjoint(new[head:new_end]):
        return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    parts = (
        ("equal", 0, head, 0, head),
        ("replace", head, old_end, head, new_end),
        ("equal", old_end, len(old), new_end, len(new)),
    )
    return (part for part in parts if part[1] < part[2] or part[3] < part[4])


def _are_equal(words: tuple[str, str]) -> bool:
    return words[0] == words[1]


def _same_but_for_space(old: list[str], new: list[str]) -> list[tuple[Mark, list[str]]]:
    """Words that are the same, of which the last may have lost or gained the space behind it."""
    found: list[tuple[Mark, list[str]]] = []
    for one, other in zip(old, new, strict=True):
        word = one.rstrip()
        found.append((Mark.SAME, [word]))
        found += [(Mark.GONE, [one[len(word) :]]), (Mark.COME, [other[len(word) :]])]
        if one == other:
            found[-3:] = [(Mark.SAME, [one])]
    return found


def _as_stretches(parts: list[tuple[Mark, list[str]]]) -> tuple[Stretch, ...]:
    joined = [(mark, "".join(words)) for mark, words in parts]
    found: list[Stretch] = []
    for mark, text in joined:
        if not text:
            continue
        if found and found[-1].mark is mark:
            found[-1] = Stretch(mark, found[-1].text + text)
        else:
            found.append(Stretch(mark, text))
    return tuple(found)
