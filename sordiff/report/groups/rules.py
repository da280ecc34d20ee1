"""What changes of one type can have in common, the most specific first, by their grouping."""

from collections.abc import Mapping
from typing import Final

from sordiff.events import CodedText, Grouping
from sordiff.report.change import Change
from sordiff.report.groups.levels import (
    MANY,
    GroupLevel,
    Parameters,
    Table,
    entry,
    owner_of,
    parameters,
    type_of,
)


def _owner(change: Change, table: Table) -> Parameters | None:
    return parameters(owner=owner_of(change, table))


def _owner_or_itself(change: Change, table: Table) -> Parameters | None:
    return parameters(owner=entry(table, change.unit).owner)


def _owner_type(change: Change, table: Table) -> Parameters | None:
    """Owners of that type, and what stands below them."""
    return parameters(owner_type=type_of(table, entry(table, change.unit).owner))


def _kind_and_type(change: Change, table: Table) -> Parameters | None:
    found = entry(table, change.unit)
    return parameters(kind=found.kind, unit_type=found.unit_type)


def _first(side: object) -> str | None:
    return side[0] if isinstance(side, tuple) and side else None


def _within(change: Change, table: Table) -> Parameters | None:
    before, after = _first(change.before), _first(change.after)
    return parameters(owner=after) if before == after else None


def _type_between_owners(change: Change, table: Table) -> Parameters | None:
    before, after = _first(change.before), _first(change.after)
    unit_type = type_of(table, change.unit)
    return parameters(unit_type=unit_type, from_owner=before, to_owner=after)


def _between_owners(change: Change, table: Table) -> Parameters | None:
    return parameters(from_owner=_first(change.before), to_owner=_first(change.after))


def _type_to_owner(change: Change, table: Table) -> Parameters | None:
    before, after = _first(change.before), _first(change.after)
    return parameters(
        unit_type=type_of(table, change.unit),
        from_owner_type=type_of(table, before),
        to_owner=after,
    )


def _type_between_owner_types(change: Change, table: Table) -> Parameters | None:
    return parameters(
        unit_type=type_of(table, change.unit),
        from_owner_type=type_of(table, _first(change.before)),
        to_owner_type=type_of(table, _first(change.after)),
    )


def _between_owner_types(change: Change, table: Table) -> Parameters | None:
    return parameters(
        from_owner_type=type_of(table, _first(change.before)),
        to_owner_type=type_of(table, _first(change.after)),
    )


def _from_type_to_type(change: Change, table: Table) -> Parameters | None:
    before, after = change.before, change.after
    return parameters(
        from_type=before.code if isinstance(before, CodedText) else None,
        to_type=after.code if isinstance(after, CodedText) else None,
    )


def _handed(change: Change, table: Table) -> Parameters | None:
    """The kinds of the old and the new owner: from an owner to an institution, for example."""
    before, after = str(change.before), str(change.after)
    return parameters(
        from_kind=entry(table, before).kind,
        to_kind=entry(table, after).kind,
        relation=change.relation,
    )


def _kind(change: Change, table: Table) -> Parameters | None:
    return parameters(kind=entry(table, change.unit).kind)


def _number_to_number(change: Change, table: Table) -> Parameters | None:
    before, after = change.before, change.after
    gone = before if isinstance(before, str) else None
    come = after if isinstance(after, str) else None
    if gone is None:
        return parameters(to_number=come)
    return parameters(from_number=gone) if come is None else _both(gone, come)


def _both(gone: str, come: str) -> Parameters | None:
    return parameters(from_number=gone, to_number=come)


def _last_day(change: Change, table: Table) -> Parameters | None:
    return parameters(day=change.after if isinstance(change.after, str) else None)


def _last_day_under_owner(change: Change, table: Table) -> Parameters | None:
    day = change.after if isinstance(change.after, str) else None
    return parameters(day=day, owner=owner_of(change, table))


def _turn(change: Change) -> str:
    """Whether a value was given, taken away or changed."""
    if change.before is None:
        return "given"
    return "taken" if change.after is None else "changed"


def _turn_under_owner(change: Change, table: Table) -> Parameters | None:
    return parameters(turn=_turn(change), owner=owner_of(change, table))


def _turn_by_owner_type(change: Change, table: Table) -> Parameters | None:
    owner_type = type_of(table, owner_of(change, table))
    return parameters(turn=_turn(change), owner_type=owner_type)


def _paths(change: Change) -> str | None:
    return " ".join(sorted({found.path for found in change.differences})) or None


def _paths_under_owner(change: Change, table: Table) -> Parameters | None:
    return parameters(paths=_paths(change), owner=owner_of(change, table))


def _paths_alone(change: Change, table: Table) -> Parameters | None:
    return parameters(paths=_paths(change))


def _list(change: Change, table: Table) -> Parameters | None:
    return parameters(list=change.subject.partition("/")[0])


_OF_OWNER: Final[tuple[GroupLevel, ...]] = (("under_owner", _owner, MANY),)
LEVELS: Final[Mapping[Grouping, tuple[GroupLevel, ...]]] = {
    Grouping.FIELD: (
        ("field.under_owner", _turn_under_owner, MANY),
        ("field.under_owner_type", _turn_by_owner_type, MANY),
    ),
    Grouping.OWNER: _OF_OWNER,
    Grouping.PLACE: (
        ("under_owner", _owner_or_itself, MANY),
        ("under_owner_type", _owner_type, MANY),
        ("kind_and_type", _kind_and_type, MANY),
    ),
    Grouping.MOVE: (
        ("moved.within_owner", _within, MANY),
        ("moved.type_between_owners", _type_between_owners, MANY),
        ("moved.between_owners", _between_owners, MANY),
        ("moved.type_to_owner", _type_to_owner, MANY),
        ("moved.type_between_owner_types", _type_between_owner_types, MANY),
        ("moved.between_owner_types", _between_owner_types, MANY),
    ),
    Grouping.NAME: _OF_OWNER,  # of those that no words have in common
    Grouping.UNIT_TYPE: (("type.from_to", _from_type_to_type, MANY),),
    Grouping.CLOSURE: (
        ("closure.day_under_owner", _last_day_under_owner, MANY),
        ("closure.day", _last_day, MANY),
        *_OF_OWNER,
    ),
    Grouping.PATHS: (
        ("paths.under_owner", _paths_under_owner, MANY),
        ("paths", _paths_alone, MANY),
    ),
    Grouping.HANDOVER: (("number.handed", _handed, MANY),),
    Grouping.NUMBER: (*_OF_OWNER, ("number.kind", _kind, MANY)),
    Grouping.INHERITED_NUMBER: (("number.inherited", _number_to_number, MANY), *_OF_OWNER),
    Grouping.LIST: (("list", _list, MANY),),
    Grouping.NEVER: (),  # each is what the report is read for
}
