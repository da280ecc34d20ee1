"""Groups: changes that belong together by a rule.

A rule is a pure function; it needs at least three changes to speak. The most specific rule that
finds a group tells of it, and a change is in one group at most.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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


def find_groups(
    changes: Sequence[Change], table: Table, names: NameGroups | None = None
) -> list[Group]:
    """All groups, the largest first; `members` are places in `changes`.

    `names`: what `group_names` finds among these changes, where it is known already.
    """
    names = group_names(changes) if names is None else names
    groups: list[Group] = []
    for (name, fate), places in _list_alike(changes).items():
        found: list[FoundGroup] = []
        rest = places
        if TYPE_BY_NAME[name].grouping is Grouping.NAME:
            found, rest = names[fate]
        more, _ = group_by_levels(changes, rest, LEVELS[TYPE_BY_NAME[name].grouping], table)
        groups += [_group(name, fate, one) for one in (*found, *more)]
    return sorted(groups, key=lambda group: -group.count)


def group_names(changes: Sequence[Change]) -> NameGroups:
    """The groups that the words of new names make, for which no unit needs to be known."""
    named = [(at, one) for at, one in enumerate(changes) if one.type in OF_NAMES]
    alike: dict[str, list[int]] = defaultdict(list)
    for place, change in named:
        alike[_notes_told(change)].append(place)
    return {fate: group_by_words(changes, places) for fate, places in alike.items()}


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
