"""A sink in plain lists: the smallest thing that keeps the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sordiff.errors import NotPublished
from sordiff.event_sink import (
    ArrivedRunEvent,
    ArrivedRunEvents,
    EventRow,
    OutgoingRun,
    OutgoingRunEvent,
    RunEvent,
    StateRecord,
    StateTopic,
)
from sordiff.wire import build_type

if TYPE_CHECKING:
    from sordiff.event_sink import SinkSession


@dataclass
class Kept:
    """What outlives a publisher."""

    run_events: list[ArrivedRunEvent] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    state: dict[tuple[str, StateTopic, str], bytes] = field(default_factory=dict)
    publishers: dict[str, int] = field(default_factory=dict)


def build_position(events: list[ArrivedRunEvent]) -> str:
    """How many there are, and which."""
    return f"{len(events)}:{hash(tuple(events))}" if events else ""


class MemorySink:
    name = "memory"
    place = "The memory"
    separation = "a memory of its own"
    is_shared = True
    takes_state_of_runs = True

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    def prepare(self) -> None:
        pass

    @contextmanager
    def begin(self, source: str) -> Iterator[SinkSession]:
        number = self._kept.publishers[source] = self._kept.publishers.get(source, 0) + 1
        yield MemorySession(self._kept, source, number)


class MemorySession:
    def __init__(self, kept: Kept, source: str, number: int) -> None:
        self._kept, self._source, self._number = kept, source, number

    def read_run_events(self, since: str = "") -> ArrivedRunEvents:
        events = self._kept.run_events
        told = since.partition(":")[0]
        count = int(told) if told.isdecimal() else 0
        if count == 0 or build_position(events[:count]) != since:
            count, since = 0, ""
        return ArrivedRunEvents(
            events=tuple(events[count:]), since=since, position=build_position(events)
        )

    def send_run(self, run: OutgoingRun) -> int:
        events, states = list(run.events), list(run.states)
        self._write(run_events=[run.started, run.completed], events=events, states=states)
        return len(events) + len(states) + 2

    def send_run_event(self, message: OutgoingRunEvent) -> int:
        self._write(run_events=[message.event])
        return 1

    def replace_state(self, records: Iterable[StateRecord], last_sequence: int) -> int:
        del last_sequence
        states = list(records)
        self._demand_turn()
        mine = [key for key in self._kept.state if key[0] == self._source]
        for key in mine:
            del self._kept.state[key]
        self._write(states=states)
        return len(states)

    def _write(
        self,
        run_events: Iterable[RunEvent] = (),
        events: Iterable[EventRow] = (),
        states: Iterable[StateRecord] = (),
    ) -> None:
        self._demand_turn()
        self._kept.run_events += [self._arrived(event) for event in run_events]
        self._kept.events += events
        for record in states:
            key = (self._source, record.topic, record.key)
            if record.value is None:
                self._kept.state.pop(key, None)
            else:
                self._kept.state[key] = record.value

    def _demand_turn(self) -> None:
        if self._kept.publishers[self._source] != self._number:
            raise NotPublished("Another publisher has taken over.")

    def _arrived(self, event: RunEvent) -> ArrivedRunEvent:
        return ArrivedRunEvent(
            id=event.id,
            type=build_type(event.name),
            source=self._source,
            replay=False,
            data=event.data,
        )
