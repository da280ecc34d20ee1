"""Groups of new names: the same words removed from, added to, or replaced in many names."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from typing import Final

from sordiff.report.change import Change, Mark
from sordiff.report.groups.levels import LEAST, FoundGroup

# Words alone that say nothing of what a naming was about.
_SMALL: Final = frozenset({"af", "i", "og", "på", "ved", "for", "de", "den", "det", "til", "m"})
_LONGEST: Final = 6
_MOST_GROUPS: Final = 12
_EDGES: Final = ",;:.-–/()\"'"

# A naming is known by its rule and its words, folded; shown as it is first found.
_Key = tuple[str, str, str]


def group_by_words(
    changes: Sequence[Change], places: Sequence[int]
) -> tuple[list[FoundGroup], list[int]]:
    """The groups of new names, the largest first, and the places in no group."""
    holding: dict[_Key, list[int]] = defaultdict(list)
    shown: dict[_Key, tuple[str, str]] = {}
    for place in places:
        for key, words in _namings(changes[place]):
            members = holding[key]
            if not members:
                shown[key] = words
            if not members or members[-1] != place:
                members.append(place)
    found: list[FoundGroup] = []
    taken: set[int] = set()
    waiting = [(_rank(key, len(them)), key) for key, them in holding.items() if len(them) >= LEAST]
    heapify(waiting)
    while waiting and len(found) < _MOST_GROUPS:
        rank, key = heappop(waiting)
        left = [place for place in holding[key] if place not in taken]
        if len(left) < -rank[0]:  # some were taken by a larger group meanwhile
            if len(left) >= LEAST:
                heappush(waiting, (_rank(key, len(left)), key))
            continue
        found.append(_found(key, shown[key], left))
        taken.update(left)
    return found, [place for place in places if place not in taken]


def _found(key: _Key, words: tuple[str, str], members: Sequence[int]) -> FoundGroup:
    gone, come = words
    told = tuple((name, text) for name, text in (("gone", gone), ("come", come)) if text)
    return FoundGroup(rule=key[0], parameters=told, members=tuple(members))


def _rank(key: _Key, count: int) -> tuple[int, int, int]:
    """The largest first; of as many, the rule that says most, then the longest words."""
    rule, gone, come = key
    return -count, -_RULES.index(rule), -len(gone) - len(come)


_RULES: Final = (
    "renamed.words_added",
    "renamed.words_removed",
    "renamed.words_replaced",
    "renamed.letter_case",
)


def _namings(change: Change) -> Iterator[tuple[_Key, tuple[str, str]]]:
    """All rules that fit one new name: the words in lower case as key, and as they are written."""
    before, after = str(change.before or "").casefold(), str(change.after or "").casefold()
    if before == after:
        yield ("renamed.letter_case", "", ""), ("", "")
        return
    for gone, come in _replacements(change):
        if gone and come:
            key = ("renamed.words_replaced", gone.casefold(), come.casefold())
            yield key, (gone, come)
        for folded, phrase in _phrases(gone).items():
            if folded not in after:
                yield ("renamed.words_removed", folded, ""), (phrase, "")
        for folded, phrase in _phrases(come).items():
            if folded not in before:
                yield ("renamed.words_added", "", folded), ("", phrase)


def _replacements(change: Change) -> Iterator[tuple[str, str]]:
    """The words that were removed and added, place by place."""
    gone = ""
    for stretch in change.stretches:
        if stretch.mark is Mark.GONE:
            if gone:
                yield gone, ""
            gone = stretch.text.strip()
        elif stretch.mark is Mark.COME:
            yield gone, stretch.text.strip()
            gone = ""
        elif gone:
            yield gone, ""
            gone = ""
    if gone:
        yield gone, ""


@lru_cache(maxsize=10_000)  # in a night of many the same words go from many names
def _phrases(text: str) -> Mapping[str, str]:
    """The phrases of up to six words, without punctuation at the ends, by their lower case."""
    words = text.split()
    found: dict[str, str] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            phrase = " ".join(words[start:end]).strip(_EDGES + " ")
            folded = phrase.casefold()
            if len(phrase) > 1 and not _SMALL.issuperset(folded.split()):
                found.setdefault(folded, phrase)
    return found
