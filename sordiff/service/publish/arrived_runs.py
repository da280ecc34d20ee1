"""What is in the run topic already, held against the changelog: arrived, unknown, or another's."""

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct

from sordiff.changelog import Session
from sordiff.changelog.records import OutboxRow
from sordiff.errors import UNREADABLE, PublishingRefused
from sordiff.event_sink import KAFKA, ArrivedRunEvent, EventSink
from sordiff.report import RecordedRun
from sordiff.run_events import RunCompleted, build_run_event_id
from sordiff.service.publish.outbox_entries import RUN, build_run_origin
from sordiff.wire import build_type

# What the number of a run can be in the topic of others, too: SQLite knows no larger one.
RunNumber: TypeAlias = Annotated[int, Meta(ge=1, le=2**63 - 1)]
_COMPLETED: Final = build_type(RunCompleted.NAME)
_RESTORED = "If a backup was restored, ingest the missing nights again, the same files. Else"
# Nothing can be recorded before what is there already.
_RESTORED_AND_RECORDED = (
    "If a backup was restored, restore it once more, and ingest the missing nights, the same"
    " files, before any newer one. Else"
)


class RunThere(Struct, frozen=True, kw_only=True):
    """A run that was published whole: the id of its run.completed, and what that says.

    `day` is that of the snapshot.
    """

    message_id: str
    run_id: int
    day: str
    changelog: str
    digest: str
    first_sequence: int | None
    last_sequence: int | None


class Arrived(Struct, frozen=True, kw_only=True):
    """What was read of one source in the run topic; what a replay sent again is not counted.

    `sequence_before` is the last sequence before that, where not everything was read.
    """

    source: str
    ids: frozenset[str]
    runs: tuple[RunThere, ...]
    sequence_before: int = 0

    @property
    def last_sequence(self) -> int:
        """The last sequence of all that is there; 0 where nothing has one."""
        return max([self.sequence_before, *(run.last_sequence or 0 for run in self.runs)])


class Waiting(Struct, frozen=True, kw_only=True):
    """A run that waits to be published, and what is there of the same nights, if anything is."""

    row: OutboxRow
    run: RecordedRun
    there: RunThere | None


def collect_arrived(
    told: Iterable[ArrivedRunEvent], source: str, *, sequence_before: int = 0
) -> Arrived:
    """What of this source is there; what can't be read as ours is somebody else's."""
    own = [message for message in told if message.source == source and not message.replay]
    completed = (_run_there(message) for message in own if message.type == _COMPLETED)
    return Arrived(
        source=source,
        ids=frozenset(message.id for message in own),
        runs=tuple(run for run in completed if run is not None),
        sequence_before=sequence_before,
    )


def find_foreign_runs(session: Session, there: Arrived) -> list[RunThere]:
    """The runs there that this changelog does not know, or knows otherwise."""
    own, adopted = session.identity.find_own_name(), session.identity.read_adopted_names()
    return [
        run
        for run in there.runs
        if run.changelog not in adopted and (run.changelog != own or not is_same_run(session, run))
    ]


def build_publishing_refusal(
    session: Session, there: Arrived, found: Sequence[RunThere], sink: EventSink
) -> PublishingRefused:
    """Why nothing is sent: the first foreign run, in words."""
    first = found[0]
    name, where = f"run {first.run_id} of {there.source}", f"{sink.place} has"
    known = session.runs.find(first.run_id)
    apart = f"{_adopting(sink)}; a new changelog needs {sink.separation}."
    advice = f"{_RESTORED} {apart}"
    if first.changelog != session.identity.find_own_name():
        message = f"{where} {name}, published from another changelog."
        if not _has_published(session, there):
            advice = apart
    elif known is None:
        message = f"{where} {name}, which this changelog does not know."
    elif known.state == "held" and known.digest == first.digest:
        message = f"{where} {name}, which is held here."
        advice = f"`sordiff release {known.id} --reason …` accepts it, as it was accepted before."
    else:
        message = f"{where} another {name} than this changelog: its digest differs."
        advice = f"{_RESTORED_AND_RECORDED} {apart}"
    return PublishingRefused(f"{message} Nothing was sent.", advice=advice)


def refuse_other_sources(
    session: Session, events: Iterable[ArrivedRunEvent], source: str, sink: EventSink
) -> None:
    """Of a sink that is not shared: refuse runs of other sources from another changelog."""
    known = {session.identity.find_own_name(), *session.identity.read_adopted_names()}
    others = [event for event in events if event.source != source]
    for other in dict.fromkeys(event.source for event in others):
        for run in collect_arrived(others, other).runs:
            if run.changelog not in known:
                message = (
                    f"{sink.place} has run {run.run_id} of {other}, published from another"
                    " changelog. Nothing was sent."
                )
                advice = f"A new changelog needs {sink.separation}."
                raise PublishingRefused(message, advice=advice)


