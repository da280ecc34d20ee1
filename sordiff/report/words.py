"""The words of a text that went, came or stayed."""

import re
from difflib import SequenceMatcher
from typing import Final

from sordiff.report.change import Mark, Stretch

# A word with the white space behind it, so that the stretches put together are the text.
_WORD: Final = re.compile(r"\S+\s*")
# Beyond so many words a text is no name, and the comparison would cost their square.
_MOST_WORDS: Final = 60


def stretches(before: str | None, after: str | None) -> tuple[Stretch, ...]:
    """The old and the new text as stretches of whole words, gone before come."""
    old, new = _WORD.findall(before or ""), _WORD.findall(after or "")
    if len(old) > _MOST_WORDS or len(new) > _MOST_WORDS:
        return _told([(Mark.GONE, old), (Mark.COME, new)])
    if not set(_bare(old)) & set(_bare(new)):
        return _told([(Mark.GONE, old), (Mark.COME, new)])
    matcher = SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    found: list[tuple[Mark, list[str]]] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal" and old[old_from:old_to] == new[new_from:new_to]:
            found.append((Mark.SAME, new[new_from:new_to]))
        elif tag == "equal":
            found += _same_but_for_space(old[old_from:old_to], new[new_from:new_to])
        else:
            found += [(Mark.GONE, old[old_from:old_to]), (Mark.COME, new[new_from:new_to])]
    return _told(found)


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


def _bare(words: list[str]) -> list[str]:
    return [word.rstrip() for word in words]


def _told(parts: list[tuple[Mark, list[str]]]) -> tuple[Stretch, ...]:
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
