"""Data quality of a night that is being recorded: its findings, set against those before."""

from collections.abc import Iterable
from sqlite3 import Connection

from msgspec import Struct

from sordiff.findings import OWN_CODES, Finding, common_findings, findings_of, own_findings
from sordiff.model import SorId
from sordiff.register import Register
from sordiff.report import RecordedRun
from sordiff.store.findings import (
    FindingTurn,
    Standing,
    findings_known,
    standing_after,
    turns_between,
)


class QualityOfNight(Struct, frozen=True, kw_only=True):
    """What became of the findings, and how many stand after the night."""

    turns: tuple[FindingTurn, ...]
    standing: int


def quality_of_night(
    connection: Connection,
    last: RecordedRun | None,
    register: Register,
    touched: frozenset[SorId],
) -> QualityOfNight:
    """The findings of a register, and what became of those that the last accepted run left.

    What a record alone decides is worked out anew for the touched units only, whose records
    differ; of all others it stands as it stood.
    """
    if last is None or not findings_known(connection, last.id):
        after = by_key(findings_of(register))
        return QualityOfNight(turns=tuple(turns_between(None, after)), standing=len(after))
    before = standing_after(connection, last.id)
    untouched = register.units.keys() - touched
    kept = {
        key: found
        for key, found in before.items()
        if found.code in OWN_CODES and found.subject in untouched
    }
    looked_at = (register.units[sor_id] for sor_id in touched if sor_id in register.units)
    anew = by_key([*own_findings(looked_at), *common_findings(register)])
    after = dict(sorted({**kept, **anew}.items()))
    return QualityOfNight(turns=tuple(turns_between(before, after)), standing=len(after))


def by_key(found: Iterable[Finding]) -> Standing:
    """Findings by what they are known by."""
    return {(finding.code, finding.subject): finding for finding in found}
