"""Groups of new names: the same words removed from, added to, or replaced in many names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Final, TypeVar

from sordiff.report.change import Change, Mark
from sordiff.report.groups.levels import LEAST, FoundGroup
from sordiff.report.word_diff import find_stretches

# Words alone that say nothing of what a naming was about.
_SMALL: Final = frozenset({"af", "i", "og", "på", "ved", "for", "de", "den", "det", "til", "m"})
_LONGEST: Final = 6
_MOST_GROUPS: Final = 12
_EDGES: Final = frozenset(",;:.-–/()\"'")
_EDGES_AND_SPACE: Final = "".join(_EDGES) + " "
# Small words with a space behind each are shorter than so many letters a word.
_LONGER_THAN_SMALL: Final = max(map(len, _SMALL)) + 1

# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_GONE: Final = Mark.GONE
_COME: Final = Mark.COME

# A naming is known by its rule and its words, folded; shown as it is first found.
_Key = tuple[str, str, str]
_W = TypeVar("_W")


def group_by_words(
    changes: Sequence[Change], places: Sequence[int]
) -> tuple[list[FoundGroup], list[int]]:
    """The groups of new names, the largest first, and the places in no group."""
    holding = _collect_namings(changes, places)
    found: list[FoundGroup] = []
    taken: set[int] = set()
    waiting = [(_rank(key, len(them)), key) for key, them in holding.items()]
    heapify(waiting)
    while waiting and len(found) < _MOST_GROUPS:
        rank, key = heappop(waiting)
        left = [place for place in holding[key] if place not in taken]
        if len(left) < -rank[0]:  # some were taken by a larger group meanwhile
            if len(left) >= LEAST:
                heappush(waiting, (_rank(key, len(left)), key))
            continue
        found.append(_found(key, _find_words(changes[holding[key][0]], key), left))
        taken.update(left)
    return found, [place for place in places if place not in taken]


def _collect_namings(changes: Sequence[Change], places: Sequence[int]) -> dict[_Key, list[int]]:
    """The rules that fit several new names, each with the places of these.

    Nearly all words are of one name alone: each rule counts by its own words, and what is common to
    several names becomes a key in the end.
    """
    added: defaultdict[str, list[int]] = defaultdict(list)
    removed: defaultdict[str, list[int]] = defaultdict(list)
    replaced: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    letter_case: list[int] = []
    for place in places:
        change = changes[place]
        before, after = str(change.before or "").casefold(), str(change.after or "").casefold()
        if before == after:
            letter_case.append(place)
            continue
        for gone, come in _list_replacements(change):
            if gone and come:
                replaced[gone.casefold(), come.casefold()].append(place)
            for folded in _list_folded_phrases(gone):
                if folded not in after:
                    removed[folded].append(place)
            for folded in _list_folded_phrases(come):
                if folded not in before:
                    added[folded].append(place)
    found = {(_ADDED, "", folded): members for folded, members in _list_several(added)}
    found |= {(_REMOVED, folded, ""): members for folded, members in _list_several(removed)}
    found |= {(_REPLACED, *words): members for words, members in _list_several(replaced)}
    return found if len(letter_case) < LEAST else found | {(_LETTER_CASE, "", ""): letter_case}


def _list_several(holding: Mapping[_W, list[int]]) -> Iterator[tuple[_W, list[int]]]:
    """What enough names have in common; a name may have it twice."""
    for words, members in holding.items():
        if len(members) >= LEAST:
            once = list(dict.fromkeys(members))
            if len(once) >= LEAST:
                yield words, once


def _find_words(change: Change, key: _Key) -> tuple[str, str]:
    """The words of a rule as the first name that it fits writes them."""
    rule, gone_folded, come_folded = key
    for gone, come in _list_replacements(change):
        if rule == _REPLACED and (gone.casefold(), come.casefold()) == key[1:]:
            return gone, come
        if rule == _REMOVED and gone_folded in _phrases(gone):
            return _phrases(gone)[gone_folded], ""
        if rule == _ADDED and come_folded in _phrases(come):
            return "", _phrases(come)[come_folded]
    return "", ""


def _found(key: _Key, words: tuple[str, str], members: Sequence[int]) -> FoundGroup:
    gone, come = words
    told = tuple((name, text) for name, text in (("gone", gone), ("come", come)) if text)
    return FoundGroup(rule=key[0], parameters=told, members=tuple(members))


def _rank(key: _Key, count: int) -> tuple[int, int, int]:
    """The largest first; of as many, the rule that says most, then the longest words."""
    rule, gone, come = key
    return -count, -_RULES.index(rule), -len(gone) - len(come)


_ADDED: Final = "renamed.words_added"
_REMOVED: Final = "renamed.words_removed"
_REPLACED: Final = "renamed.words_replaced"
_LETTER_CASE: Final = "renamed.letter_case"
# What says most stands first.
_RULES: Final = (_ADDED, _REMOVED, _REPLACED, _LETTER_CASE)


def _list_replacements(change: Change) -> list[tuple[str, str]]:
    """The words that were removed and added, place by place."""
    found: list[tuple[str, str]] = []
    gone = ""
    for stretch in change.stretches or find_stretches(change):
        if stretch.mark is _GONE:
            if gone:
                found.append((gone, ""))
            gone = stretch.text.strip()
        elif stretch.mark is _COME:
            found.append((gone, stretch.text.strip()))
            gone = ""
        elif gone:
            found.append((gone, ""))
            gone = ""
    if gone:
        found.append((gone, ""))
    return found


def _list_folded_phrases(text: str) -> Iterable[str]:
    """The lower case of the phrases of a text, a phrase perhaps more than once."""
    folded = text.casefold()
    if len(folded) != len(text) or not _EDGES.isdisjoint(folded):
        return _phrases(text)
    words = folded.split()
    if len(words) == 1:
        return words if len(folded) > 1 and folded not in _SMALL else ()
    found: list[str] = []
    for start in range(len(words)):
        joined = ""
        for count, word in enumerate(words[start : start + _LONGEST], 1):
            joined = f"{joined} {word}" if joined else word
            if len(joined) > 1 and _says_something(joined, count):
                found.append(joined)
    return found


def _phrases(text: str) -> Mapping[str, str]:
    """The phrases of up to six words, without punctuation at the ends, by their lower case."""
    words = text.split()
    is_plain = _EDGES.isdisjoint("".join(words))  # then no end of it needs to be looked at
    found: dict[str, str] = {}
    for start in range(len(words)):
        joined = ""
        for count, word in enumerate(words[start : start + _LONGEST], 1):
            joined = f"{joined} {word}" if joined else word
            phrase = joined if is_plain else joined.strip(_EDGES_AND_SPACE)
            folded = phrase.casefold()
            if len(phrase) > 1 and _says_something(folded, count):
                found.setdefault(folded, phrase)
    return found


def _says_something(folded: str, count: int) -> bool:
    """Whether any of so many words is not small."""
    return len(folded) >= count * _LONGER_THAN_SMALL or not _SMALL.issuperset(folded.split())
