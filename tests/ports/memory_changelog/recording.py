"""Runs and what comes with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from sordiff.alerts import Alert
from sordiff.changelog import recording
from sordiff.changelog.records import (
    BriefRun,
    Decision,
    EncodedEvent,
    EventQuery,
    FindingTurn,
    KeptNotice,
    NewRun,
    PreparedEvents,
    StandingFindings,
)
from sordiff.coverage.counts import Coverage
from sordiff.events import Event
from sordiff.model import Day
from sordiff.replay import Adoption
from sordiff.report import RecordedRun
from sordiff.wire import (
    CloudEvent,
    build_schema_id,
    build_type,
    compute_digest,
    decode,
    pad_sequence,
)
from tests.ports.memory_changelog.data import ACCEPTED, Data, Line


class Runs(recording.Runs):
    def __init__(self, data: Data) -> None:
        self.data = data

    def find_last_accepted(self) -> RecordedRun | None:
        return next(reversed(self.data.accepted()), None)

    def find_by_sha256(self, sha256: str) -> RecordedRun | None:
        return _last(run for run in self.iterate() if run.header.sha256 == sha256)

    def find_data_types_sha256(self, run_id: int) -> str | None:
        return self.data.data_types.get(run_id)

    def find_reading_rules(self, run_id: int) -> int:
        return self.data.reading_rules.get(run_id, 0)

    def find(self, run_id: int) -> RecordedRun | None:
        return self.data.runs.get(run_id)

    def get(self, run_id: int) -> RecordedRun:
        return self.data.runs[run_id]

    def find_held(self) -> RecordedRun | None:
        return _last(run for run in self.iterate() if run.state == "held")

    def find_last_accepted_by(self, day: Day) -> RecordedRun | None:
        return _last(run for run, placed in self._placed() if placed <= day)

    def find_last_valid(self) -> RecordedRun | None:
        return _last(run for run in self.data.accepted() if not run.is_taken_back)

    def find_told(self, created_before: str, created_after: str) -> RecordedRun | None:
        def is_told(run: RecordedRun) -> bool:
            before = self.data.runs.get(run.compared_with or 0)
            created = (before and before.header.created_at, run.header.created_at)
            return run.event_count > 0 and created == (created_before, created_after)

        return _last(run for run in self.data.accepted() if is_told(run))

    def _placed(self) -> list[tuple[RecordedRun, Day]]:
        """The accepted runs, each with the day of which it is, by a walk from the first to the last."""
        placed: list[tuple[RecordedRun, Day]] = []
        newest, waiting = Day(""), list[RecordedRun]()
        for run in self.data.accepted():
            waiting.append(run)
            if run.corrected_by is None:
                newest = max(newest, run.header.snapshot_date)
                placed += [(one, newest) for one in waiting]
                waiting.clear()
        return placed

    def find_first_accepted(self) -> RecordedRun | None:
        return next(iter(self.data.accepted()), None)

    def find_last(self) -> RecordedRun | None:
        return _last(self.iterate())

    def _is_ordinary(self, run: RecordedRun) -> bool:
        before = self.data.runs.get(run.compared_with or 0)
        after_retracted = before is not None and before.retracted_at is not None
        odd = run.exceptional or run.is_taken_back or after_retracted
        return run.kind == "night" and not odd

    def list_ordinary(self, most: int) -> list[RecordedRun]:
        found = [run for run in self.data.accepted() if self._is_ordinary(run)]
        return found[max(0, len(found) - most) :]

    def list_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        days = (since or "", until or "9999-12-31")
        return [run for run, day in self._placed() if days[0] <= day <= days[1]]

    def list_not_accepted(self, since: Day | None, until: Day | None) -> list[RecordedRun]:
        found = (run for run in self.iterate() if run.state not in ACCEPTED)
        return [run for run in found if _between(run, since, until)]

    def list_since(self, day: Day, until_run: int) -> list[RecordedRun]:
        return [r for r in self.iterate() if r.header.snapshot_date >= day and r.id <= until_run]

    def iterate(self) -> Iterator[RecordedRun]:
        yield from [run for _, run in sorted(self.data.runs.items())]

    def list_brief(self) -> list[BriefRun]:
        return [
            BriefRun(
                sha256=run.header.sha256,
                **{
                    name: getattr(run, name)
                    for name in BriefRun.__struct_fields__
                    if name != "sha256"
                },
            )
            for run in self.iterate()
        ]

    def list_newest(self, most: int) -> list[RecordedRun]:
        found = list(self.iterate())
        return found[max(0, len(found) - most) :]

    def count_states(self) -> dict[str, int]:
        return dict(Counter(run.state for run in self.data.runs.values()))

    def prepare(self, run_id: int, before: int, events: Sequence[EncodedEvent]) -> bytes:
        del run_id, before  # it needs nothing of them
        return msgspec.msgpack.encode([*events])

    def record(
        self, run_id: int, run: NewRun, events: Sequence[EncodedEvent] | PreparedEvents
    ) -> None:
        if isinstance(events, PreparedEvents):
            digest = events.digest
            decoder = msgspec.msgpack.Decoder(list[EncodedEvent])
            events = [event for part in events.parts for event in decoder.decode(part)]
        else:
            digest = compute_digest(event.data for event in events)
        given = run.state == "accepted" and bool(events)
        first = Sequences(self.data).next() if given else None
        values = {name: getattr(run, name) for name in run.__struct_fields__}
        for name in ("file", "data_types_sha256", "counts", "reading_rules"):
            del values[name]
        values["lists"] = dict(run.lists)
        self.data.runs[run_id] = RecordedRun(
            **values,
            id=run_id,
            event_count=len(events),
            first_sequence=first,
            last_sequence=None if first is None else first + len(events) - 1,
            digest=digest,
            decided_at=run.recorded_at if run.decided_by else None,
        )
        if run.corrects is not None:
            wrong = self.data.runs[run.corrects]
            self.data.runs[run.corrects] = replace(wrong, corrected_by=run_id)
        self.data.lines[run_id] = tuple(
            Line(
                event.id,
                event.name,
                event.subject,
                None if first is None else first + place,
                event.data,
            )
            for place, event in enumerate(events)
        )
        self.data.counts[run_id] = dict(run.counts)
        self.data.data_types[run_id] = run.data_types_sha256
        self.data.reading_rules[run_id] = run.reading_rules

    def exists(self, run_id: int) -> bool:
        return run_id in self.data.runs

    def find_previous_accepted_id(self, run_id: int) -> int:
        return max((run.id for run in self.data.accepted() if run.id < run_id), default=0)

    def list_accepted_ids_after(self, run_id: int) -> list[int]:
        return [run.id for run in reversed(self.data.accepted()) if run.id > run_id]

    def has_later(self, run: RecordedRun) -> bool:
        return bool(self.list_accepted_ids_after(run.id))


class Counts(recording.Counts):
    def __init__(self, data: Data) -> None:
        self.data = data

    def read(self, run_id: int) -> dict[str, int]:
        return dict(sorted(self.data.counts.get(run_id, {}).items()))

    def sum_accepted(self) -> dict[str, int]:
        found: Counter[str] = Counter()
        for run in self.data.accepted():
            found.update(self.data.counts[run.id])
        return dict(sorted(found.items()))

    def read_all(self) -> dict[int, dict[str, int]]:
        return {run_id: dict(counts) for run_id, counts in self.data.counts.items() if counts}


class Decisions(recording.Decisions):
    def __init__(self, data: Data) -> None:
        self.data = data

    def release(self, run: RecordedRun, decision: Decision) -> int | None:
        first = Sequences(self.data).next() if run.event_count else None
        if first is not None:
            last = first + run.event_count - 1
            held = self.data.runs[run.id]
            self.data.runs[run.id] = replace(held, first_sequence=first, last_sequence=last)
            self.data.lines[run.id] = tuple(
                line._replace(sequence=first + place)
                for place, line in enumerate(self.data.lines[run.id])
            )
        self.decide(run, "released", decision)
        return first

    def decide(self, run: RecordedRun, state: str, decision: Decision) -> None:
        known = self.data.runs[run.id]
        if known.state == "held":
            self.data.runs[run.id] = replace(
                known,
                state=state,
                exceptional=True,
                reason=decision.reason,
                decided_by=decision.user,
                decided_at=decision.at,
            )

    def retract(self, run: RecordedRun, decision: Decision) -> None:
        known = self.data.runs[run.id]
        if known.retracted_at is None:
            self.data.runs[run.id] = replace(
                known,
                retracted_at=decision.at,
                retracted_by=decision.user,
                retracted_reason=decision.reason,
            )

    def supersede(self, run: RecordedRun) -> None:
        known = self.data.runs[run.id]
        if known.state == "held":
            self.data.runs[run.id] = replace(known, state="superseded")


class Sequences(recording.SequenceCounter):
    def __init__(self, data: Data) -> None:
        self.data = data

    def find_last_before(self, run_id: int) -> int:
        before = (run.last_sequence or 0 for run in self.data.accepted() if run.id < run_id)
        return max(before, default=0)

    def renumber(self, firsts: Mapping[int, int]) -> None:
        for run_id, first in firsts.items():
            lines = self.data.lines[run_id]
            self.data.runs[run_id] = replace(
                self.data.runs[run_id],
                first_sequence=first,
                last_sequence=first + len(lines) - 1,
            )
            self.data.lines[run_id] = tuple(
                line._replace(sequence=first + place) for place, line in enumerate(lines)
            )

    def next(self) -> int:
        given = (line.sequence or 0 for lines in self.data.lines.values() for line in lines)
        above = max(self.data.skipped, *self.data.adopted.values(), 0)
        return max(max(given, default=0), above) + 1

    def skip_to(self, sequence: int) -> None:
        self.data.skipped = max(self.data.skipped, sequence - 1)

    def next_run_id(self) -> int:
        return max(self.data.runs, default=0) + 1


class Events(recording.Events):
    def __init__(self, data: Data) -> None:
        self.data = data

    def record_adoptions(self, run_id: int, adoptions: Iterable[Adoption]) -> None:
        # As they are read back: what was any record is JSON by then.
        kept = [msgspec.to_builtins(adoption) for adoption in adoptions]
        self.data.adoptions[run_id] = tuple(msgspec.convert(found, Adoption) for found in kept)

    def select(self, wanted: EventQuery) -> Iterator[CloudEvent]:
        found = 0
        for run_id, line in self._ordered(wanted):
            if wanted.limit is not None and found >= wanted.limit:
                return
            run = self.data.runs[run_id]
            if wanted.published and not (run.publish or (wanted.histories and run.history)):
                continue
            if wanted.event_type in {None, line.name} and wanted.subject in {None, line.subject}:
                found += 1
                yield self._event(run, line)

    def _ordered(self, wanted: EventQuery) -> list[tuple[int, Line]]:
        if wanted.run is not None and wanted.run not in self.data.lines:
            return []
        if wanted.run is not None and self.data.runs[wanted.run].first_sequence is None:
            return [(wanted.run, line) for line in self.data.lines[wanted.run]]
        named = [wanted.run] if wanted.run is not None else list(self.data.lines)
        found = [(run_id, line) for run_id in named for line in self.data.lines[run_id]]
        given = [(run_id, line) for run_id, line in found if (line.sequence or 0) > wanted.since]
        return sorted(given, key=lambda one: one[1].sequence or 0)

    def _event(self, run: RecordedRun, line: Line) -> CloudEvent:
        return CloudEvent(
            id=line.id,
            source=run.source,
            type=build_type(line.name),
            subject=line.subject,
            time=run.header.created_at,
            dataschema=build_schema_id(line.name),
            sequence=msgspec.UNSET if line.sequence is None else pad_sequence(line.sequence),
            partitionkey=line.subject,
            data=msgspec.Raw(line.data),
        )

    def read(self, run_id: int) -> tuple[list[Event], list[bytes]]:
        lines = self.data.lines.get(run_id, ())
        events = [decode(line.name, line.subject, line.data) for line in lines]
        return events, [line.data for line in lines]

    def read_adoptions(self, run_id: int) -> list[Adoption]:
        return list(self.data.adoptions.get(run_id, ()))

    def iterate_rows(self, run_id: int) -> Iterator[tuple[str, str, str, int, bytes]]:
        for line in self.data.lines[run_id]:
            assert line.sequence is not None
            yield line.id, line.name, line.subject, line.sequence, line.data


class Alerts(recording.Alerts):
    def __init__(self, data: Data) -> None:
        self.data = data

    def record(self, run_id: int, alerts: Iterable[Alert]) -> None:
        # As their types say: a number that was whole comes back as a decimal.
        kept = [msgspec.to_builtins(alert) for alert in alerts]
        self.data.alerts[run_id] = tuple(msgspec.convert(found, Alert) for found in kept)

    def read(self, run_id: int) -> tuple[Alert, ...]:
        return self.data.alerts.get(run_id, ())

    def resolve(self, run_id: int, by_run: int) -> None:
        self.data.resolved.setdefault(run_id, by_run)


class Coverages(recording.Coverages):
    def __init__(self, data: Data) -> None:
        self.data = data

    def record(self, run_id: int, coverage: Coverage, fields: Mapping[str, Sequence[str]]) -> None:
        self.data.coverage[run_id] = Coverage(coverage.carriers.copy())
        self.data.fields[run_id] = {field: tuple(names) for field, names in fields.items()}

    def read(self, run_id: int) -> Coverage | None:
        return self.data.coverage.get(run_id)

    def read_fields(self, run_id: int) -> dict[str, tuple[str, ...]]:
        return self.data.fields.get(run_id, {})


class Findings(recording.Findings):
    def __init__(self, data: Data) -> None:
        self.data = data

    def record(self, run_id: int, turns: Iterable[FindingTurn], standing: int) -> None:
        self.data.turns[run_id] = tuple(turns)
        self.data.standing[run_id] = standing

    def count_standing(self, run_id: int) -> int | None:
        return self.data.standing.get(run_id)

    def read_standing(self, run_id: int) -> StandingFindings:
        run = self.data.runs[run_id]
        last = run.id if run.state in ACCEPTED else run.compared_with or 0
        before = [one.id for one in self.data.accepted() if one.id <= last]
        return self._folded(sorted({*before, run_id}))

    def read_standing_of(self, run_id: int, subjects: Iterable[str]) -> StandingFindings:
        wanted = set(subjects)
        standing = self._folded([one.id for one in self.data.accepted() if one.id <= run_id])
        return {key: found for key, found in standing.items() if key[1] in wanted}

    def _folded(self, run_ids: Iterable[int]) -> StandingFindings:
        standing: StandingFindings = {}
        for run_id in run_ids:
            for turn in self.data.turns.get(run_id, ()):
                key = turn.finding.code, turn.finding.subject
                if turn.change == "resolved":
                    standing.pop(key, None)
                else:
                    standing[key] = turn.finding
        return standing


class Notices(recording.Notices):
    def __init__(self, data: Data) -> None:
        self.data = data

    def queue(self, kept: KeptNotice) -> None:
        there = {(one.run_id, one.kind) for one, _ in self.data.notices.values()}
        if kept.run_id is None or (kept.run_id, kept.kind) not in there:
            self.data.notices[len(self.data.notices) + 1] = kept, None

    def find_last(self, kinds: Sequence[str]) -> str | None:
        found = [kept.notice for kept, _ in self.data.notices.values() if kept.kind in kinds]
        return found[-1] if found else None

    def list_unsent(self) -> list[tuple[int, str]]:
        return [(n, kept.notice) for n, (kept, sent) in self.data.notices.items() if sent is None]

    def count_unsent(self) -> int:
        return len(self.list_unsent())

    def claim(self, numbers: Iterable[int], now: str, until: str) -> list[int]:
        unsent = {number for number, _ in self.list_unsent()}
        free = [n for n in numbers if n in unsent and self.data.claims.get(n, now) <= now]
        self.data.claims.update(dict.fromkeys(free, until))
        return free

    def unclaim(self, numbers: Iterable[int], until: str) -> None:
        for number in numbers:
            if self.data.claims.get(number) == until:
                del self.data.claims[number]

    def mark_sent(self, numbers: Iterable[int], at: str) -> None:
        for number in numbers:
            self.data.notices[number] = self.data.notices[number][0], at


def _last(runs: Iterable[RecordedRun]) -> RecordedRun | None:
    return next(reversed(list(runs)), None)


def _between(run: RecordedRun, since: Day | None, until: Day | None) -> bool:
    return (since or "") <= run.header.snapshot_date <= (until or "9999-12-31")
