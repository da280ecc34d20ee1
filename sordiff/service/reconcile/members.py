"""Which units and numbers a list is about, by the register as it stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sordiff.brief_unit import BriefUnit
from sordiff.changelog import QuerySession, Session
from sordiff.errors import SordiffError
from sordiff.model import SorId
from sordiff.reconcile.columns import Column
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.reconcile.kept_list import KeptList, ListMembers, ListRule
from sordiff.reconcile.table import Table
from sordiff.service.query.show import find_answering_run
from sordiff.service.reconcile.facts import collect_facts
from sordiff.service.reconcile.reconcile import collect_wanted


def demand_kept(session: Session, name: str) -> KeptList:
    """The list of that name; SordiffError where there is none."""
    kept = session.kept_lists.find(name)
    if kept is None:
        message = f"There is no list {name}."
        raise SordiffError(message, advice="`sordiff list show` names those that are kept.")
    return kept


def find_members(session: QuerySession, kept: KeptList) -> ListMembers:
    """The members of a list: of a number also who carries it, of a unit also what reaches it."""
    if kept.rule is not None:
        listed = session.listed
        return find_ruled(listed.iterate_briefly(), listed.iterate_gone_briefly(), kept.rule)
    if kept.table is None:
        return ListMembers(units=frozenset(), numbers=frozenset())
    return _find_listed(session, kept.table, kept.columns)


def _find_listed(session: QuerySession, table: Table, columns: tuple[Column, ...]) -> ListMembers:
    wanted = collect_wanted(table, columns)
    facts = collect_facts(session, find_answering_run(session, None), wanted)
    units = {SorId(value) for value in wanted.get(ColumnKind.SOR_ID, ())}
    numbers = set(wanted.get(ColumnKind.LOCATION_NUMBER, ()))
    # The last unit that had a number which nobody has now: what took it away concerns the list.
    lost = {
        key: (former[-1].unit_id,)
        for key, former in facts.former.items()
        if key not in facts.carriers
    }
    for (kind, _), found in (*facts.carriers.items(), *lost.items()):
        # A CVR number is that of an owner, of whose units the list may name one alone.
        if kind is not ColumnKind.CVR or not units:
            units.update(found)
    for sor_id in units:
        effective = facts.effective(sor_id)
        if effective is not None:
            numbers.add(effective.number)
    return ListMembers(units=frozenset(units), numbers=frozenset(numbers))


def find_ruled(
    present: Iterable[BriefUnit], gone: Iterable[BriefUnit], rule: ListRule
) -> ListMembers:
    """The units that a rule means, with those that it meant when they went.

    A region is the unit's own, else that of the unit above; a unit that is gone stands where it
    last stood.
    """
    known = {unit.sor_id: unit for unit in gone}
    here = {unit.sor_id: unit for unit in present}
    known |= here
    places = _find_places(known, rule)
    types = rule.unit_types
    found = {one for one in places if not types or known[one].unit_type in types}
    return ListMembers(
        units=frozenset(found),
        gone=frozenset(found - here.keys()),
        numbers=frozenset(),
        places=frozenset(places),
        rule=rule,
    )


def _find_places(known: Mapping[SorId, BriefUnit], rule: ListRule) -> set[SorId]:
    """The units that stand where the rule says, of whatever type."""
    below: dict[SorId | None, list[SorId]] = defaultdict(list)
    for unit in known.values():
        below[unit.parent_id if unit.parent_id in known else None].append(unit.sor_id)
    found: set[SorId] = set()
    waiting: list[tuple[SorId, str | None, bool]] = [
        (top, None, not rule.under) for top in below[None]
    ]
    while waiting:
        sor_id, region, is_under = waiting.pop()
        region = _region(known[sor_id]) or region
        is_under = is_under or sor_id in rule.under
        if is_under and (not rule.regions or region in rule.regions):
            found.add(sor_id)
        waiting += [(child, region, is_under) for child in below[sor_id]]
    return found


def _region(unit: BriefUnit) -> str | None:
    address = unit.address
    if address is None:
        return None
    blocks = (address.visiting, address.postal, address.activity)
    return next((block.region_code for block in blocks if block and block.region_code), None)
