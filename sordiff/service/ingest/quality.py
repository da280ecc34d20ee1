"""Data quality of a night that is being recorded: its findings, set against those before."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.changelog.records import FindingTurn, Key, StandingFindings
from sordiff.diff import Changeset
from sordiff.findings import (
    Finding,
    find_findings,
    find_number_findings,
    find_own_findings,
    find_placed_findings,
    find_provider_number_findings,
    list_known_types,
)
from sordiff.model import SorId, Unit
from sordiff.register import Register
from sordiff.report import RecordedRun


class QualityOfNight(Struct, frozen=True, kw_only=True):
    """What became of the findings, and how many stand after the night."""

    turns: tuple[FindingTurn, ...]
    standing: int


def assess_first_night(
    register: Register, look: Callable[[Sequence[Unit]], None] | None = None
) -> QualityOfNight:
    """The findings of a register before which none were recorded; `look`: see find_findings."""
    found = index_findings(find_findings(register, look))
    return QualityOfNight(turns=tuple(find_turns(None, found)), standing=len(found))


def assess_night(session: Session, last: RecordedRun, changes: Changeset) -> QualityOfNight:
    """What became of the findings of the last accepted run.

    Only what the night may have changed is looked at again; of all else it stands as it stood.
    """
    standing = session.findings.count_standing(last.id)
    if standing is None:
        return assess_first_night(changes.new)
    if (list_known_types(changes.old.lists) is None) != (
        list_known_types(changes.new.lists) is None
    ):
        # Every unit type is now judged by lists, or by none: all is looked at.
        before, after = (
            session.findings.read_standing(last.id),
            index_findings(find_findings(changes.new)),
        )
    else:
        before, after = _look_again(session, last, changes)
    turns = find_turns(before, after)
    return QualityOfNight(turns=tuple(turns), standing=standing + len(after) - len(before))


def _look_again(
    session: Session, last: RecordedRun, changes: Changeset
) -> tuple[StandingFindings, StandingFindings]:
    """The findings of whatever the night may have changed, before and after."""
    old, new = changes.old, changes.new
    ids = set(_list_concerned(changes))
    past = [unit for unit in map(old.units.get, ids) if unit is not None]
    present = [unit for unit in map(new.units.get, ids) if unit is not None]
    units = (*past, *present)
    numbers = {unit.number for unit in units if unit.number is not None}
    providers = {unit.provider_number for unit in units if unit.provider_number is not None}
    # Of what is new tonight nothing stands.
    known = {unit.sor_id for unit in past}
    before = session.findings.read_standing_of(last.id, sorted({*known, *numbers, *providers}))
    found = [
        *find_own_findings(present),
        *find_placed_findings(new, present),
        *find_number_findings(new, numbers),
        *find_provider_number_findings(new, providers),
    ]
    return before, index_findings(sorted(found))


def _list_concerned(changes: Changeset) -> Iterator[SorId]:
    """The units of which a finding may have come or gone, themselves or by where they stand."""
    old, new = changes.old, changes.new
    yield from changes.touched
    created = set(changes.created)
    # What is below a created unit that itself is below one is below that one.
    upper = [
        *(sor_id for sor_id in changes.created if new.units[sor_id].parent_id not in created),
        *(
            pair.new.sor_id
            for pair in changes.units
            if _hands_down(pair.old, old) != _hands_down(pair.new, new)
        ),
    ]
    new.look_ahead_below(upper)
    yield from (below.sor_id for sor_id in upper for below in new.descendants(sor_id))
    yield from (pair.new.sor_id for pair in changes.units)
    before, after = (
        list_known_types(old.lists) or frozenset(),
        list_known_types(new.lists) or frozenset(),
    )
    yield from new.carrying("unit_type", before ^ after)


def _hands_down(unit: Unit, register: Register) -> tuple[object, ...]:
    """What of a unit decides on findings of the units below it."""
    return unit.parent_id, unit.kind, unit.to, unit.state(register.day), unit.number


def index_findings(found: Iterable[Finding]) -> StandingFindings:
    """Findings by what they are known by."""
    return {(finding.code, finding.subject): finding for finding in found}


def find_turns(
    before: Mapping[Key, Finding] | None, after: Mapping[Key, Finding]
) -> list[FindingTurn]:
    """What became of each finding; with None before, findings are recorded for the first time."""
    if before is None:
        return [FindingTurn(change="known", finding=found) for found in after.values()]
    turns = [
        FindingTurn(change="new" if key not in before else "changed", finding=found)
        for key, found in after.items()
        if before.get(key) != found
    ]
    turns += [
        FindingTurn(change="resolved", finding=found)
        for key, found in before.items()
        if key not in after
    ]
    return turns
