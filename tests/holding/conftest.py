"""The ordinary nights are ingested once; each test goes on from a copy of their changelog."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from sordiff.report import IngestReport
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.holding.april import ordinary_nights, written
from tests.making.plain import PlainRegister

Ingest = Callable[..., IngestReport]


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlainRegister]:
    """A changelog of the ordinary nights, and the last of them."""
    folder = tmp_path_factory.mktemp("spring")
    database = folder / "sordiff.db"
    night = None
    for night in ordinary_nights():
        report = ingest(database, written(night, folder))
        assert report.outcome == "recorded", (night.snapshot_date, report.alerts)
    assert night is not None
    return database, night


@pytest.fixture
def changelog(spring: tuple[Path, PlainRegister], tmp_path: Path) -> Path:
    """A copy of it to go on from."""
    return Path(shutil.copy(spring[0], tmp_path / "sordiff.db"))


def ingest(database: Path, path: Path, *, accept: bool = False) -> IngestReport:
    """One snapshot, by the service."""
    options = IngestOptions(
        recorded_at="2018-05-01T00:00:00+00:00",
        user="tester",
        accept=accept,
        reason="announced" if accept else None,
    )
    (report,) = ingest_snapshots([path], SqliteChangelog(database), Settings(), options)
    return report
