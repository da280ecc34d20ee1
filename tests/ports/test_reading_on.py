"""Reading on in a sink finds what reading all of it finds: twins live the same, and one forgets each time how far it read."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING

import pytest

from sordiff.changelog.records import Decision
from sordiff.errors import SordiffError
from sordiff.service.publish.forget import forget_sink
from sordiff.service.publish.publish import publish_waiting_runs
from sordiff.service.publish.published_before import remember_published
from sordiff.service.publish.sending import PublishOptions
from tests.ports.changelog_suite import AT, lines, new_run, writing
from tests.ports.memory_changelog.changelog import MemoryChangelog
from tests.ports.memory_changelog.data import Data, Mark
from tests.ports.memory_sink import Kept, MemorySession, MemorySink

if TYPE_CHECKING:
    from sordiff.event_sink import ArrivedRunEvents

SOURCE, STEPS, RUNS = "urn:test", 60, 28
WEIGHTS = {
    "record": 30,
    "publish": 40,
    "hold": 5,
    "release": 5,
    "silent": 3,
    "back_up": 4,
    "restore": 3,
    "lose_marks": 5,
    "cut": 2,
    "adopt": 4,
    "forget": 1,
    "copy_publishes": 3,
    "other_publishes": 2,
}


class _Life:
    """A changelog, its backup, a copy that goes its own way, and the sink that they share."""

    def __init__(self, seed: int, *, forgets: bool) -> None:
        self.dice = random.Random(seed)
        self.forgets = forgets
        self.kept = Kept()
        self.changelog = MemoryChangelog()
        with self.changelog.open_to_write():
            pass
        self.data.own_name = ["own"]
        self.backup = copy.deepcopy(self.data)

    @property
    def data(self) -> Data:
        assert self.changelog.data is not None
        return self.changelog.data

    def step(self) -> object:
        (what,) = self.dice.choices([*WEIGHTS], [*WEIGHTS.values()])
        return what, getattr(self, what)()

    def record(self, state: str = "accepted", **instead: object) -> None:
        number = max(self.data.runs, default=0) + 1
        if number > RUNS:
            return
        before = max((run.id for run in self.data.accepted()), default=None)
        count = 0 if number == 1 else self.dice.randrange(3)
        run = new_run(number, state=state, compared_with=before, **instead)
        with writing(self.changelog) as session:
            session.runs.record(number, run, lines(number, count))
            kind = "run" if run.publish else "state"
            said = f'{{"run":{{"id":{number}}}}}'
            session.outbox.queue(number, "run.held" if state == "held" else kind, AT, said)

    def hold(self) -> None:
        if not any(run.state == "held" for run in self.data.runs.values()):
            self.record("held")

    def silent(self) -> None:
        self.record(publish=False)

    def release(self) -> None:
        held = [run for run in self.data.runs.values() if run.state == "held"]
        if held and held[0].id == max(self.data.runs):
            with writing(self.changelog) as session:
                session.decisions.release(held[0], Decision(user="t", at=AT, reason="r"))
                session.outbox.queue(held[0].id, "run", AT)

    def back_up(self) -> None:
        self.backup = copy.deepcopy(self.data)

    def restore(self) -> None:
        self.changelog.data = copy.deepcopy(self.backup)

    def lose_marks(self) -> None:
        """What no crash does, but a hand may."""
        for key in self.data.marks:
            if self.dice.random() < 0.3:
                self.data.marks[key] = Mark()

    def cut(self) -> None:
        """The topic ends earlier, or begins anew."""
        there = len(self.kept.run_events)
        del self.kept.run_events[self.dice.choice((0, max(0, there - 2))) :]

    def forget(self) -> object:
        try:
            forget_sink(self.changelog, "memory")
        except SordiffError as error:
            return error.message
        return None

    def copy_publishes(self) -> object:
        """A copy under the same name records and publishes what this one doesn't know."""
        return self._aside(copy.deepcopy(self.data))

    def other_publishes(self) -> object:
        data = copy.deepcopy(self.data)
        data.own_name = ["other"]
        return self._aside(data)

    def _aside(self, data: Data) -> object:
        own = self.data
        self.changelog.data = data
        self.record()
        told = self.publish()
        self.changelog.data = own
        return told

    def adopt(self) -> object:
        return self.publish(adopt=True)

    def publish(self, *, adopt: bool = False) -> object:
        sink = MemorySink(self.kept)
        given = len(self.data.accepted())
        try:
            self._forget_how_far()
            remember_published(self.changelog, sink, SOURCE)
            self._forget_how_far()
            options = PublishOptions(now=lambda: AT, new_name=f"name-{given}", adopt=adopt)
            return list(publish_waiting_runs(self.changelog, sink, options))
        except SordiffError as error:
            return error.message, error.advice

    def _forget_how_far(self) -> None:
        if self.forgets:
            self.data.sink_reads.clear()

    def seen(self) -> object:
        """All that anybody can find."""
        told = copy.deepcopy(self.data)
        told.sink_reads.clear()
        return told, self.kept


@pytest.mark.parametrize("seed", [0, 8, 34])
def test_reading_on_finds_what_reading_everything_finds(seed: int) -> None:
    one, other = _Life(seed, forgets=False), _Life(seed, forgets=True)
    for number in range(STEPS):
        assert one.step() == other.step(), number
        assert one.seen() == other.seen(), number


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many run events each reading gave."""
    counts: list[int] = []
    read = MemorySession.read_run_events

    def counting(self: MemorySession, since: str = "") -> ArrivedRunEvents:
        told = read(self, since)
        counts.append(len(told.events))
        return told

    monkeypatch.setattr(MemorySession, "read_run_events", counting)
    return counts


def test_a_night_reads_what_came_since_the_last_one(counted: list[int]) -> None:
    life = _Life(1, forgets=False)
    for _ in range(RUNS):
        life.record()
        life.publish()
    # Before it records and before it publishes: the two run events of the night before.
    assert counted == [0, 0, *[2, 2] * (RUNS - 1)]
    assert len(life.kept.run_events) == 2 * RUNS
