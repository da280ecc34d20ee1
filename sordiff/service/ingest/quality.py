"""Data quality of a night that is being recorded: its findings, set against those before."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.changelog.records import FindingTurn, Key, Standing
from sordiff.diff import Changeset
from sordiff.findings import (
    Finding,
    findings_of,
    known_types,
    number_findings,
    own_findings,
    placed_findings,
    provider_number_findings,
)
from sordiff.model import SorId, Unit
from sordiff.register import Register
from sordiff.report import RecordedRun


class QualityOfNight(Struct, frozen=True, kw_only=True):
    """What became of the findings, and how many stand after the night."""

    turns: tuple[FindingTurn, ...]
    standing: int


def quality_at_first(register: Register) -> QualityOfNight:
    """The findings of a register before which none were recorded."""
    found = by_key(findings_of(register))
    return QualityOfNight(turns=tuple(turns_between(None, found)), standing=len(found))


def quality_of_night(session: Session, last: RecordedRun, changes: Changeset) -> QualityOfNight:
    """What became of the findings of the last accepted run.

    Only what the night may have changed is looked at again; of all else it stands as it stood.
    """
    standing = session.findings.count_standing(last.id)
    if standing is None:
        return quality_at_first(changes.new)
    if (known_types(changes.old.lists) is None) != (known_types(changes.new.lists) is None):
        # Every unit type is now judged by lists, or by none: all is looked at.
        before, after = session.findings.read_standing(last.id), by_key(findings_of(changes.new))
    else:
        before, after = _looked_at(session, last, changes)
    turns = turns_between(before, after)
    return QualityOfNight(turns=tuple(turns), standing=standing + len(after) - len(before))


def _looked_at(
    session: Session, last: RecordedRun, changes: Changeset
) -> tuple[Standing, Standing]:
    """The findings of whatever the night may have changed, before and after."""
    old, new = changes.old, changes.new
    ids = set(_concerned(changes))
    past = [unit for unit in map(old.units.get, ids) if unit is not None]
    present = [unit for unit in map(new.units.get, ids) if unit is not None]
    units = (*past, *present)
    numbers = {unit.number for unit in units if unit.number is not None}
    providers = {unit.provider_number for unit in units if unit.provider_number is not None}
    before = session.findings.read_standing_of(last.id, sorted({*ids, *numbers, *providers}))
    found = [
        *own_findings(present),
        *placed_findings(new, present),
        *number_findings(new, numbers),
        *provider_number_findings(new, providers),
    ]
    return before, by_key(sorted(found))


def _concerned(changes: Changeset) -> Iterator[SorId]:
    """The units of which a finding may have come or gone, themselves or by where they stand."""
    old, new = changes.old, changes.new
    yield from changes.touched
    for sor_id in changes.created:
        yield from (below.sor_id for below in new.descendants(sor_id))
    for pair in changes.units:
        yield pair.new.sor_id
        if _hands_down(pair.old, old) != _hands_down(pair.new, new):
            yield from (below.sor_id for below in new.descendants(pair.new.sor_id))
    before, after = known_types(old.lists) or frozenset(), known_types(new.lists) or frozenset()
    yield from new.carrying("unit_type", before ^ after)


def _hands_down(unit: Unit, register: Register) -> tuple[object, ...]:
    """What of a unit decides on findings of the units below it."""
    return unit.parent_id, unit.kind, unit.to, unit.state(register.day), unit.number


def by_key(found: Iterable[Finding]) -> Standing:
    """Findings by what they are known by."""
    return {(finding.code, finding.subject): finding for finding in found}


def turns_between(
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
