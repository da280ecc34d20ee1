"""What is in the run topic already, held against the changelog: arrived, unknown, or another's."""

from collections.abc import Iterable, Sequence
from sqlite3 import Connection
from typing import Literal

import msgspec
from msgspec import Struct

from sordiff.errors import PublishingRefused
from sordiff.kafka.reading import Told
from sordiff.run_events import RunCompleted, run_event_id
from sordiff.service.outboxing import RUN, origin_of
from sordiff.store import changelogs, outbox, runs
from sordiff.store.outbox import OutboxRow
from sordiff.wire import type_name

_COMPLETED = type_name(RunCompleted.NAME)
_ADVICE = (
    "If a backup was restored, ingest the missing nights again, the same files; else go on behind"
    " what is there with `sordiff publish --adopt`, or take another source for a new changelog."
)


class RunThere(Struct, frozen=True, kw_only=True):
    """A run that was published whole: the id of its run.completed, and what that says."""

    message_id: str
    run_id: int
    changelog: str
    digest: str
    last_sequence: int | None


class Arrived(Struct, frozen=True, kw_only=True):
    """Everything of one source in the run topic; what a replay sent again is not counted."""

    source: str
    ids: frozenset[str]
    runs: tuple[RunThere, ...]


def arrived(told: Iterable[Told], source: str) -> Arrived:
    """What of this source is there."""
    own = [message for message in told if message.source == source and not message.replay]
    return Arrived(
        source=source,
        ids=frozenset(message.id for message in own),
        runs=tuple(_run_there(message) for message in own if message.type == _COMPLETED),
    )


def strangers(connection: Connection, there: Arrived) -> list[RunThere]:
    """The runs there that this changelog does not know, or knows otherwise."""
    own, adopted = changelogs.own_name(connection), changelogs.adopted_names(connection)
    return [
        run
        for run in there.runs
        if run.changelog not in adopted and (run.changelog != own or not _same(connection, run))
    ]


def refusal(
    connection: Connection, there: Arrived, found: Sequence[RunThere], servers: str
) -> PublishingRefused:
    """Why nothing is sent: the first stranger, in words."""
    first = found[0]
    name = f"run {first.run_id} of {there.source}"
    if first.changelog != changelogs.own_name(connection):
        message = f"Kafka at {servers} has {name}, published from another changelog."
    elif _state(connection, first.run_id) == "unknown":
        message = f"Kafka at {servers} has {name}, which this changelog does not know."
    else:
        message = f"Kafka at {servers} has another {name} than this changelog: its digest differs."
    return PublishingRefused(f"{message} Nothing was sent.", advice=_ADVICE)


def adopt(connection: Connection, there: Arrived, *, new_name: str, at: str) -> None:
    """Take what is there as it is: go on behind it, under a new name and with higher sequences.

    A waiting run that is there for the same nights counts as published, whatever it holds.
    """
    ids = {run.message_id for run in there.runs}
    waiting = outbox.waiting(connection)
    taken = [row for row in waiting if row.kind == RUN and message_id(connection, row) in ids]
    outbox.mark_published(connection, (row.id for row in taken), at)
    last = max((run.last_sequence or 0 for run in there.runs), default=0)
    changelogs.adopt(connection, {run.changelog for run in there.runs}, last, at)
    changelogs.give_name(connection, new_name, at)


def is_there(connection: Connection, row: OutboxRow, there: Arrived) -> bool:
    """Whether an earlier call has sent this row and died before it could note it."""
    return message_id(connection, row) in there.ids


def message_id(connection: Connection, row: OutboxRow) -> str:
    """The id by which a row is recognised in the topic: of a whole run that of its end."""
    run = runs.run_by_id(connection, row.run_id)
    assert run is not None, "the outbox refers to runs"  # noqa: S101
    name = RunCompleted.NAME if row.kind == RUN else row.kind
    return run_event_id(name, origin_of(connection, run))


def _same(connection: Connection, there: RunThere) -> bool:
    run = runs.run_by_id(connection, there.run_id)
    return (
        run is not None
        and run.state in {"accepted", "released"}
        and run.digest == there.digest
        and run_event_id(RunCompleted.NAME, origin_of(connection, run)) == there.message_id
    )


def _state(connection: Connection, run_id: int) -> Literal["unknown", "known"]:
    return "known" if runs.run_exists(connection, run_id) else "unknown"


def _run_there(message: Told) -> RunThere:
    data = msgspec.json.decode(message.data, type=RunCompleted)
    return RunThere(
        message_id=message.id,
        run_id=data.run.id,
        changelog=data.changelog,
        digest=data.digest,
        last_sequence=None if data.last_sequence is None else int(data.last_sequence),
    )
