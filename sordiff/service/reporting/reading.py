"""Reading what a report is made of."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from sordiff.findings import Finding
from sordiff.model import Day, SorId
from sordiff.report import Asked, Headline, Report
from sordiff.report.building import Material, build
from sordiff.report.coded import CODED_FIELDS
from sordiff.report.folding import Folded, folded, in_order
from sordiff.report.mentioned import units_of_changes
from sordiff.report.steps import Step, change_of
from sordiff.service.reporting.period import Period, period_of
from sordiff.service.reporting.units import Units
from sordiff.store import findings, reporting
from sordiff.store.database import opened_to_read

_NIGHTS_SHOWN: Final = 90

_Findings = dict[tuple[str, str], Finding]


def report_of(database: Path, asked: Asked) -> Report:
    """The report of what was asked for; NothingRecorded where no run is that."""
    with opened_to_read(database) as connection:
        period = period_of(connection, asked)
        steps = list(reporting.steps_of(connection, period.runs))
        told = _told(steps, asked, period)
        before, after = _findings(connection, period)
        closings = _closings(connection, period)
        units = Units(connection, period, steps)
        table = units.table(
            units_of_changes(told.changes)
            | {sor_id for _, sor_id in closings or ()}
            | _units_of_findings(before, after)
        )
        return build(
            Material(
                asked=asked,
                headline=_headline(connection, period, len(steps), told.undone),
                changes=told.changes,
                table=table,
                alerts=tuple(reporting.alerts_raised(connection, period.runs)),
                closings=closings,
                findings_before=before,
                findings_after=after,
                nights=tuple(reporting.nights_since(connection, _since(period), period.last.id)),
                unit_types=reporting.texts_of(connection, "unit_type"),
                specialities=reporting.texts_of(connection, "specialities"),
                lists=reporting.lists_serving(connection),
                codes={served: reporting.texts_of(connection, served) for served in CODED_FIELDS},
            )
        )


def _told(steps: Sequence[Step], asked: Asked, period: Period) -> Folded:
    changes = [change_of(step) for step in steps]
    if len(period.runs) == 1:
        return Folded(changes=tuple(changes), undone=0)
    if not asked.folded:
        return Folded(changes=tuple(in_order(changes)), undone=0)
    return folded(changes)


def _headline(connection: Connection, period: Period, events: int, undone: int) -> Headline:
    first, last, before = period.runs[0], period.last, period.before
    versions = (before.header.version, last.header.version) if before else None
    return Headline(
        since=before.header.snapshot_date if before else None,
        until=last.header.snapshot_date,
        nights=sum(run.nights or 0 for run in period.runs),
        nights_missing=sum(run.nights_missing for run in period.runs),
        runs=tuple(run.id for run in period.runs),
        kind=last.kind if first is last else "night",
        state=last.state,
        reason=last.reason if first is last else None,
        units_before=before.units if before else None,
        units=last.units,
        open_units=last.open_units,
        version_change=versions if versions and versions[0] != versions[1] else None,
        first_lists=reporting.first_lists(connection, period.runs),
        counts={},
        events=events,
        undone=undone,
        elsewhere=0,
        warnings=tuple(dict.fromkeys(found for run in period.runs for found in run.warnings)),
    )


def _findings(connection: Connection, period: Period) -> tuple[_Findings | None, _Findings | None]:
    last, before = period.last, period.before
    if findings.count_standing(connection, last.id) is None:
        return None, None
    after = findings.standing_after(connection, last.id)
    if before is None or findings.count_standing(connection, before.id) is None:
        return None, after
    return findings.standing_after(connection, before.id), after


def _units_of_findings(before: _Findings | None, after: _Findings | None) -> set[SorId]:
    """All that are concerned by findings that came or went; of those that stand the first few."""
    then, now = before or {}, after or {}
    return {
        SorId(sor_id)
        for found in (*then.values(), *now.values())
        for sor_id in (found.subject, *found.units)
    }


def _closings(connection: Connection, period: Period) -> tuple[tuple[Day, SorId], ...] | None:
    """The closings to come; None where the register has moved on since the period."""
    if period.base is None or reporting.has_later(connection, period.base):
        return None
    found = reporting.closings_from(connection, period.last.header.snapshot_date)
    return tuple((day, sor_id) for day, sor_id in found)


def _since(period: Period) -> Day:
    last = date.fromisoformat(period.last.header.snapshot_date)
    return Day((last - timedelta(days=_NIGHTS_SHOWN - 1)).isoformat())
