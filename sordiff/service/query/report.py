"""Reading what a report is made of."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from msgspec.structs import replace

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.collection import hold_until_left
from sordiff.findings import Finding
from sordiff.model import Day, SorId, count_nights_between
from sordiff.reconcile.kept_list import KeptList, ListMembers
from sordiff.report import Asked, Headline, HeldRun, Night, Report, TakenBackRun
from sordiff.report.build import Material, build_report
from sordiff.report.code_texts import CODED_FIELDS
from sordiff.report.groups.names_beside import begin_to_group_names
from sordiff.report.referenced_units import collect_named_units
from sordiff.service.query.period_changes import PeriodChanges, fold_period, read_told
from sordiff.service.query.report_period import NothingRecorded, Period, choose_period
from sordiff.service.query.report_request import build_unknown_id, covers_subjects
from sordiff.service.query.report_successors import add_successors
from sordiff.service.query.report_units import Units
from sordiff.service.query.units_beside import begin_to_read_units, is_of_many_nights

_NIGHTS_SHOWN: Final = 90

_Findings = dict[tuple[str, str], Finding]


def read_report(
    changelog: QueryableChangelog,
    asked: Asked,
    kept: KeptList | None = None,
    *,
    suggests: bool = True,
    may_fork: bool = False,
) -> Report:
    """The report of what was asked for; NothingRecorded where no run is that.

    `kept`: the list that is asked for, whose name stands in `asked`. `suggests`: with
    who probably goes on in place of units that are gone, which takes longer than all the rest.
    `may_fork`: for a process of this one report, without threads. Of many changes a worker process
    does a part, and what the report was made of is held until the process leaves.
    """
    with (
        begin_to_read_units(changelog, asked, may_fork=may_fork) as wait_for_units,
        begin_to_group_names(may_fork=may_fork and _asks_for_all(asked)) as names,
        changelog.open_to_query() as session,
    ):
        unknown = build_unknown_id(session, asked)
        try:
            period = choose_period(session, asked)
        except NothingRecorded:
            if unknown is not None:
                raise unknown from None
            raise
        told = read_told(session, period)
        if unknown is not None and (period.is_accepted or not covers_subjects(asked, told.steps)):
            raise unknown
        changes = fold_period(told, asked, period)
        wait_for_names = names.begin(changes.folded.changes)
        if suggests:
            told_on = add_successors(session, period, changes.folded.changes)
            changes = replace(changes, folded=replace(changes.folded, changes=told_on))

        @cache
        def find_units() -> Units:
            return Units(session, period, told.steps, wait_for_units(session))

        material = _read_material(session, period, asked, changes, find_units)
        material = replace(
            material, members=_find_members(session, kept), wait_for_names=wait_for_names
        )
        if may_fork:
            hold_until_left((told, find_units(), material))
        return build_report(material)


def _asks_for_all(asked: Asked) -> bool:
    """Whether all changes of many nights are asked for, so that there may be many new names."""
    return is_of_many_nights(asked) and asked.type is None


def _find_members(session: QuerySession, kept: KeptList | None) -> ListMembers | None:
    """The members of the list that is asked for; most ask for none, and load nothing of lists."""
    if kept is None:
        return None
    from sordiff.service.reconcile.members import find_members

    return find_members(session, kept)


def _read_material(
    session: QuerySession,
    period: Period,
    asked: Asked,
    changes: PeriodChanges,
    find_units: Callable[[], Units],
) -> Material:
    """All but the changes; the units last, which a worker process may still be reading."""
    before, after = _findings(session, period)
    closings = _closings(session, period)
    mentioned = (
        collect_named_units((*changes.folded.changes, *changes.scheduled))
        | (collect_named_units(changes.folded.undone) if asked.under else set())
        | {sor_id for sor_id in (asked.unit, asked.under) if sor_id is not None}
        | {sor_id for _, sor_id in closings or ()}
        | _units_of_findings(before, after)
    )
    return Material(
        asked=asked,
        headline=_headline(session, period, asked, changes.events),
        folded=changes.folded,
        scheduled=changes.scheduled,
        alerts=tuple(session.report.list_alerts(period.in_all)),
        closings=closings,
        findings_before=before,
        findings_after=after,
        nights=_nights(session, period, asked),
        unit_types=session.report.read_texts("unit_type"),
        specialities=session.report.read_texts("specialities"),
        lists=session.report.read_lists_serving(),
        codes={served: session.report.read_texts(served) for served in CODED_FIELDS},
        table=find_units().table(mentioned),
    )


def _headline(session: QuerySession, period: Period, asked: Asked, events: int) -> Headline:
    first, last, before = period.runs[0], period.last, period.before
    versions = (before.header.version, last.header.version) if before else None
    return Headline(
        since=before.header.snapshot_date if before else None,
        until=last.header.snapshot_date,
        nights=_count_nights(period),
        nights_missing=sum(r.nights_missing for r in period.runs if r.corrected_by is None),
        runs=tuple(run.id for run in period.runs),
        kind=last.kind if first is last else "night",
        state=last.state,
        reason=last.reason if first is last else None,
        units_before=before.units if before else None,
        units=last.units,
        open_units=last.open_units,
        version_change=versions if versions and versions[0] != versions[1] else None,
        first_lists=session.report.list_first_lists(period.runs),
        counts={},
        events=events,
        undone=0,
        elsewhere=0,
        warnings=tuple(dict.fromkeys(found for run in period.runs for found in run.warnings)),
        held_runs=_held_runs(period, asked),
        corrects=last.corrects if first is last else None,
        taken_back=_taken_back(period),
        recorded_at=last.recorded_at,
    )


def _count_nights(period: Period) -> int:
    """From the night before to the last one; a wrong night between may have been of any day."""
    first, last = period.runs[0], period.last
    if first is last:
        return first.nights or 0
    before = (period.before or first).header.snapshot_date
    return count_nights_between(before, last.header.snapshot_date)


def _taken_back(period: Period) -> tuple[TakenBackRun, ...]:
    return tuple(
        TakenBackRun(
            run=run.id,
            day=run.header.snapshot_date,
            corrected_by=run.corrected_by,
            retracted_by=run.retracted_by,
            retracted_reason=run.retracted_reason,
        )
        for run in period.runs
        if run.is_taken_back
    )


def _held_runs(period: Period, asked: Asked) -> tuple[HeldRun, ...]:
    """Of one run that was asked for by itself the headline's state says it all."""
    if asked.since is None and asked.until is None:
        return ()
    return tuple(
        HeldRun(
            run=run.id,
            day=run.header.snapshot_date,
            state=run.state,
            reason=run.reason,
        )
        for run in period.in_all
        if run.state != "accepted"
    )


