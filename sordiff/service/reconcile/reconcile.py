"""`sordiff reconcile`: a list held against the register."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.model import Day
from sordiff.reconcile.columns import Column, recognise_columns
from sordiff.reconcile.facts import Facts
from sordiff.reconcile.identifiers import ColumnKind, list_likely
from sordiff.reconcile.judge import Judge
from sordiff.reconcile.table import Table
from sordiff.reconcile.verdict import (
    GONE,
    RANK,
    JudgedRow,
    ReconciledColumn,
    Reconciliation,
    Verdict,
)
from sordiff.report import RecordedRun
from sordiff.service.query.show import find_answering_run
from sordiff.service.reconcile.continued import find_continued
from sordiff.service.reconcile.facts import collect_facts

# The unit of such a line may have closed.
_MAY_BE_GONE: Final = GONE | {Verdict.NUMBER_RELEASED, Verdict.NUMBER_MOVED}


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
        run = find_answering_run(session, as_of)
        columns = recognise_columns(table, given or {}, KnownShare(session))
        facts = collect_facts(session, run, collect_wanted(table, columns))
        judge = Judge(facts, since)
        judged = [judge.judge(row, columns) for row in table.rows]
        if _is_newest(session, run):
            judged = _with_successors(session, facts, judged)
        told = judged if since is None else _since(session, table, columns, judged, run, since)
    return _listed(table, columns, facts, run, since, judged, told)


def _listed(  # noqa: PLR0913, PLR0917  # the parts of what it returns
    table: Table,
    columns: tuple[Column, ...],
    facts: Facts,
    run: RecordedRun,
    since: Day | None,
    judged: Sequence[JudgedRow],
    chosen: Sequence[JudgedRow],
) -> JudgedList:
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


def _since(  # noqa: PLR0913, PLR0917  # what a second judgement needs
    session: QuerySession,
    table: Table,
    columns: tuple[Column, ...],
    judged: Sequence[JudgedRow],
    run: RecordedRun,
    since: Day,
) -> list[JudgedRow]:
    """The lines that are still true, and those that became false after that day.

    Days alone don't tell it: a last valid day may be set backwards, and a number that several units
    came to share has no day at all. So what else is false is judged by the register of that day.
    """
    doubtful = {
        one.row.line
        for one in judged
        if not _is_dated(one, since) and one.row.verdict is not Verdict.INVALID
    }
    then = session.runs.find_last_accepted_by(since)
    before: dict[int, Verdict] = {}
    if doubtful and then is not None and then.id < run.id:
        part = replace(table, rows=tuple(row for row in table.rows if row.line in doubtful))
        judge = Judge(collect_facts(session, then, collect_wanted(part, columns)), since)
        before = {row.line: judge.judge(row, columns).row.verdict for row in part.rows}
    return [
        one
        for one in judged
        if _is_dated(one, since)
        or _is_graver(one.row.verdict, before.get(one.row.line, one.row.verdict))
    ]


def _is_dated(judged: JudgedRow, since: Day) -> bool:
    """Whether a line is still true, or its own day lies after that one."""
    if judged.row.verdict is Verdict.CURRENT:
        return True
    return judged.row.since is not None and judged.row.since > since


def _is_graver(now: Verdict, before: Verdict) -> bool:
    """Whether a line is worse off; a unit that was gone already is no news."""
    return RANK[now] < RANK[before] and not {now, before} <= GONE


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
        one.row.unit_id: closed
        for one in judged
        if one.row.suggestion is None
        and one.row.unit_id is not None
        and one.row.verdict in _MAY_BE_GONE
        and (closed := facts.last_day(one.row.unit_id)) is not None
    }
    found = find_continued(session, find_answering_run(session, None), gone)
    return [
        JudgedRow(replace(one.row, suggestion=found[one.row.unit_id]), one.issues)
        if one.row.suggestion is None and one.row.unit_id in found
        else one
        for one in judged
    ]


class KnownShare:
    """How large a share of some values units carry, or once did."""

    def __init__(self, session: QuerySession) -> None:
        self._session = session

    def __call__(self, kind: ColumnKind, values: Sequence[str]) -> float:
        """The share, from 0 to 1."""
        wanted, listed = set(values), self._session.listed
        known = {value for value, _ in listed.find_carriers(kind, wanted)}
        if kind is not ColumnKind.LOCATION_NUMBER and (missing := wanted - known):
            known.update(value for value, _, _ in listed.find_former_carriers(kind, missing))
        return len(known) / len(wanted) if wanted else 0.0
