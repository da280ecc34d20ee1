"""What kind of night it was: changes that a rule finds to belong together.

A rule is a pure function; it needs at least three changes to speak. The most specific rule that
finds a group tells of it, and a change is in one group at most.
"""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from sordiff.report.change import Change
from sordiff.report.groups.levels import Found, Table, by_levels
from sordiff.report.groups.names import by_words
from sordiff.report.groups.rules import LEVELS
from sordiff.report.told import Group

_EXAMPLES = 3


def groups_of(changes: Sequence[Change], table: Table) -> list[Group]:
    """All groups, the largest first; `members` are places in `changes`."""
    by_type: dict[str, list[int]] = defaultdict(list)
    for place, change in enumerate(changes):
        by_type[change.type].append(place)
    groups: list[Group] = []
    for name, places in by_type.items():
        found: list[Found] = []
        rest = places
        if name == "unit.renamed":
            found, rest = by_words(changes, rest)
        more, _ = by_levels(changes, rest, LEVELS[name], table)
        groups += [_group(name, one) for one in (*found, *more)]
    return sorted(groups, key=lambda group: -group.count)


def _group(name: str, found: Found) -> Group:
    return Group(
        rule=found.rule,
        type=name,
        parameters=dict(found.parameters),
        count=len(found.members),
        examples=found.members[:_EXAMPLES],
        members=found.members,
    )


def with_groups(changes: Sequence[Change], groups: Sequence[Group]) -> list[Change]:
    """The changes, each knowing the group it is in."""
    told = list(changes)
    for number, group in enumerate(groups):
        for place in group.members:
            told[place] = msgspec.structs.replace(told[place], group=number)
    return told
