"""Who probably goes on in place of units that are gone, as `show` and `history` say it, too."""

from collections.abc import Mapping

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from sordiff.changelog import QuerySession
from sordiff.changelog.register_index import RegisterIndex
from sordiff.model import Day, SorId
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.reconcile.meaning import Meaning
from sordiff.reconcile.verdict import Suggestion
from sordiff.report import RecordedRun
from sordiff.service.reconcile.facts import collect_facts
from sordiff.service.reconcile.successors import find_successors

# A probability is below one, however much speaks for it: one is the register's own word.
_MOST_LIKELY = 0.9999


def find_continued(
    session: QuerySession,
    run: RecordedRun,
    gone: Mapping[SorId, Day],
    index: RegisterIndex | None = None,
) -> dict[SorId, Suggestion]:
    """The likely successors by today's register; `gone`: the last valid days of the units.

    `run`: the last accepted one. `index`: of today's register; with it few units are read for one
    that is gone, and without it all that opened in those months.
    """
    found = find_successors(session, run.header.snapshot_date, gone, index)
    if not found:
        return {}
    heirs = {one.sor_id for one in found.values()}
    meaning = Meaning(collect_facts(session, run, {ColumnKind.SOR_ID: heirs}))
    return {
        sor_id: replace(
            meaning.suggest(best.sor_id, 1.0, best.reasons),
            score=min(round(best.score, 4), _MOST_LIKELY),
        )
        for sor_id, best in found.items()
    }


def find_successor(
    session: QuerySession, sor_id: SorId, index: RegisterIndex | None = None
) -> Suggestion | UnsetType:
    """The same of one unit, if it is gone and the register names nobody."""
    run = session.runs.find_last_accepted()
    if run is None:
        return UNSET
    facts = collect_facts(session, run, {ColumnKind.SOR_ID: {sor_id}})
    unit = facts.known(sor_id)
    closed = facts.last_day(sor_id)
    if closed is None or (unit is not None and unit.replaced_by):
        return UNSET
    return find_continued(session, run, {sor_id: closed}, index).get(sor_id, UNSET)
