"""The ordinary nights are ingested once; each test goes on from a copy of their changelog."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from sordiff.report import IngestReport
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.holding.april import ordinary_nights, written
from tests.made_once import make_once
from tests.making.plain import PlainRegister

Ingest = Callable[..., IngestReport]


@pytest.fixture(scope="session")
def spring(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PlainRegister]:
    """A changelog of the ordinary nights, and the last of them."""
    folder = make_once(tmp_path_factory, "spring", _record_spring)
    return folder / "sordiff.db", msgspec.json.decode(
        _last(folder).read_bytes(), type=PlainRegister
    )


def _record_spring(folder: Path) -> None:
    night = None
    for night in ordinary_nights():
        path = written(night, folder)
        report = ingest(folder / "sordiff.db", path)
        assert report.outcome == "recorded", (night.snapshot_date, report.alerts)
        path.unlink()
    _last(folder).write_bytes(msgspec.json.encode(night))


def _last(folder: Path) -> Path:
    return folder / "last_night.json"


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
