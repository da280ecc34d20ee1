"""Whole stories through the services, once over SQLite and once over memory: everything that is told is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import MEASURES
from sordiff.changelog import Changelog
from sordiff.changelog.records import Decision, EventQuery
from sordiff.errors import PublishingRefused
from sordiff.report import Outcome
from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.publish import state_beside
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.replay import replay_runs
from sordiff.service.publish.retract import retract_run
from sordiff.service.publish.sending import PublishOptions
from sordiff.service.query.status import read_status
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import DEFAULT_SOURCE, encode_canonically
from tests.ports.memory_changelog import MemoryChangelog
from tests.ports.memory_sink import Kept, MemorySink
from tests.scenarios.telling import ROOT, folders, nights

AT = "2025-03-07T05:00:00+00:00"
DECISION = Decision(user="tester", at=AT, reason="for the test")
# Each changelog has another.
BORN_NAME = re.compile(rb'"changelog":"[0-9a-f]{8}-[0-9a-f-]{27}"')
PUBLISH = PublishOptions(now=lambda: AT, new_name="me")
# Whatever happens is too much, so that every night with an event is held.
STRICT = Settings(alarms=Limits(counts=dict.fromkeys(MEASURES, 0)))
DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
Deciding = Literal["release", "reject", "accept"]
Story = Callable[[Changelog, Kept], list[Any]]


@pytest.fixture(autouse=True)
def worker_beside_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over SQLite a worker makes all state records; over memory this process does."""
    monkeypatch.setattr(state_beside, "has_second_core", lambda: True)
    monkeypatch.setattr(
        state_beside, "_may_hold_many", lambda changelog: isinstance(changelog, SqliteChangelog)
    )
    monkeypatch.setattr(state_beside, "are_many_records", lambda *_: True)


def take(
    changelog: Changelog, path: Path, settings: Settings = STRICT, **instead: Any
) -> tuple[Outcome, int]:
    options = IngestOptions(recorded_at=AT, user="tester", sends_notices=True)
    options = msgspec.structs.replace(options, **instead)
    (report,) = ingest_snapshots([path], changelog, settings, options)
    return report.outcome, report.run_id


def everything(changelog: Changelog, kept: Kept) -> dict[str, Any]:
    """What a changelog tells, and what the sink has."""
    with changelog.open_to_read() as session:
        runs = list(session.runs.iterate())
        told = {
            "runs": runs,
            "events": [encode_canonically(event) for event in session.events.select(EventQuery())],
            "of each run": {
                run.id: [
                    encode_canonically(e) for e in session.events.select(EventQuery(run=run.id))
                ]
                for run in runs
            },
            "counts": {run.id: dict(sorted(session.counts.read(run.id).items())) for run in runs},
            "adoptions": {run.id: session.events.read_adoptions(run.id) for run in runs},
            "alerts": {run.id: session.alerts.read(run.id) for run in runs},
            "coverage": {run.id: session.coverage.read(run.id) for run in runs},
            "fields": {run.id: session.coverage.read_fields(run.id) for run in runs},
            "findings": {run.id: session.findings.read_standing(run.id) for run in runs},
            "notices": session.notices.list_unsent(),
            "units": session.state.read_units(),
            "lists": session.state.read_lists(),
            "waiting": session.outbox.of_sink("memory").list_waiting(),
        }
    stands = read_status(changelog, now=AT)
    told["status"] = msgspec.structs.replace(stands, database="", database_size=0)
    run_events = [
        msgspec.structs.replace(event, data=BORN_NAME.sub(rb'"changelog":"born"', event.data))
        for event in kept.run_events
    ]
    return told | {"run events": run_events, "sent": kept.events, "state": kept.state}


def both(tmp_path: Path, story: Story) -> list[Any]:
    """The story over both; what it tells, and all that stands afterwards, must be the same."""
    sqlite, memory = SqliteChangelog(tmp_path / "sordiff.db"), MemoryChangelog()
    kept = Kept(), Kept()
    told = story(sqlite, kept[0]), story(memory, kept[1])
    assert told[0] == told[1]
    expected, found = everything(sqlite, kept[0]), everything(memory, kept[1])
    for name, value in expected.items():
        assert found[name] == value, name
    return told[0]


DECIDINGS: tuple[Deciding, ...] = ("release", "reject", "accept")


@pytest.mark.parametrize(
    ("folder", "deciding"),
    [
        pytest.param(folder, DECIDINGS[number % 3], id=folder.name)
        for number, folder in enumerate(folders())
    ],
)
def test_a_scenario(tmp_path: Path, folder: Path, deciding: Deciding) -> None:
    def story(changelog: Changelog, kept: Kept) -> list[Any]:
        told: list[Any] = []
        for name in nights(folder):
            told.append(take(changelog, folder / name, accept=deciding == "accept", reason="told"))
            outcome, run_id = told[-1]
            if outcome == Outcome.HELD:
                told += publish_waiting_runs(changelog, MemorySink(kept), PUBLISH)
                decide = release_run if deciding == "release" else reject_run
                told.append(decide(changelog, run_id, DECISION, DEFAULT_SOURCE))
        told += publish_waiting_runs(changelog, MemorySink(kept), PUBLISH)
        return told

    told = both(tmp_path, story)
    assert told


