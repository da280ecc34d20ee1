"""Data quality of a night that is being recorded: its findings, set against those before."""

from sqlite3 import Connection

from msgspec import Struct

from sordiff.findings import findings_of
from sordiff.register import Register
from sordiff.report import RecordedRun
from sordiff.store.findings import FindingTurn, findings_known, standing_after, turns_between


class QualityOfNight(Struct, frozen=True, kw_only=True):
    """What became of the findings, and how many stand after the night."""

    turns: tuple[FindingTurn, ...]
    standing: int


def quality_of_night(
    connection: Connection, last: RecordedRun | None, register: Register
) -> QualityOfNight:
    """The findings of a register, and what became of those that the last accepted run left."""
    after = {(found.code, found.subject): found for found in findings_of(register)}
    known = last is not None and findings_known(connection, last.id)
    before = standing_after(connection, last.id) if last is not None and known else None
    return QualityOfNight(turns=tuple(turns_between(before, after)), standing=len(after))
