"""State records that a worker process makes are those that this process would make, and none is lost or sent twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sordiff.changelog import Changelog, Session
from sordiff.errors import ChangelogMissing
from sordiff.event_sink import OutgoingRun, SinkSession, StateRecord
from sordiff.ndjson.sink import NdjsonSink
from sordiff.service.publish import state_beside, state_records
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.state_beside import begin_to_build_beside
from sordiff.service.publish.state_records import AskedState, build_state_records
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.ports.memory_changelog import MemoryChangelog
from tests.ports.memory_sink import Kept, MemorySession, MemorySink
from tests.ports.test_both_changelogs import DEMO, PUBLISH, take

MARK = b"made by the worker"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker for every register, in parts of three records."""
    monkeypatch.setattr(state_beside, "has_second_core", lambda: True)
    monkeypatch.setattr(state_beside, "_SMALLEST_CHANGELOG", 0)
    monkeypatch.setattr(state_beside, "_AT_A_TIME", 3)
    monkeypatch.setattr(state_records, "MANY_RECORDS", 0)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the worker makes is marked, so that it can be told apart."""
    here = os.getpid()

    def build(session: Session, asked: AskedState) -> Iterator[StateRecord]:
        for record in build_state_records(session, asked):
            yield record if os.getpid() == here else msgspec.structs.replace(record, value=MARK)

    monkeypatch.setattr(state_beside, "build_state_records", build)


@pytest.fixture(params=["sqlite", "memory"])
def changelog(request: pytest.FixtureRequest, tmp_path: Path) -> Changelog:
    """With the first night of the demonstration."""
    made: Changelog = (
        SqliteChangelog(tmp_path / "sordiff.db") if request.param == "sqlite" else MemoryChangelog()
    )
    take(made, DEMO[0], Settings())
    return made


def build_here(changelog: Changelog, asked: AskedState) -> list[StateRecord]:
    with changelog.open_at_one_moment() as session:
        return list(build_state_records(session, asked))


WHOLE, FIRST = AskedState(1), AskedState(1, after_run=0)


@pytest.mark.parametrize("asked", [WHOLE, FIRST, AskedState(2, after_run=1), AskedState(1, 1)])
def test_the_records_are_the_same(changelog: Changelog, asked: AskedState) -> None:
    take(changelog, DEMO[1], Settings())
    with (
        begin_to_build_beside(changelog) as states,
        changelog.open_at_one_moment() as session,
    ):
        assert list(states.build(session, asked)) == build_here(changelog, asked)


@pytest.mark.usefixtures("marked")
def test_they_are_made_by_the_worker_one_answer_after_the_other(changelog: Changelog) -> None:
    take(changelog, DEMO[1], Settings())
    with begin_to_build_beside(changelog) as states:
        for asked in (FIRST, AskedState(2, after_run=1)):
            with changelog.open_at_one_moment() as session:
                states.expect(session, asked)
                made = list(states.build(session, asked))
            assert {record.value for record in made} == {MARK}


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("core", [1, 2])
def test_few_are_made_here_and_all_are_on_one_core(
    changelog: Changelog, monkeypatch: pytest.MonkeyPatch, core: int
) -> None:
    if core == 1:
        monkeypatch.setattr(state_beside, "has_second_core", lambda: False)
    else:
        monkeypatch.setattr(state_records, "MANY_RECORDS", 1_000_000)
    with begin_to_build_beside(changelog) as states, changelog.open_at_one_moment() as session:
        states.expect(session, FIRST)
        assert list(states.build(session, FIRST)) == build_here(changelog, FIRST)


@pytest.mark.usefixtures("marked")
def test_what_was_not_expected_is_made_here(changelog: Changelog) -> None:
    with begin_to_build_beside(changelog) as states, changelog.open_at_one_moment() as session:
        states.expect(session, WHOLE)
        for asked in (FIRST, WHOLE):
            assert list(states.build(session, asked)) == build_here(changelog, asked)


@pytest.mark.usefixtures("marked")
def test_what_depends_on_something_else_now_is_made_here(changelog: Changelog) -> None:
    with begin_to_build_beside(changelog) as states, changelog.open_at_one_moment() as session:
        states.expect(session, FIRST)
        states.forget_expected()
        assert list(states.build(session, FIRST)) == build_here(changelog, FIRST)


@pytest.mark.usefixtures("marked")
def test_a_worker_that_saw_another_register_is_not_believed(tmp_path: Path) -> None:
    """Another process accepts a night between the question and the moment that is read here."""
    changelog = SqliteChangelog(tmp_path / "sordiff.db")
    take(changelog, DEMO[0], Settings())
    with begin_to_build_beside(changelog) as states:
        with changelog.open_at_one_moment() as session:
            states.expect(session, FIRST)
            worker: Any = states._worker  # its first word: what it has seen
            worker._stream._parts.peek(1)
        take(changelog, DEMO[1], Settings())
        with changelog.open_at_one_moment() as session:
            assert list(states.build(session, FIRST)) == build_here(changelog, FIRST)


@pytest.mark.parametrize("made", [0, 1, 3, 7])
def test_a_worker_that_dies_is_followed_by_this_process(
    changelog: Changelog, monkeypatch: pytest.MonkeyPatch, made: int
) -> None:
    here = os.getpid()

    def build(session: Session, asked: AskedState) -> Iterator[StateRecord]:
        for number, record in enumerate(build_state_records(session, asked)):
            if os.getpid() != here and number == made:
                os._exit(1)
            yield record

    monkeypatch.setattr(state_beside, "build_state_records", build)
    with begin_to_build_beside(changelog) as states, changelog.open_at_one_moment() as session:
        for asked in (FIRST, WHOLE):
            assert list(states.build(session, asked)) == build_here(changelog, asked)


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize("taken", [0, 1])
def test_what_nobody_takes_is_not_taken_for_something_else(
    changelog: Changelog, taken: int
) -> None:
    take(changelog, DEMO[1], Settings())
    with begin_to_build_beside(changelog) as states, changelog.open_at_one_moment() as session:
        for asked in (FIRST, AskedState(2, after_run=1), WHOLE):
            left = states.build(session, asked)
            assert len(list(islice(left, taken))) == taken
        states.expect(session, FIRST)
        for asked in (AskedState(2, after_run=1), FIRST):
            assert list(states.build(session, asked)) == build_here(changelog, asked)


@pytest.mark.parametrize("takes", [True, False])
def test_what_a_sink_does_not_take_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: bool
) -> None:
    changelog = SqliteChangelog(tmp_path / "sordiff.db")
    take(changelog, DEMO[0], Settings())

    def build(session: Session, asked: AskedState) -> Iterator[StateRecord]:
        (tmp_path / "begun").touch()
        return build_state_records(session, asked)

    monkeypatch.setattr(state_beside, "build_state_records", build)
    sink = MemorySink(Kept()) if takes else NdjsonSink(tmp_path / "out")
    list(publish_waiting_runs(changelog, sink, PUBLISH))
    assert (tmp_path / "begun").exists() == takes


@pytest.mark.usefixtures("marked")
def test_the_first_state_and_the_whole_state_are_published_by_a_worker(
    changelog: Changelog,
) -> None:
    for options in (PUBLISH, msgspec.structs.replace(PUBLISH, whole_state=True)):
        kept = Kept()
        told = list(publish_waiting_runs(changelog, MemorySink(kept), options))
        assert [row.arrived_before for row in told] == [False]
        assert {*kept.state.values()} == {MARK}


@pytest.mark.usefixtures("marked")
def test_what_was_begun_before_an_adoption_is_not_sent(changelog: Changelog) -> None:
    """Its records would have the sequences of before."""
    kept, lost = Kept(), MemoryChangelog()
    for night in DEMO[:2]:
        take(lost, night, Settings())
    named = msgspec.structs.replace(PUBLISH, new_name="lost")
    list(publish_waiting_runs(lost, MemorySink(kept), named))
    kept.state.clear()
    adopting = msgspec.structs.replace(PUBLISH, adopt=True)
    list(publish_waiting_runs(changelog, MemorySink(kept), adopting))
    assert kept.state
    assert MARK not in kept.state.values()


def test_nobody_is_at_the_changelog_when_publishing_has_failed(tmp_path: Path) -> None:
    """The log beside it could not be emptied, and the next call would have to look at all pages."""
    changelog = SqliteChangelog(tmp_path / "sordiff.db")
    take(changelog, DEMO[0], Settings())
    with pytest.raises(ZeroDivisionError):
        list(publish_waiting_runs(changelog, FailingSink(Kept()), PUBLISH))
    assert sorted(path.name for path in tmp_path.glob("*-wal")) == []


def test_a_changelog_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ChangelogMissing):
        list(publish_waiting_runs(SqliteChangelog(tmp_path / "a.db"), MemorySink(Kept()), PUBLISH))


class FailingSink(MemorySink):
    """Fails behind the first state record."""

    @contextmanager
    def begin(self, source: str) -> Iterator[SinkSession]:
        yield FailingSession(self._kept, source, 0)


class FailingSession(MemorySession):
    def send_run(self, run: OutgoingRun) -> int:
        assert next(iter(run.states))
        raise ZeroDivisionError
