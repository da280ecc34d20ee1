"""`sordiff reconcile`: a list held against the register."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.model import Day, SorId
from sordiff.reconcile.columns import Column, recognise_columns
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, list_likely
from sordiff.reconcile.judge import Judge
from sordiff.reconcile.meaning import Meaning
from sordiff.reconcile.table import Table
from sordiff.reconcile.verdict import (
    GONE,
    JudgedRow,
    ReconciledColumn,
    Reconciliation,
    Suggestion,
    Verdict,
)
from sordiff.report import RecordedRun
from sordiff.service.query.show import answering_run
from sordiff.service.reconcile.facts import collect_facts
from sordiff.service.reconcile.successors import find_successors


class JudgedList(Struct, frozen=True, kw_only=True):
    """A list with the verdicts on its lines, and what a correction of it needs beside them."""

    told: Reconciliation
    table: Table
    columns: tuple[Column, ...]
    judged: tuple[JudgedRow, ...]
    facts: Facts


def reconcile(
    changelog: QueryableChangelog,
    table: Table,
    *,
    given: Mapping[str, ColumnKind | None] | None = None,
    as_of: Day | None = None,
    since: Day | None = None,
) -> JudgedList:
    """The list by the register of today or of a day; of `since`, only what became false after it.

    `given`: what the user says that columns hold; None for one that is to be carried along.
    """
    with changelog.open_to_query() as session:
        run = answering_run(session, as_of)
        columns = recognise_columns(table, given or {}, KnownShare(session))
        facts = collect_facts(session, run, collect_wanted(table, columns))
        judge = Judge(facts, since)
        judged = [judge.judge(row, columns) for row in table.rows]
        if _is_newest(session, run):
            judged = _with_successors(session, facts, judged)
    return _listed(table, columns, facts, run, since, judged)


def _listed(  # noqa: PLR0913, PLR0917  # the parts of what it returns
    table: Table,
    columns: tuple[Column, ...],
    facts: Facts,
    run: RecordedRun,
    since: Day | None,
    judged: Sequence[JudgedRow],
) -> JudgedList:
    chosen = [one for one in judged if _is_told(one, since)]
    counts = Counter(one.row.verdict for one in chosen)
    told = Reconciliation(
        list=table.name,
        day=facts.day,
        run=run.id,
        since=since,
        columns=tuple(
            ReconciledColumn(name=table.columns[one.place], kind=one.kind) for one in columns
        ),
        lines=len(table.rows),
        counts={verdict: counts[verdict] for verdict in Verdict if counts[verdict]},
        earlier=len(judged) - len(chosen),
        rows=tuple(one.row for one in chosen),
    )
    return JudgedList(told=told, table=table, columns=columns, judged=tuple(judged), facts=facts)


def _is_told(judged: JudgedRow, since: Day | None) -> bool:
    """Whether a line is still true, or became false after the day that was asked for."""
    if since is None or judged.row.verdict is Verdict.CURRENT:
        return True
    return judged.row.since is not None and judged.row.since > since


def _is_newest(session: QuerySession, run: RecordedRun) -> bool:
    newest = session.runs.find_last_accepted()
    return newest is not None and newest.id == run.id


def collect_wanted(table: Table, columns: Iterable[Column]) -> dict[ColumnKind, set[str]]:
    """The numbers on a list by kind, to be looked up; NAME is there where it has names."""
    wanted: dict[ColumnKind, set[str]] = defaultdict(set)
    for place, kind in ((one.place, one.kind) for one in columns):
        if kind is ColumnKind.NAME:
            continue
        for row in table.rows:
            if place < len(row.cells) and row.cells[place]:
                wanted[kind].update(
                    list_likely(kind, row.cells[place], numeric=place in row.numeric)
                )
    if any(column.kind is ColumnKind.NAME for column in columns):
        wanted[ColumnKind.NAME].add("")
    return wanted


def _with_successors(
    session: QuerySession, facts: Facts, judged: Sequence[JudgedRow]
) -> list[JudgedRow]:
    """With who probably goes on, for units that are gone and have no heir by the register."""
    gone = {
        one.row.unit_id: _last_day(facts, one.row.unit_id)
        for one in judged
        if one.row.suggestion is None and one.row.unit_id is not None and _is_gone(facts, one)
    }
    found = find_successors(session, facts.day, gone)
    if not found:
        return list(judged)
    # The suggested units are not among those of the list, and their numbers must be known.
    more = collect_facts(
        session, _newest(session), {ColumnKind.SOR_ID: {one.sor_id for one in found.values()}}
    )
    suggesting = Meaning(more)
    return [
        _suggested(one, suggesting.suggest(best.sor_id, round(best.score, 4), best.reasons))
        if one.row.suggestion is None
        and one.row.unit_id is not None
        and (best := found.get(one.row.unit_id)) is not None
        else one
        for one in judged
    ]


def _newest(session: QuerySession) -> RecordedRun:
    return answering_run(session, None)


def _suggested(one: JudgedRow, suggestion: Suggestion) -> JudgedRow:
    # A probability is below one, however much speaks for it: one is the register's own word.
    inferred = replace(suggestion, score=min(suggestion.score, 0.9999))
    return JudgedRow(replace(one.row, suggestion=inferred), one.issues)


def _is_gone(facts: Facts, one: JudgedRow) -> bool:
    if one.row.verdict in GONE:
        return True
    unit_id = one.row.unit_id
    return (
        one.row.verdict is Verdict.NUMBER_RELEASED
        and unit_id is not None
        and not facts.is_open(unit_id)
    )


def _last_day(facts: Facts, sor_id: SorId) -> Day:
    unit = facts.known(sor_id)
    gone = facts.gone.get(sor_id)
    if unit is not None and unit.to is not None and (gone is None or unit.to < gone[1].day):
        return unit.to
    day = date.fromisoformat(gone[1].day if gone else facts.day)
    return Day((day - timedelta(days=1)).isoformat())


class KnownShare:
    """How large a share of some values units carry, or once did."""

    def __init__(self, session: QuerySession) -> None:
        self._session = session

    def __call__(self, kind: ColumnKind, values: Sequence[str]) -> float:
        """The share, from 0 to 1."""
        wanted = set(values)
        known = {value for value, _ in self._session.listed.find_carriers(kind, wanted)}
        return len(known) / len(wanted) if wanted else 0.0