def demand_later_sequences(waiting: Sequence[Waiting], there: Arrived, sink: EventSink) -> None:
    """Refuse a run with sequences that are there already: what was adopted elsewhere was less."""
    for run in find_runs_with_used_sequences(waiting, there):
        message = (
            f"{sink.place} has sequence {there.last_sequence} of {there.source}, and run"
            f" {run.id} begins with {run.first_sequence}. Nothing was sent."
        )
        raise PublishingRefused(message, advice=f"{_adopting(sink)}.")


def find_runs_with_used_sequences(waiting: Sequence[Waiting], there: Arrived) -> list[RecordedRun]:
    """The runs that did not arrive and begin with a sequence that is there already."""
    return [
        one.run
        for one in waiting
        if one.there is None and (one.run.first_sequence or math.inf) <= there.last_sequence
    ]


def demand_order(source: str, waiting: Sequence[Waiting], sink: EventSink) -> None:
    """Refuse where a run that did not arrive lies before one that did: it would come too late."""
    missing = find_runs_out_of_order(waiting)
    if missing:
        last = [one.run.id for one in waiting if one.there is not None][-1]
        message = (
            f"{sink.place} has run {last} of {source}, but not run {missing[0]} before it:"
            " as if that had been recorded with --no-publish. Nothing was sent."
        )
        advice = f"{_adopting(sink)}, and leaves run {missing[0]} out for good."
        raise PublishingRefused(message, advice=advice)


def find_runs_out_of_order(waiting: Sequence[Waiting]) -> list[int]:
    """The runs that did not arrive and lie before one that did."""
    last = max((number for number, one in enumerate(waiting) if one.there is not None), default=0)
    return [one.run.id for one in waiting[:last] if one.there is None]


def find_waiting_runs(session: Session, rows: Iterable[OutboxRow], there: Arrived) -> list[Waiting]:
    """The runs among these rows, in order, each with what is there of the same nights."""
    found = []
    for row in rows:
        run = session.runs.get(row.run_id)
        if row.kind == RUN:
            same = (one for one in there.runs if is_of_the_same_nights(session, run, one))
            found.append(Waiting(row=row, run=run, there=next(same, None)))
    return found


def has_arrived(session: Session, row: OutboxRow, there: Arrived) -> bool:
    """Whether an earlier call has sent this message and died before it could note it."""
    return (
        build_run_event_id(row.kind, build_run_origin(session, session.runs.get(row.run_id)))
        in there.ids
    )


def _adopting(sink: EventSink) -> str:
    to = "" if sink.name == KAFKA else f"--to {sink.name} "
    return f"`sordiff publish {to}--adopt` goes on behind what is there"


def is_of_the_same_nights(session: Session, run: RecordedRun, there: RunThere) -> bool:
    """Whether both are, whatever the number: another changelog may have counted otherwise."""
    origin = msgspec.structs.replace(build_run_origin(session, run), run_id=there.run_id)
    return build_run_event_id(RunCompleted.NAME, origin) == there.message_id


def is_same_run(session: Session, there: RunThere) -> bool:
    """Whether the changelog has accepted the run of that number, and tells the same of it."""
    run = session.runs.find(there.run_id)
    return (
        run is not None
        and run.state in {"accepted", "released"}
        and run.digest == there.digest
        and is_of_the_same_nights(session, run, there)
    )


def _has_published(session: Session, there: Arrived) -> bool:
    """Whether anything there is from this changelog: else no backup of it was restored."""
    return session.identity.find_own_name() in {run.changelog for run in there.runs} or bool(
        session.identity.read_adopted_names()
    )


class _Numbered(Struct, frozen=True):
    """What must be known of a run.completed, also of one that a later sordiff wrote."""

    run: "_Number"
    snapshot: "_Days"
    changelog: str
    digest: str
    first_sequence: str | None
    last_sequence: str | None


class _Number(Struct, frozen=True):
    id: RunNumber


class _Days(Struct, frozen=True):
    after: str


_DECODER = msgspec.json.Decoder(_Numbered)


def _run_there(message: ArrivedRunEvent) -> RunThere | None:
    try:
        data = _DECODER.decode(message.data)
        first, last = (
            None if told is None else int(told)
            for told in (data.first_sequence, data.last_sequence)
        )
    except UNREADABLE:
        return None
    return RunThere(
        message_id=message.id,
        run_id=data.run.id,
        day=data.snapshot.after,
        changelog=data.changelog,
        digest=data.digest,
        first_sequence=first,
        last_sequence=last,
    )
