"""The work of a large night: the same in a worker process as in this one, and whatever becomes of the worker."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, NoReturn

import pytest

from sordiff import worker_process
from sordiff.changelog.records import EncodedEvent
from sordiff.coverage import count_coverage
from sordiff.errors import InternalContradiction
from sordiff.service.ingest import night_work
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.compare import interpret_nights
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.ingest.night_work import work_beside
from sordiff.service.ingest.read_snapshot import build_register
from sordiff.service.ingest.registers import NightPair
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.cli.dumping import dump, write_chain
from tests.laws.pairs import SETTINGS, read
from tests.making.growing import random_register
from tests.making.nights import random_night

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.coverage import Coverage
    from sordiff.service.ingest.compare import Comparison

RUN = 7


@pytest.fixture
def in_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every night is large, and there is a second core."""
    monkeypatch.setattr(night_work, "_FEWEST_FOR_WORKER", 1)
    monkeypatch.setattr(worker_process, "has_second_core", lambda: True)


def told() -> tuple[Comparison, Coverage]:
    """Two versions of the format, so that much is adopted; and the coverage of the night before."""
    rng = random.Random(3)
    register = random_register(rng, units=60)
    later = random_night(rng, register, days=1, intensity=30)
    old, new = read(register, version=1), read(later)
    pair = NightPair(old=build_register(old), tonight=build_register(new))
    return interpret_nights(pair, new, SETTINGS), count_coverage(old.units.values())


def only_here(pids: list[int]) -> int:
    """The one process that noted itself in this memory; 0 where none did."""
    (pid,) = {*pids} or {0}
    return pid


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.usefixtures("in_worker")
def test_a_worker_gives_what_this_process_gives(
    monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    comparison, reference = told()
    here = os.getpid()
    with monkeypatch.context() as alone:
        alone.setattr(night_work, "_FEWEST_FOR_WORKER", 1_000_000)
        with work_beside(comparison, reference, RUN, order_known=True) as wait:
            expected = wait()
    assert expected.adoptions
    assert len(expected.events) == len(comparison.events) > 20
    worked: list[int] = []
    encode = night_work.encode_events

    def encode_or_fail(*arguments: object) -> list[EncodedEvent]:
        worked.append(os.getpid())
        if fails and os.getpid() != here:
            raise MemoryError
        return encode(*arguments)  # type: ignore[arg-type]  # whatever it gets

    monkeypatch.setattr(night_work, "encode_events", encode_or_fail)
    monkeypatch.setattr(night_work, "_AT_ONCE", 10)
    with work_beside(comparison, reference, RUN, order_known=True) as wait:
        assert wait() == expected
    # What the worker noted is in its own memory.
    assert only_here(worked) == (here if fails else 0)


@pytest.mark.usefixtures("in_worker")
def test_what_no_event_explains_is_told_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    comparison, reference = told()

    def contradict(*_: object, order_known: bool) -> NoReturn:
        del order_known
        raise InternalContradiction("sordiff contradicts itself.", advice="Report it.")

    monkeypatch.setattr(night_work, "prove_events", contradict)
    with (
        work_beside(comparison, reference, RUN, order_known=True) as wait,
        pytest.raises(InternalContradiction),
    ):
        wait()


@pytest.mark.usefixtures("in_worker")
def test_a_changelog_is_the_same_row_for_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = [tmp_path / name for name in write_chain(tmp_path, units=150, nights=4)]
    options = IngestOptions(
        user="", recorded_at="2024-01-10T04:00:00+01:00", accept=True, reason="all"
    )

    def record(name: str) -> Path:
        database = tmp_path / name
        list(ingest_snapshots(nights, SqliteChangelog(database), Settings(), options))
        return database

    beside = record("beside.db")
    monkeypatch.setattr(night_work, "_FEWEST_FOR_WORKER", 1_000_000)
    found, alone = dump(beside), dump(record("alone.db"))
    for one in (found, alone):
        del one["changelogs"]  # each has a name of its own
    assert found == alone
    assert len(found["events"]) > 30