def test_the_demonstration_with_all_that_can_be_done(tmp_path: Path) -> None:
    def story(changelog: Changelog, kept: Kept) -> list[Any]:
        sink = MemorySink(kept)
        whole = msgspec.structs.replace(PUBLISH, whole_state=True)
        told: list[Any] = [take(changelog, DEMO[0], Settings(), dry_run=True)]
        told.append(take(changelog, DEMO[0]))
        told += publish_waiting_runs(changelog, sink, whole)
        told.append(take(changelog, DEMO[1], Settings(), publish=False))
        told.append(take(changelog, DEMO[2]))
        told.append(take(changelog, DEMO[2]))  # known
        told.append(take(changelog, DEMO[2], accept=True, reason="announced"))
        told += publish_waiting_runs(changelog, sink, PUBLISH)
        told.append(retract_run(changelog, 4, DECISION, DEFAULT_SOURCE))
        told += publish_waiting_runs(changelog, sink, PUBLISH)
        told += replay_runs(changelog, MemorySink(Kept()), 0)
        return told

    told = both(tmp_path, story)
    outcomes = [one[0] for one in told if isinstance(one, tuple)]
    assert outcomes == [
        Outcome.WOULD_RECORD,
        Outcome.RECORDED,
        Outcome.RECORDED,
        Outcome.HELD,
        Outcome.KNOWN_HELD,
        Outcome.RECORDED,
    ]


def test_what_another_changelog_published_is_adopted(tmp_path: Path) -> None:
    adopting = msgspec.structs.replace(PUBLISH, new_name="me again", adopt=True)

    def story(changelog: Changelog, kept: Kept) -> list[Any]:
        lost = MemoryChangelog()
        for night in DEMO[:2]:
            take(lost, night, Settings())
        list(
            publish_waiting_runs(
                lost, MemorySink(kept), msgspec.structs.replace(PUBLISH, new_name="lost")
            )
        )
        take(changelog, DEMO[0], Settings())
        take(changelog, DEMO[2], Settings())
        with pytest.raises(PublishingRefused):
            list(publish_waiting_runs(changelog, MemorySink(kept), PUBLISH))
        told: list[Any] = list(publish_waiting_runs(changelog, MemorySink(kept), adopting))
        told += publish_waiting_runs(changelog, MemorySink(kept), PUBLISH)
        return told

    both(tmp_path, story)


class SecondSink(MemorySink):
    name = "second"


def test_sequences_that_another_sink_has_are_not_given_anew(tmp_path: Path) -> None:
    """Adopting would number run 2 behind what is there; the first sink has it already, as it is."""

    def story(changelog: Changelog, kept: Kept) -> list[Any]:
        lost, second = MemoryChangelog(), Kept()
        for night in DEMO[:2]:
            take(lost, night, Settings())
        list(
            publish_waiting_runs(
                lost, SecondSink(second), msgspec.structs.replace(PUBLISH, new_name="lost")
            )
        )
        take(changelog, DEMO[0], Settings())
        take(changelog, DEMO[2], Settings())
        told: list[Any] = list(publish_waiting_runs(changelog, MemorySink(kept), PUBLISH))
        adopting = msgspec.structs.replace(PUBLISH, new_name="me again", adopt=True)
        with pytest.raises(PublishingRefused, match="was published to memory as it is"):
            list(publish_waiting_runs(changelog, SecondSink(second), adopting))
        assert len(second.run_events) == 4
        return told

    both(tmp_path, story)


def test_a_sink_that_is_ahead_of_what_was_adopted_is_not_overwritten(tmp_path: Path) -> None:
    """One sink was behind when its runs were adopted: the other has sequences beyond those."""

    def story(changelog: Changelog, kept: Kept) -> list[Any]:
        lost, ahead = MemoryChangelog(), Kept()
        naming = msgspec.structs.replace(PUBLISH, new_name="lost")
        take(lost, DEMO[0], Settings())
        list(publish_waiting_runs(lost, MemorySink(kept), naming))
        take(lost, DEMO[1], Settings())
        list(publish_waiting_runs(lost, SecondSink(ahead), naming))
        take(changelog, DEMO[0], Settings())
        take(changelog, DEMO[2], Settings())
        adopting = msgspec.structs.replace(PUBLISH, new_name="me again", adopt=True)
        told: list[Any] = list(publish_waiting_runs(changelog, MemorySink(kept), adopting))
        with pytest.raises(PublishingRefused, match="and run 2 begins with 1"):
            list(publish_waiting_runs(changelog, SecondSink(ahead), PUBLISH))
        return told

    both(tmp_path, story)
