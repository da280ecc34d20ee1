"""The nights of a history, which a worker process reads ahead."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sordiff.model import Day
from sordiff.report import Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.history import HistorySpan, ingest_history
from sordiff.settings import Settings
from sordiff.snapshot import (
    NightsAhead,
    ReadOptions,
    SnapshotHistory,
    nights_ahead,
    open_history,
)
from sordiff.snapshot.read_history import TouchedNight
from sordiff.store.changelog import SqliteChangelog
from tests.making.tables import write_sor2
from tests.tables.test_history import EXPECTED, states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sordiff.report import IngestReport

SPAN = HistorySpan(first=Day("2020-01-01"), last=Day("2020-01-20"))
OPTIONS = IngestOptions(recorded_at="2030-01-01T00:00:00+00:00", user="tester")


@pytest.fixture(autouse=True)
def _has_second_core(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(nights_ahead, "has_second_core", lambda: True)
    before = _list_children()  # other tests of this process may have servers of their own
    yield
    assert _list_children() <= before, "a worker stayed behind"


def _list_children() -> set[str]:
    """The processes below this one, with those that nobody has waited for."""
    tasks = Path("/proc/self/task").iterdir()
    return {child for task in tasks for child in (task / "children").read_text().split()}


def _write(folder: Path) -> Path:
    path = folder / "f"
    path.write_bytes(write_sor2(states()))
    return path


def _ingest(folder: Path) -> Iterator[IngestReport]:
    return ingest_history(
        _write(folder), SPAN, SqliteChangelog(folder / "years.db"), Settings(), OPTIONS
    )


def _list_told(reports: Iterator[IngestReport]) -> list[tuple[str, str]]:
    told = []
    for report in reports:
        assert report.outcome is Outcome.RECORDED
        told += [(event.type.name, event.subject) for event in report.events]
    return [each for each in told if not each[0].startswith("classification.")]


def _note_days(monkeypatch: pytest.MonkeyPatch, function: str) -> list[Day]:
    """The days that this process reads with a function of the history."""
    days: list[Day] = []
    read = getattr(SnapshotHistory, function)

    def note(history: SnapshotHistory, day: Day) -> object:
        days.append(day)
        return read(history, day)

    monkeypatch.setattr(SnapshotHistory, function, note)
    return days


@pytest.mark.parametrize("cores", [1, 2])
def test_one_core_and_two_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr(nights_ahead, "has_second_core", lambda: cores > 1)
    read_here = _note_days(monkeypatch, "read_touched")
    assert _list_told(_ingest(tmp_path)) == EXPECTED
    assert len(read_here) == (19 if cores == 1 else 0)


@pytest.mark.parametrize("way", ["fails", "is killed"])
def test_where_the_worker_ends_a_night_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """And a worker begins again behind it."""
    encode, here = nights_ahead._encode, os.getpid()
    sent = []

    def encode_three(night: TouchedNight) -> bytes:
        assert os.getpid() != here
        sent.append(night)
        if len(sent) > 3 and way == "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        assert len(sent) <= 3
        return encode(night)

    monkeypatch.setattr(nights_ahead, "_encode", encode_three)
    whole = _note_days(monkeypatch, "read")
    assert _list_told(_ingest(tmp_path)) == EXPECTED
    # 5, 9, 13 and 17 January; of the last three days nobody else reads one.
    assert whole == [f"2020-01-{day:02}" for day in (1, 5, 9, 13, 17)]


def test_who_wants_no_more_nights_ends_the_worker(tmp_path: Path) -> None:
    reports = _ingest(tmp_path)
    assert isinstance(reports, Generator)
    with closing(reports):
        next(reports)
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)  # it is there
    # What the fixture looks for is not.


def test_before_nights_are_begun_none_is_read_ahead(tmp_path: Path) -> None:
    with open_history(_write(tmp_path), ReadOptions()) as history, NightsAhead(history) as ahead:
        assert ahead.read(Day("2020-01-02")) is None
        night = history.read(Day("2020-01-01"))
        history.settle(night.units, night.lists)
        ahead.begin([Day("2020-01-02")])
        later = ahead.read(Day("2020-01-02"))
        assert later is not None
        assert later.touched is not None
        assert not later.touched.read
        ahead.end()
        assert ahead.read(Day("2020-01-03")) is None
