"""`sordiff ingest --history`: the nights that lie in one file of states, each recorded as a run."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct, structs

from sordiff.anomalies.dates import find_tomorrow
from sordiff.changelog import Changelog, WriteSession
from sordiff.errors import SordiffError
from sordiff.model import Day
from sordiff.report import IngestReport, Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.every import Every
from sordiff.service.ingest.ingest import answer_known, take_snapshot
from sordiff.service.ingest.read_snapshot import apply_settings
from sordiff.service.ingest.table_nights import fill_snapshot, parse_day
from sordiff.service.present_register import read_present_register
from sordiff.settings import Settings
from sordiff.snapshot import (
    NightsAhead,
    Progress,
    ReadOptions,
    Snapshot,
    SnapshotHistory,
    open_history,
)


class HistorySpan(Struct, frozen=True, kw_only=True):
    """The days of a history, both inclusive."""

    first: Day
    last: Day
    every: Every = Every.DAY


def parse_span(text: str, every: Every) -> HistorySpan:
    """FROM..TO; SordiffError if it is not two days in their order."""
    first, dots, last = text.partition("..")
    advice = "Write it as FROM..TO, such as 2020-01-01..2025-12-31."
    if not dots:
        raise SordiffError(f"{text} is not two days.", advice=advice)
    span = HistorySpan(first=parse_day(first), last=parse_day(last), every=every)
    if span.last < span.first:
        raise SordiffError(f"{span.last} lies before {span.first}.", advice=advice)
    return span


def ingest_history(  # noqa: PLR0913, PLR0917  # as ingest_snapshots, with the days beside
    path: Path,
    span: HistorySpan,
    changelog: Changelog,
    settings: Settings,
    options: IngestOptions,
    progress: Progress | None = None,
) -> Iterator[IngestReport]:
    """Record the nights in their order. A held one is followed by the next, as by night.

    SordiffError, before the file is opened, if the last day is later than tomorrow by
    `options.recorded_at`.
    """
    _refuse_days_ahead(span, options.recorded_at)
    how = apply_settings(ReadOptions(progress=progress), settings)
    with changelog.lock_writer(), open_history(path, how) as history:
        history.demand_states()
        days = _list_days(span, history)
        if span.every is Every.CHANGE:
            options = structs.replace(options, quiet_since=span.first)
        # Read before the changelog is opened: a file that is refused must make none.
        night: Snapshot | None = history.read(days[0])
        with changelog.open_to_write_many() as session, NightsAhead(history) as ahead:
            is_lazy = False
            for count, day in enumerate(days, 1):
                snapshot, night = night, None
                if snapshot is None:
                    known = answer_known(history.name_night(day), session, settings, options)
                    if known is not None:
                        ahead.end()
                        yield known
                        continue
                    snapshot = ahead.read(day) or history.read(day)
                is_whole = snapshot.touched is None
                if is_whole:
                    snapshot = _settle(snapshot, history, session)
                    # A changelog that gives no unit by itself is compared with whole nights.
                    is_lazy = session.state.open_register(snapshot.header) is not None
                report = take_snapshot(snapshot, session, settings, options)
                # Only what was accepted is the night that the next one is compared with.
                if not is_lazy or report.outcome is not Outcome.RECORDED:
                    ahead.end()
                elif is_whole:
                    ahead.begin(days[count:])
                yield report


def _refuse_days_ahead(span: HistorySpan, now: str) -> None:
    """Nights that have not come are no history: each would be recorded, and held as misdated."""
    tomorrow = find_tomorrow(now)
    if span.last > tomorrow:
        message = f"{span.last} is later than tomorrow ({tomorrow})."
        raise SordiffError(message, advice="Name an earlier day as the last one.")


def _list_days(span: HistorySpan, history: SnapshotHistory) -> list[Day]:
    if span.every is Every.CHANGE:
        return history.list_changes(span.first, span.last)
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    count = (last - first).days + 1
    return [Day((first + timedelta(days=n)).isoformat()) for n in range(count)]


def _settle(snapshot: Snapshot, history: SnapshotHistory, session: WriteSession) -> Snapshot:
    """Fill the gaps of a night that is read whole, as what follows is told apart from it."""
    last = session.runs.find_last_accepted()
    if last is None or last.header.version != snapshot.header.version:
        history.settle(snapshot.units, snapshot.lists)
        return snapshot
    before = read_present_register(session, last.header)
    snapshot = fill_snapshot(snapshot, before)
    history.settle(snapshot.units, {**before.lists, **snapshot.lists})
    return snapshot
