"""A period folded says what the snapshots at its two ends say, however many nights lie between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from sordiff.diff import compare
from sordiff.interpret import interpret
from sordiff.report import Asked, Note
from sordiff.service.query.report import read_report
from sordiff.store.changelog import SqliteChangelog
from tests.looking.recording import recorded
from tests.making.strategies import chains

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.report import Report
    from tests.looking.recording import Told
    from tests.making.plain import PlainRegister

NIGHTS = 4
LAW = settings(max_examples=40)
# Of other types one event may undo what another type told, two say what is one from end to end, or
# (a closing scheduled for a unit that opened) one say it all.
COMPARED = frozenset(
    {
        "unit.created",
        "unit.removed",
        "unit.closed",
        "unit.reopened",
        "unit.moved",
        "unit.renamed",
        "unit.type_changed",
    }
)


@LAW
@given(chains(NIGHTS, intensity=10))
def test_a_period_folded_is_its_two_ends_compared(chain: list[PlainRegister]) -> None:
    with recorded(chain, [2] * NIGHTS, [False] * NIGHTS) as (database, told):
        if len(told) < 3:
            return
        since = told[0].register.day
        folded = read_report(SqliteChangelog(database), Asked(since=since))
        assert folded.headline.since == since
        assert _said(folded) == _from_end_to_end(told)
        unfolded = read_report(SqliteChangelog(database), Asked(since=since, folded=False))
        assert unfolded.calendar == folded.calendar
        for name in unfolded.headline.counts:
            _is_found_by_its_type(database, Asked(since=since, type=name))


def _said(report: Report) -> set[tuple[str, str]]:
    said = set()
    for change in report.changes:
        name = change.type.replace("restored", "created")
        if Note.REMOVED_LATER in change.notes:
            name = "unit.removed"
        if name in COMPARED and Note.REMOVED_AGAIN not in change.notes:
            said.add((name, change.subject))
    return said


def _from_end_to_end(told: list[Told]) -> set[tuple[str, str]]:
    events = interpret(compare(told[0].register, told[-1].register))
    return {(event.name, event.subject) for event in events if event.name in COMPARED}


def _is_found_by_its_type(database: Path, asked: Asked) -> None:
    report = read_report(SqliteChangelog(database), asked)
    assert set(report.headline.counts) <= {asked.type}
    assert report.changes or report.headline.undone
    assert not report.is_empty
