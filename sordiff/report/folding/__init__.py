"""Folding: the changes of one unit, number or code over several nights, A → B → C as A → C."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from sordiff.events import CATALOGUE, EVENT_TYPES, Subject
from sordiff.model import Day
from sordiff.report.change import Change
from sordiff.report.folding.codes import fold_code_changes
from sordiff.report.folding.gaps import NO_GAPS, Gaps, bridge_gap, find_gaps, note_gap
from sordiff.report.folding.later import add_later_notes
from sordiff.report.folding.numbers import fold_number_changes
from sordiff.report.folding.units import COME, DAYS, GONE, SCHEDULED, fold_unit_changes

__all__ = [
    "SCHEDULED",
    "Folded",
    "find_gaps",
    "fold_changes",
    "fold_changes_of_type",
    "scheduled_closings",
    "sort_changes",
]

_ORDER: Final = {name: place for place, name in enumerate(EVENT_TYPES)}
# Bound once: to look a member up in its enumeration takes Python 3.11 longer than all else here.
_UNIT: Final = Subject.UNIT
_NUMBER: Final = Subject.LOCATION_NUMBER
# As plain text: the hash of an enumeration is worked out anew each time.
_KINDS: Final = {row.name: row.subject.value for row in CATALOGUE}
# What decides whether a scheduled closing still stands.
_OF_CLOSINGS: Final = COME | DAYS | {GONE}

_BySubject: TypeAlias = Mapping[tuple[str, str], Sequence[Change]]


class Folded(Struct, frozen=True, kw_only=True):
    """The changes that are left, and the last of each that came to nothing.

    `others` is how many changes of other types there are, where one type was asked for.
    """

    changes: tuple[Change, ...]
    undone: tuple[Change, ...] = ()
    others: int = 0


def sort_changes(changes: Iterable[Change]) -> list[Change]:
    """By type in the order of the contract, then as they came."""
    return sorted(changes, key=lambda change: _ORDER[change.type])


def fold_changes(
    changes: Iterable[Change], gaps: Gaps = NO_GAPS, since: Day | None = None
) -> Folded:
    """Fold the changes of several nights, given in the order in which they happened.

    `gaps` tell of the units that went and came back, `since` is the day before the first night.
    """
    left: list[Change] = []
    undone: list[Change] = []
    for life in _group_by_subject(changes).values():
        if _is_folded(life):  # as most are
            left.append(life[0])
            continue
        told = _fold_subject(life, gaps, since)
        left += told
        if not told:
            undone.append(life[-1])
    return Folded(changes=tuple(sort_changes(left)), undone=tuple(undone))


def fold_changes_of_type(
    changes: Sequence[Change], name: str, gaps: Gaps = NO_GAPS, since: Day | None = None
) -> Folded:
    """Fold the changes of one type alone: what closed stays closed, whatever happened to it later.

    What happened later is said. Changes that are of another type when folded are told as they were.
    """
    wanted = [change for change in changes if change.type == name]
    subjects = {change.subject for change in wanted}
    lives = _group_by_subject(change for change in changes if change.subject in subjects)
    left: list[Change] = []
    undone: list[Change] = []
    for key, life in _group_by_subject(wanted).items():
        told = _fold_subject(life, NO_GAPS, since)
        if any(change.type != name for change in told):
            told = list(life)
        left += (add_later_notes(change, lives[key]) for change in told)
        if not told:
            undone.append(life[-1])
    rest = fold_changes((change for change in changes if change.type != name), gaps, since)
    return Folded(changes=tuple(sort_changes(left)), undone=tuple(undone), others=len(rest.changes))


def scheduled_closings(changes: Iterable[Change], gaps: Gaps = NO_GAPS) -> tuple[Change, ...]:
    """The closings that were scheduled within the period and still are at its end."""
    days = fold_changes((change for change in changes if change.type in _OF_CLOSINGS), gaps)
    return tuple(change for change in days.changes if change.type == SCHEDULED)


def _group_by_subject(changes: Iterable[Change]) -> _BySubject:
    lives: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        lives[_KINDS[change.type], change.subject].append(change)
    return lives


def _is_folded(life: Sequence[Change]) -> bool:
    return len(life) == 1 and life[0].type != GONE


def _fold_subject(life: Sequence[Change], gaps: Gaps, since: Day | None) -> Sequence[Change]:
    if _is_folded(life):
        return life
    subject = life[0].event_type.subject
    if subject is _UNIT:
        stayed, was_away = bridge_gap(life, gaps)
        told = fold_unit_changes(stayed, since) if stayed else []
        return note_gap(told) if was_away else told
    return fold_number_changes(life) if subject is _NUMBER else fold_code_changes(life)
