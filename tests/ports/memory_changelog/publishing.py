"""What is to be published, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from sordiff.changelog import publishing
from sordiff.changelog.records import ChangedState, LastChange, OutboxRow, ReachedRun, SinkRead
from sordiff.event_sink import LOCATION_NUMBERS, UNITS
from sordiff.report import Unpublished
from tests.ports.memory_changelog.data import Data, Mark, Row


class SinkOutbox(publishing.SinkOutbox):
    def __init__(self, data: Data, sink: str) -> None:
        self.data, self.sink = data, sink

    def register(self, at: str) -> None:
        del at
        self.data.sinks.setdefault(self.sink, False)

    def forget(self) -> None:
        for key in [key for key in self.data.marks if key[0] == self.sink]:
            del self.data.marks[key]
        for number in [n for n, row in self.data.outbox.items() if row.sink == self.sink]:
            del self.data.outbox[number]
        self.data.sinks.pop(self.sink, None)
        self.data.sink_reads.pop(self.sink, None)

    def queue_anew(self, run_id: int, kind: str, recorded_at: str) -> None:
        same = [n for n, row in self.data.outbox.items() if row[:3] == (run_id, kind, self.sink)]
        for number in same:
            del self.data.outbox[number]
        _append(self.data, Row(run_id, kind, self.sink, None, recorded_at))

    def _mark(self, number: int) -> Mark:
        return self.data.marks.get((self.sink, number), Mark())

    def _rows(self) -> list[OutboxRow]:
        return [
            OutboxRow(
                id=number,
                run_id=row.run_id,
                kind="run" if self._mark(number).demanded else row.kind,
                message=row.message,
                recorded_at=row.recorded_at,
                attempted_at=self._mark(number).attempted_at,
                source=self.data.runs[row.run_id].source,
            )
            for number, row in sorted(self.data.outbox.items())
            if row.sink in {"", self.sink}
        ]

    def demand_histories(self, run_ids: Iterable[int]) -> None:
        for run_id in run_ids:
            for number, row in self.data.outbox.items():
                if row[:2] == (run_id, "state"):
                    self.data.marks[self.sink, number] = Mark(demanded=True)

    def list_waiting(self) -> list[OutboxRow]:
        return [row for row in self._rows() if self._mark(row.id).published_at is None]

    def list_published(self, kinds: AbstractSet[str] | None = None) -> list[OutboxRow]:
        there = [row for row in self._rows() if self._mark(row.id).published_at is not None]
        return there if kinds is None else [row for row in there if row.kind in kinds]

    def find_published(self, run_id: int, kind: str) -> int | None:
        there = self.list_published({kind})
        return next((row.id for row in there if row.run_id == run_id), None)

    def find_read(self) -> SinkRead | None:
        return self.data.sink_reads.get(self.sink)

    def note_read(self, read: SinkRead | None) -> None:
        if read is None:
            self.data.sink_reads.pop(self.sink, None)
        elif self.sink in self.data.sinks:
            self.data.sink_reads[self.sink] = read

    def mark_attempted(self, numbers: Iterable[int], at: str) -> None:
        for number in numbers:
            self.data.marks[self.sink, number] = self._mark(number)._replace(attempted_at=at)

    def mark_published(self, numbers: Iterable[int], at: str) -> None:
        for number in numbers:
            self.data.marks[self.sink, number] = self._mark(number)._replace(published_at=at)

    def mark_silent(self, last_run: int, at: str) -> None:
        silent = [row for row in self.list_waiting() if row.kind == "state"]
        self.mark_published([row.id for row in silent if row.run_id <= last_run], at)

    def mark_beyond_events(self, run_id: int) -> None:
        for row in self._rows():
            if (row.run_id, row.kind) == (run_id, "run"):
                mark = self._mark(row.id)._replace(beyond_events=True)
                self.data.marks[self.sink, row.id] = mark

    def is_beyond_events(self, run_id: int) -> bool:
        rows = self._rows()
        runs = [row for row in rows if row.kind == "run"]
        said = any(self._mark(row.id).beyond_events for row in runs if row.run_id == run_id)
        last = max((row.run_id for row in runs if row.run_id < run_id), default=0)
        return said or any(row.kind == "state" and last < row.run_id < run_id for row in rows)

    def expect_beyond_events(self, *, expected: bool) -> None:
        if self.sink in self.data.sinks:
            self.data.sinks[self.sink] = expected

    def expects_beyond_events(self) -> bool:
        return self.data.sinks.get(self.sink, False)

    def find_last_state_written(self, run_id: int) -> int:
        written = self.list_published({"run", "state"})
        return max((row.run_id for row in written if row.run_id < run_id), default=0)

    def find_whole_state_written(self) -> int:
        return max((row.run_id for row in self.list_published({"whole state"})), default=0)

    def count_backlog(self) -> Unpublished:
        waiting = [row for row in self.list_waiting() if row.kind != "state"]
        runs = [row.run_id for row in waiting if row.kind == "run"]
        attempted = [row.attempted_at for row in waiting if row.attempted_at is not None]
        return Unpublished(
            begun=self.sink in self.data.sinks,
            runs=len(runs),
            events=sum(self.data.runs[run_id].event_count for run_id in runs),
            messages=len(waiting) - len(runs),
            oldest=min((row.recorded_at for row in waiting), default=None),
            attempted=max(attempted, default=None),
        )


class Outbox(publishing.Outbox):
    def __init__(self, data: Data) -> None:
        self.data = data

    def of_sink(self, sink: str) -> SinkOutbox:
        return SinkOutbox(self.data, sink)

    def list_sinks(self) -> list[str]:
        return list(self.data.sinks)

    def queue(self, run_id: int, kind: str, recorded_at: str, message: str | None = None) -> None:
        if (run_id, kind, "") not in {row[:3] for row in self.data.outbox.values()}:
            _append(self.data, Row(run_id, kind, "", message, recorded_at))

    def is_published(self, run_id: int, kind: str) -> bool:
        return any(
            self.data.outbox[number][0] == run_id
            and kind in {self.data.outbox[number].kind, "run" if mark.demanded else ""}
            and mark.published_at is not None
            for (_, number), mark in self.data.marks.items()
            if number in self.data.outbox
        )

    def find_published_elsewhere(
        self, sink: str, run_ids: AbstractSet[int]
    ) -> tuple[int, str] | None:
        found = [
            (row.run_id, other)
            for other in self.data.sinks
            if other != sink
            for row in self.of_sink(other).list_published({"run"})
            if row.run_id in run_ids
        ]
        return min(found, default=None)

    def withhold(self, run_ids: Iterable[int]) -> None:
        published = {n for (_, n), mark in self.data.marks.items() if mark.published_at is not None}
        for run_id in run_ids:
            self.data.runs[run_id] = replace(self.data.runs[run_id], publish=False, history=False)
            for key, mark in list(self.data.marks.items()):
                if key[1] in self.data.outbox and self.data.outbox[key[1]].run_id == run_id:
                    self.data.marks[key] = mark._replace(demanded=False)
            for number, row in list(self.data.outbox.items()):
                if row.run_id != run_id:
                    continue
                if row.kind == "run":
                    self.data.outbox[number] = row._replace(kind="state")
                elif row.kind not in {"state", "whole state"} and number not in published:
                    del self.data.outbox[number]


class Identity(publishing.Identity):
    def __init__(self, data: Data) -> None:
        self.data = data

    def find_source(self) -> str | None:
        return self.data.source

    def give_source(self, source: str) -> None:
        self.data.source = source

    def find_own_name(self) -> str | None:
        return next((n for n in self.data.own_name if n not in self.data.adopted), None)

    def read_adopted_names(self) -> frozenset[str]:
        return frozenset(self.data.adopted)

    def read_adopted_sequence(self) -> int:
        return max(self.data.adopted.values(), default=0)

    def give_name(self, name: str, at: str) -> None:
        del at
        self.data.own_name = [name]

    def take_name(self, name: str, since: str) -> None:
        del since
        self.data.own_name = [name]

    def adopt(self, names: Iterable[str], last_sequence: int, at: str) -> None:
        del at
        for name in {*self.data.adopted, *names}:
            self.data.adopted[name] = max(self.data.adopted.get(name, 0), last_sequence)


class StateChanges(publishing.StateChanges):
    def __init__(self, data: Data) -> None:
        self.data = data

    def record_keys(self, run_id: int, *, units: Iterable[str], numbers: Iterable[str]) -> None:
        self.data.state_changes += [(run_id, UNITS, key) for key in units]
        self.data.state_changes += [(run_id, LOCATION_NUMBERS, key) for key in numbers]

    def record_all(self, run_id: int) -> None:
        self.data.state_changes.append((run_id, "all", ""))

    def read_between(self, after_run: int, run_id: int) -> ChangedState:
        found = [one[1:] for one in self.data.state_changes if after_run < one[0] <= run_id]
        return ChangedState(
            whole=any(topic == "all" for topic, _ in found),
            units=frozenset(key for topic, key in found if topic == UNITS),
            numbers=frozenset(key for topic, key in found if topic == LOCATION_NUMBERS),
        )

    def read_last(self, run_id: int, *, after_run: int = 0) -> LastChange:
        reached, last = {0: ReachedRun(0, "")}, Identity(self.data).read_adopted_sequence()
        for run in self.data.accepted():
            last = max(last, run.last_sequence or 0)
            reached[run.id] = ReachedRun(last, run.header.created_at)
        until = sorted(one for one in self.data.state_changes if one[0] <= run_id)
        whole = max((run for run, topic, _ in until if topic == "all"), default=0)
        since = [one for one in until if one[0] > max(whole, after_run)]
        return LastChange(
            whole=reached[whole],
            units={key: reached[run] for run, topic, key in since if topic == UNITS},
            numbers={key: reached[run] for run, topic, key in since if topic == LOCATION_NUMBERS},
        )

    def read_known_keys(self, run_id: int) -> tuple[set[str], set[str]]:
        units = {str(key) for key, first in self.data.first_runs.items() if first <= run_id}
        numbers = {str(one.number) for one in self.data.owners if one.first_run <= run_id}
        return units, numbers


def _append(data: Data, row: Row) -> None:
    data.outbox[max([0, *data.outbox, *(number for _, number in data.marks)]) + 1] = row
