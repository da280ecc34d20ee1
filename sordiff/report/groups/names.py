"""Renamed by the same words: what went from many names, came to them, or took another's place."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import Final

from sordiff.report.change import Change, Mark
from sordiff.report.groups.levels import LEAST, Found

# Words alone that say nothing of what a naming was about.
_SMALL: Final = frozenset({"af", "i", "og", "på", "ved", "for", "de", "den", "det", "til", "m"})
_LONGEST: Final = 6
_MOST_GROUPS: Final = 12
_EDGES: Final = ",;:.-–/()\"'"

# A naming is known by its rule and its words, folded; shown as it is first found.
_Key = tuple[str, str, str]


def by_words(changes: Sequence[Change], places: Sequence[int]) -> tuple[list[Found], list[int]]:
    """The groups of new names, the largest first, and the places in no group."""
    holding: dict[_Key, set[int]] = defaultdict(set)
    shown: dict[_Key, tuple[str, str]] = {}
    for place in places:
        for rule, gone, come in _ways(changes[place]):
            key = (rule, gone.casefold(), come.casefold())
            holding[key].add(place)
            shown.setdefault(key, (gone, come))
    found: list[Found] = []
    taken: set[int] = set()
    waiting = [(_rank(key, len(members)), key) for key, members in holding.items()]
    waiting = [ranked for ranked in waiting if -ranked[0][0] >= LEAST]
    heapify(waiting)
    while waiting and len(found) < _MOST_GROUPS:
        rank, key = heappop(waiting)
        members = holding[key] - taken
        if len(members) < -rank[0]:  # some were taken by a larger group meanwhile
            if len(members) >= LEAST:
                heappush(waiting, (_rank(key, len(members)), key))
            continue
        found.append(_found(key, shown[key], members))
        taken |= members
    return found, [place for place in places if place not in taken]


def _found(key: _Key, words: tuple[str, str], members: Iterable[int]) -> Found:
    gone, come = words
    told = tuple((name, text) for name, text in (("gone", gone), ("come", come)) if text)
    return Found(rule=key[0], parameters=told, members=tuple(sorted(members)))


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


def _ways(change: Change) -> Iterator[tuple[str, str, str]]:
    """All that can be said of one new name."""
    before, after = str(change.before or ""), str(change.after or "")
    if before.casefold() == after.casefold():
        yield "renamed.letter_case", "", ""
        return
    for gone, come in _turns(change):
        if gone and come:
            yield "renamed.words_replaced", gone, come
        for phrase in _phrases(gone):
            if phrase.casefold() not in after.casefold():
                yield "renamed.words_removed", phrase, ""
        for phrase in _phrases(come):
            if phrase.casefold() not in before.casefold():
                yield "renamed.words_added", "", phrase


def _turns(change: Change) -> Iterator[tuple[str, str]]:
    """The places where words went, came, or took others' place."""
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


def _phrases(text: str) -> set[str]:
    """All that stands together in the text, of up to six words, without its edges."""
    words = text.split()
    found = set()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _LONGEST) + 1):
            phrase = " ".join(words[start:end]).strip(_EDGES + " ")
            if len(phrase) > 1 and not set(phrase.casefold().split()) <= _SMALL:
                found.add(phrase)
    return found
