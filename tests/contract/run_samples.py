"""One message of each kind that is told of runs, from three nights of the demonstration: held, decided, published."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from sordiff.anomalies.limits import Limits
from sordiff.changelog.records import Decision
from sordiff.report import RecordedRun
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.publish.outbox_entries import (
    Publication,
    build_run_completed,
    build_run_started,
)
from sordiff.service.publish.retract import retract_run
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import open_to_read
from sordiff.wire import DEFAULT_SOURCE, encode_canonically
from tests.scenarios.telling import ROOT

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
OPTIONS = IngestOptions(recorded_at="2024-03-06T04:30:00+00:00", user="sordrift")
SINK = "kafka"
CHANGELOG = "7f1c1c9a-5a0f-4a53-9c4f-0d1f6a9d2f57"
HOLDING = Settings(alarms=msgspec.convert({"counts": {"unit.created": {"count": 2}}}, Limits))
DECISION = Decision(user="sordrift", at="2024-03-06T07:12:00+00:00", reason="Aftalt med regionen")
WRONG = Decision(user="sordrift", at="2024-03-06T09:40:00+00:00", reason="Forkert fil")


def run_samples() -> dict[str, dict[str, Any]]:
    """The data of each kind, by its name."""
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, dict[str, Any]] = {}
        for decide in (_released, _rejected, _settled, _unusual):
            found |= decide(Path(folder) / f"{decide.__name__}.db")
    return {name: found[name] for name in RUN_EVENT_TYPES}


def _recorded(database: Path) -> None:
    list(ingest_snapshots(DEMO[:2], SqliteChangelog(database), Settings(), OPTIONS))


def _released(database: Path) -> dict[str, dict[str, Any]]:
    _recorded(database)
    list(ingest_snapshots(DEMO[2:], SqliteChangelog(database), HOLDING, OPTIONS))
    release_run(SqliteChangelog(database), 3, DECISION, DEFAULT_SOURCE)
    with SqliteChangelog(database).open_to_write() as session:
        outbox = session.outbox.of_sink(SINK)
        outbox.register("now")
        outbox.mark_published([row.id for row in outbox.list_waiting()], "now")
    retract_run(SqliteChangelog(database), 3, WRONG, DEFAULT_SOURCE)
    with SqliteChangelog(database).open_to_read() as session:
        run = session.runs.find(3)
        assert isinstance(run, RecordedRun)
        told = (
            build_run_started(session, run),
            build_run_completed(session, run, Publication(changelog=CHANGELOG, sink=SINK)),
        )
        found = {data.NAME: json.loads(encode_canonically(data)) for data in told}
    return found | _told(database)


def _rejected(database: Path) -> dict[str, dict[str, Any]]:
    _recorded(database)
    list(ingest_snapshots(DEMO[2:], SqliteChangelog(database), HOLDING, OPTIONS))
    reject_run(SqliteChangelog(database), 3, WRONG, DEFAULT_SOURCE)
    return _told(database)


def _settled(database: Path) -> dict[str, dict[str, Any]]:
    _recorded(database)
    list(ingest_snapshots(DEMO[2:], SqliteChangelog(database), HOLDING, OPTIONS))
    accepting = msgspec.structs.replace(OPTIONS, accept=True, reason="Aftalt med regionen")
    list(ingest_snapshots(DEMO[2:], SqliteChangelog(database), Settings(), accepting))
    return _told(database)


def _unusual(database: Path) -> dict[str, dict[str, Any]]:
    _recorded(database)
    accepting = msgspec.structs.replace(OPTIONS, accept=True, reason="Aftalt med regionen")
    list(ingest_snapshots(DEMO[2:], SqliteChangelog(database), HOLDING, accepting))
    return _told(database)


def _told(database: Path) -> dict[str, dict[str, Any]]:
    with open_to_read(database) as connection:
        rows = connection.execute("SELECT kind, message FROM outbox WHERE message IS NOT NULL")
        return {kind: json.loads(message) for kind, message in rows}
