"""The sections of changes, and the stories of location numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from sordiff.events import (
    CATALOGUE,
    EVENT_TYPES,
    SectionName,
    Subject,
    UnitEffectiveLocationNumberChanged,
    find_event_name,
)
from sordiff.model import Gln, SorId
from sordiff.report.change import Change
from sordiff.report.model import NumberStory, Section

_SECTIONS: Final = {row.name: row.section for row in CATALOGUE}
_OF_NUMBERS: Final = {row.name for row in CATALOGUE if row.subject is Subject.LOCATION_NUMBER}
_EFFECTIVE: Final = find_event_name(UnitEffectiveLocationNumberChanged)


def build_sections(changes: Sequence[Change], limit: int | None) -> tuple[Section, ...]:
    """The sections in which there is anything, in their order."""
    counts: dict[SectionName, Counter[str]] = defaultdict(Counter)
    single: dict[SectionName, list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        section = _SECTIONS[change.type]
        counts[section][change.type] += 1
        if change.group is None:
            single[section].append(place)
    return tuple(
        Section(
            name=name,
            count=counts[name].total(),
            counts=_put_in_order(counts[name]),
            grouped=counts[name].total() - len(single[name]),
            single=tuple(single[name][:limit]),
        )
        for name in SectionName
        if name in counts
    )


def count_changes(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes of each type, in the order of the contract."""
    return _put_in_order(Counter(change.type for change in changes))


def _put_in_order(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in EVENT_TYPES if counts[name]}


def count_notes(changes: Iterable[Change]) -> dict[str, dict[str, int]]:
    """How many changes of each type carry which note, in the order of the contract."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for change in changes:
        if change.notes:
            counts[change.type].update(note.value for note in change.notes)
    return {name: dict(sorted(counts[name].items())) for name in EVENT_TYPES if name in counts}


def build_number_stories(changes: Sequence[Change], limit: int | None) -> tuple[NumberStory, ...]:
    """One story for each number with a change of its own, or of units that have it as effective."""
    own: dict[str, list[int]] = defaultdict(list)
    felt: dict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        if change.type in _OF_NUMBERS:
            own[change.subject].append(place)
        elif change.type == _EFFECTIVE:
            for number in (change.before, change.after):
                if isinstance(number, str):
                    felt[number].append(place)
    return tuple(
        _story(number, changes, own[number], felt[number], limit)
        for number in sorted(own.keys() | felt.keys())
    )[:limit]


def _story(
    number: str, changes: Sequence[Change], own: list[int], felt: list[int], limit: int | None
) -> NumberStory:
    told = [changes[place] for place in own]
    theirs = [] if told else _origins(number, changes, felt)
    before = [change.before for change in told] or theirs
    after = [change.after for change in told] or theirs
    return NumberStory(
        number=Gln(number),
        before=_ids(before),
        after=_ids(after),
        changes=tuple(own),
        felt=tuple(felt)[:limit],
        felt_count=len(felt),
    )


def _origins(number: str, changes: Sequence[Change], felt: list[int]) -> list[object]:
    """The owners of a number without a change of its own, from the effective numbers."""
    found: list[object] = []
    for place in felt:
        change = changes[place]
        origins = change.origins or (None, None)
        sides = zip((change.before, change.after), origins, strict=True)
        found += [origin for value, origin in sides if value == number]
    return found


def _ids(sides: Iterable[object]) -> tuple[SorId, ...]:
    found = dict.fromkeys(SorId(side) for side in sides if isinstance(side, str))
    return tuple(found)
