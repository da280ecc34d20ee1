"""Groups: changes that belong together by a rule.

A rule is a pure function; it needs at least three changes to speak. The most specific rule that
finds a group tells of it, and a change is in one group at most.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from sordiff.events import TYPE_BY_NAME, Grouping
from sordiff.report.change import Change, Note
from sordiff.report.groups.levels import FoundGroup, Table, group_by_levels
from sordiff.report.groups.names import group_by_words
from sordiff.report.groups.rules import LEVELS
from sordiff.report.model import Group

_EXAMPLES = 3


def find_groups(changes: Sequence[Change], table: Table) -> list[Group]:
    """All groups, the largest first; `members` are places in `changes`."""
    # What was closed or removed again does not belong together with what stayed.
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        alike[change.type, _notes_told(change)].append(place)
    groups: list[Group] = []
    for (name, fate), places in alike.items():
        found: list[FoundGroup] = []
        rest = places
        if TYPE_BY_NAME[name].grouping is Grouping.NAME:
            found, rest = group_by_words(changes, rest)
        more, _ = group_by_levels(changes, rest, LEVELS[TYPE_BY_NAME[name].grouping], table)
        groups += [_group(name, fate, one) for one in (*found, *more)]
    return sorted(groups, key=lambda group: -group.count)


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
