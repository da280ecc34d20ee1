"""What changes of one type can have in common, the most specific first, by their grouping."""

from collections.abc import Callable, Mapping
from typing import Final

from sordiff.events import CodedText, Grouping
from sordiff.model import SorId
from sordiff.report.change import Change
from sordiff.report.groups.levels import Common, GroupLevel, Table, entry, owner_of, type_of


def _owner(change: Change, table: Table) -> Common:
    unit = change.unit
    owner = entry(table, unit).owner
    return (None if owner == unit else owner,)


def _owner_or_itself(change: Change, table: Table) -> Common:
    return (entry(table, change.unit).owner,)


def _owner_type(change: Change, table: Table) -> Common:
    """Owners of that type, and what stands below them."""
    return (type_of(table, entry(table, change.unit).owner),)


def _kind_and_type(change: Change, table: Table) -> Common:
    found = entry(table, change.unit)
    return found.kind, found.unit_type


def _first(side: object) -> SorId | None:
    return side[0] if isinstance(side, tuple) and side else None


def _within(change: Change, table: Table) -> Common:
    before, after = _first(change.before), _first(change.after)
    return (after if before == after else None,)


def _type_between_owners(change: Change, table: Table) -> Common:
    before, after = _first(change.before), _first(change.after)
    return type_of(table, change.unit), before, after


def _between_owners(change: Change, table: Table) -> Common:
    return _first(change.before), _first(change.after)


def _type_to_owner(change: Change, table: Table) -> Common:
    before, after = _first(change.before), _first(change.after)
    return type_of(table, change.unit), type_of(table, before), after


def _type_between_owner_types(change: Change, table: Table) -> Common:
    before, after = _first(change.before), _first(change.after)
    return type_of(table, change.unit), type_of(table, before), type_of(table, after)


def _between_owner_types(change: Change, table: Table) -> Common:
    return type_of(table, _first(change.before)), type_of(table, _first(change.after))


def _from_type_to_type(change: Change, table: Table) -> Common:
    before, after = change.before, change.after
    return (
        before.code if isinstance(before, CodedText) else None,
        after.code if isinstance(after, CodedText) else None,
    )


def _handed(change: Change, table: Table) -> Common:
    """The kinds of the old and the new owner: from an owner to an institution, for example."""
    before, after = SorId(str(change.before)), SorId(str(change.after))
    return entry(table, before).kind, entry(table, after).kind, change.relation


def _kind(change: Change, table: Table) -> Common:
    return (entry(table, change.unit).kind,)


def _number_to_number(change: Change, table: Table) -> Common:
    before, after = change.before, change.after
    gone = before if isinstance(before, str) else None
    come = after if isinstance(after, str) else None
    return (None,) if gone is None and come is None else (gone or "", come or "")


def _last_day(change: Change, table: Table) -> Common:
    return (change.after if isinstance(change.after, str) else None,)


def _last_day_under_owner(change: Change, table: Table) -> Common:
    day = change.after if isinstance(change.after, str) else None
    return day, owner_of(change, table)


def _turn(change: Change) -> str:
    """Whether a value was given, taken away or changed."""
    if change.before is None:
        return "given"
    return "taken" if change.after is None else "changed"


def _turn_under_owner(change: Change, table: Table) -> Common:
    return _turn(change), owner_of(change, table)


def _turn_by_owner_type(change: Change, table: Table) -> Common:
    return _turn(change), type_of(table, owner_of(change, table))


def _paths(change: Change) -> str | None:
    if len(change.differences) == 1:  # as nearly always
        return change.differences[0].path
    return " ".join(sorted({found.path for found in change.differences})) or None


def _paths_under_owner(change: Change, table: Table) -> Common:
    return _paths(change), owner_of(change, table)


def _paths_alone(change: Change, table: Table) -> Common:
    return (_paths(change),)


def _list(change: Change, table: Table) -> Common:
    return (change.subject.partition("/")[0],)


def _level(rule: str, find: Callable[[Change, Table], Common], *names: str) -> GroupLevel:
    return GroupLevel(rule, names, find)


_OF_OWNER: Final = _level("under_owner", _owner, "owner")
LEVELS: Final[Mapping[Grouping, tuple[GroupLevel, ...]]] = {
    Grouping.FIELD: (
        _level("field.under_owner", _turn_under_owner, "turn", "owner"),
        _level("field.under_owner_type", _turn_by_owner_type, "turn", "owner_type"),
    ),
    Grouping.OWNER: (_OF_OWNER,),
    Grouping.PLACE: (
        _level("under_owner", _owner_or_itself, "owner"),
        _level("under_owner_type", _owner_type, "owner_type"),
        _level("kind_and_type", _kind_and_type, "kind", "unit_type"),
    ),
    Grouping.MOVE: (
        _level("moved.within_owner", _within, "owner"),
        _level(
            "moved.type_between_owners",
            _type_between_owners,
            *("unit_type", "from_owner", "to_owner"),
        ),
        _level("moved.between_owners", _between_owners, "from_owner", "to_owner"),
        _level(
            "moved.type_to_owner", _type_to_owner, *("unit_type", "from_owner_type", "to_owner")
        ),
        _level(
            "moved.type_between_owner_types",
            _type_between_owner_types,
            *("unit_type", "from_owner_type", "to_owner_type"),
        ),
        _level(
            "moved.between_owner_types",
            _between_owner_types,
            *("from_owner_type", "to_owner_type"),
        ),
    ),
    Grouping.NAME: (_OF_OWNER,),  # of those that no words have in common
    Grouping.UNIT_TYPE: (_level("type.from_to", _from_type_to_type, "from_type", "to_type"),),
    Grouping.CLOSURE: (
        _level("closure.day_under_owner", _last_day_under_owner, "day", "owner"),
        _level("closure.day", _last_day, "day"),
        _OF_OWNER,
    ),
    Grouping.PATHS: (
        _level("paths.under_owner", _paths_under_owner, "paths", "owner"),
        _level("paths", _paths_alone, "paths"),
    ),
    Grouping.HANDOVER: (_level("number.handed", _handed, "from_kind", "to_kind", "relation"),),
    Grouping.NUMBER: (_OF_OWNER, _level("number.kind", _kind, "kind")),
    Grouping.INHERITED_NUMBER: (
        _level("number.inherited", _number_to_number, "from_number", "to_number"),
        _OF_OWNER,
    ),
    Grouping.LIST: (_level("list", _list, "list"),),
    Grouping.NEVER: (),  # each is what the report is read for
}
