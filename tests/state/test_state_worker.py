"""State records come the same from a process beside the one that sends, and also where that one dies."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from sordiff.changelog import Changelog
from sordiff.event_sink import StateRecord
from sordiff.ndjson.sink import NdjsonSink
from sordiff.service.publish import publish, state_worker
from sordiff.service.publish.publish import PublishOptions, publish_waiting_runs
from sordiff.service.publish.state_records import (
    build_all_state_records,
    build_state_records_of_run,
)
from sordiff.service.publish.state_worker import StateMaker, start_state_maker
from sordiff.store.changelog import SqliteChangelog
from tests.making.growing import random_register
from tests.making.nights import next_night
from tests.state.recorded import AT, Recorded


@pytest.fixture
def recorded(tmp_path: Path) -> SqliteChangelog:
    """Two nights, and a worker is always worth it."""
    rng = random.Random(5)
    register = random_register(rng, units=60)
    nights = Recorded(tmp_path)
    assert nights.take(register, 2, "accepted")
    assert nights.take(next_night(rng, register, days=1), 2, "accepted")
    return SqliteChangelog(nights.database)


@pytest.fixture
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_worker, "_LARGE", 0)
    monkeypatch.setattr(state_worker, "_AT_ONCE", 7)
    monkeypatch.setattr(state_worker, "count_cores", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def _make_here(changelog: SqliteChangelog) -> list[list[StateRecord]]:
    with changelog.open_to_read() as session:
        return [
            list(build_all_state_records(session)),
            list(build_state_records_of_run(session, 1, after_run=0)),
            list(build_state_records_of_run(session, 2, after_run=1)),
        ]


def _make(changelog: SqliteChangelog, maker: StateMaker) -> list[list[StateRecord]]:
    with changelog.open_to_publish() as session:
        return [
            list(maker.make_all(session)),
            list(maker.make_of_run(session, 1, 0)),
            list(maker.make_of_run(session, 2, 1)),
        ]


@pytest.mark.usefixtures("worth_it")
def test_a_worker_makes_the_same_records(recorded: SqliteChangelog) -> None:
    here = _make_here(recorded)
    assert len(here[0]) > 60
    assert here[2]
    with start_state_maker(recorded, is_whole=True) as maker:
        assert maker._worker is not None
        assert _make(recorded, maker) == here
        assert maker._worker is not None
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("worth_it")
@pytest.mark.parametrize("made", [0, 1, 7, 30])
def test_where_a_worker_dies_the_rest_is_made_here(
    recorded: SqliteChangelog, monkeypatch: pytest.MonkeyPatch, made: int
) -> None:
    def answer(*_: object) -> None:
        raise AssertionError

    here = _make_here(recorded)
    if made == 0:
        monkeypatch.setattr(state_worker, "_answer", answer)
    with start_state_maker(recorded, is_whole=True) as maker, recorded.open_to_publish() as session:
        records = maker.make_all(session)
        found = [next(records) for _ in range(made)]
        if made:
            children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
            os.kill(int(children[-1]), signal.SIGKILL)
        found += records
    assert found == here[0]


@pytest.mark.usefixtures("worth_it")
def test_a_worker_holds_no_lock(recorded: SqliteChangelog) -> None:
    with ExitStack() as locks:
        locks.enter_context(recorded.lock_publisher("kafka"))
        with start_state_maker(recorded, is_whole=True) as maker:
            assert _make(recorded, maker)
            locks.close()
            with recorded.lock_publisher("kafka"):
                pass


@pytest.mark.usefixtures("worth_it")
def test_on_one_core_and_beside_threads_there_is_none(
    recorded: SqliteChangelog, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = _make_here(recorded)
    for module, name, told in (
        (state_worker, "count_cores", 1),
        (threading, "active_count", 2),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, lambda told=told: told)
            with start_state_maker(recorded, is_whole=True) as maker:
                assert maker._worker is None
                assert _make(recorded, maker) == here
    with start_state_maker(recorded, is_whole=False) as maker:
        assert maker._worker is None


@pytest.mark.usefixtures("worth_it")
def test_only_for_a_whole_state_a_worker_is_started(
    recorded: SqliteChangelog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[bool] = []

    @contextmanager
    def start(changelog: Changelog, *, is_whole: bool) -> Iterator[StateMaker]:
        begun.append(is_whole)
        with start_state_maker(changelog, is_whole=is_whole) as maker:
            yield maker

    monkeypatch.setattr(publish, "start_state_maker", start)
    options = PublishOptions(now=lambda: AT, new_name="another")
    told = list(publish_waiting_runs(recorded, NdjsonSink(tmp_path / "out"), options))
    assert [row.run_id for row in told] == [1, 2]
    assert not list(publish_waiting_runs(recorded, NdjsonSink(tmp_path / "out"), options))
    whole = PublishOptions(now=lambda: AT, new_name="another", whole_state=True)
    assert list(publish_waiting_runs(recorded, NdjsonSink(tmp_path / "out"), whole))
    assert begun == [True, False, True]