def _nights(session: QuerySession, period: Period, asked: Asked) -> tuple[Night, ...]:
    """The last nights in figures; of a type alone where one was asked for.

    How many changes there were below one unit could only be told by reading all of them.
    """
    if asked.is_of_a_part:
        return ()
    found = session.report.list_nights(_since(period), period.last.id)
    if asked.type is None:
        return tuple(found)
    of_type = [replace(night, counts=_of_type(night.counts, asked.type)) for night in found]
    return tuple(of_type) if any(night.counts for night in of_type) else ()


def _of_type(counts: Mapping[str, int], name: str) -> dict[str, int]:
    return {name: counts[name]} if name in counts else {}


def _findings(session: QuerySession, period: Period) -> tuple[_Findings | None, _Findings | None]:
    last, before = period.last, period.before
    if session.findings.count_standing(last.id) is None:
        return None, None
    after = session.findings.read_standing(last.id)
    if before is None or session.findings.count_standing(before.id) is None:
        return None, after
    return session.findings.read_standing(before.id), after


def _units_of_findings(before: _Findings | None, after: _Findings | None) -> set[SorId]:
    """All that are concerned by findings that came or went; of those that stand the first few."""
    then, now = before or {}, after or {}
    return {
        SorId(sor_id)
        for found in (*then.values(), *now.values())
        for sor_id in (found.subject, *found.units)
    }


def _closings(session: QuerySession, period: Period) -> tuple[tuple[Day, SorId], ...] | None:
    """The closings to come; None where the register has moved on since the period."""
    if period.base is None or session.runs.has_later(period.base):
        return None
    found = session.report.list_closings(period.last.header.snapshot_date)
    return tuple((day, sor_id) for day, sor_id in found)


def _since(period: Period) -> Day:
    last = date.fromisoformat(period.last.header.snapshot_date)
    return Day((last - timedelta(days=_NIGHTS_SHOWN - 1)).isoformat())
