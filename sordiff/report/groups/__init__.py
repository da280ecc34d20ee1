"""Groups: changes that belong together by a rule.

A rule is a pure function; it needs at least three changes to speak. The most specific rule that
finds a group tells of it, and a change is in one group at most.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from sordiff.events import CATALOGUE, TYPE_BY_NAME, Grouping
from sordiff.report.change import Change, Note
from sordiff.report.groups.levels import FoundGroup, Table, group_by_levels
from sordiff.report.groups.names import group_by_words
from sordiff.report.groups.rules import LEVELS
from sordiff.report.model import Group

_EXAMPLES = 3
OF_NAMES: Final = frozenset(row.name for row in CATALOGUE if row.grouping is Grouping.NAME)


# The groups that words alone make of new names, by what became of these; the places of all others.
NameGroups: TypeAlias = Mapping[str, tuple[list[FoundGroup], list[int]]]


# What waits for what a worker process found, or None where it found nothing.
WaitForNames: TypeAlias = Callable[[], NameGroups | None]


def find_groups(
    changes: Sequence[Change], table: Table, wait_for_names: WaitForNames | None = None
) -> list[Group]:
    """All groups, the largest first; `members` are places in `changes`.

    `wait_for_names`: gets what `group_names` found among these changes in a worker process.
    """
    alike = _list_alike(changes)
    groups = {
        key: _find_groups_alike(key, places, changes, table)
        for key, places in alike.items()
        if key[0] not in OF_NAMES
    }
    named = alike.keys() - groups.keys()
    if named:
        names = (wait_for_names and wait_for_names()) or group_names(changes)
        for key in named:
            found, rest = names[key[1]]
            more = _find_groups_alike(key, rest, changes, table)
            groups[key] = [*(_group(*key, one) for one in found), *more]
    told = [group for key in alike for group in groups[key]]
    return sorted(told, key=lambda group: -group.count)


def _find_groups_alike(
    key: tuple[str, str], places: Sequence[int], changes: Sequence[Change], table: Table
) -> list[Group]:
    """What the levels find among changes of one type and fate."""
    levels = LEVELS[TYPE_BY_NAME[key[0]].grouping]
    return [_group(*key, one) for one in group_by_levels(changes, places, levels, table)[0]]


def group_names(changes: Sequence[Change]) -> NameGroups:
    """The groups that the words of new names make, for which no unit needs to be known."""
    alike: dict[str, list[int]] = defaultdict(list)
    for place in list_names(changes):
        alike[_notes_told(changes[place])].append(place)
    return {fate: group_by_words(changes, found) for fate, found in alike.items()}


def list_names(changes: Sequence[Change]) -> list[int]:
    """The places of the changes that are new names."""
    return [place for place, change in enumerate(changes) if change.type in OF_NAMES]


def _list_alike(changes: Sequence[Change]) -> dict[tuple[str, str], list[int]]:
    """What was closed or removed again does not belong together with what stayed."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        alike[change.type, _notes_told(change)].append(place)
    return alike


def _notes_told(change: Change) -> str:
    """The notes that a group must mention: all but that a new unit opened later."""
    if not change.notes:
        return ""
    return " ".join(note.value for note in change.notes if note is not Note.OPENED_LATER)


def _group(name: str, fate: str, found: FoundGroup) -> Group:
    return Group(
        rule=found.rule,
        type=name,
        parameters={**dict(found.parameters), **({"notes": fate} if fate else {})},
        count=len(found.members),
        examples=found.members[:_EXAMPLES],
        members=found.members,
    )


def assign_groups(changes: Sequence[Change], groups: Sequence[Group]) -> list[Change]:
    """The changes, each with the place of its group."""
    told = list(changes)
    for number, group in enumerate(groups):
        for place in group.members:
            told[place] = msgspec.structs.replace(told[place], group=number)
    return told
