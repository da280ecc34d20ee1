"""`sordiff replay`: published runs once more, for a subscriber who comes late."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from msgspec import Struct

from sordiff.kafka.binding import Binding
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topic_reader import demand_topics
from sordiff.kafka.transaction import Publisher, transactional_id
from sordiff.report import PublishedRow, RecordedRun
from sordiff.service.publish.messages import message_of_row, messages_of_replay
from sordiff.service.publish.outbox_entries import RETRACTED, RUN
from sordiff.service.publish.publish import demand_servers
from sordiff.store import changelogs, outbox, runs
from sordiff.store.database import at_one_moment, opened_to_publish
from sordiff.store.locks import locked
from sordiff.store.outbox import OutboxRow


class ReplayOptions(Struct, frozen=True, kw_only=True):
    """From which sequence on, and where: `suffix` ends the name of each topic."""

    since: int
    suffix: str


def replay(
    database: Path, settings: KafkaSettings, options: ReplayOptions
) -> Iterator[PublishedRow]:
    """Send what was published once more, marked, with the ids and sequences that it had.

    Each run that reaches beyond the sequence is sent whole, in a transaction, as it was, and so is
    what took one of them back. The state topics are left alone.
    """
    demand_servers(settings)
    with (
        locked(database, "publisher"),
        opened_to_publish(database) as reader,
        at_one_moment(reader),
    ):
        wanted = _wanted(reader, options.since)
        for source, group in groupby(wanted, lambda row: row.source):
            yield from _replay(reader, settings, options, source, group)


def _wanted(connection: Connection, since: int) -> list[OutboxRow]:
    """The runs that reach beyond a sequence, and all that was taken back since the first."""
    found: list[OutboxRow] = []
    reached = 0
    for row in outbox.published(connection, {RUN, RETRACTED}):
        run = runs.referred_run(connection, row.run_id)
        reached = max(reached, run.last_sequence or 0)
        if found or (reached >= since if run.last_sequence is None else reached > since):
            found.append(row)
    return found


def _replay(
    reader: Connection,
    settings: KafkaSettings,
    options: ReplayOptions,
    source: str,
    group: Iterable[OutboxRow],
) -> Iterator[PublishedRow]:
    binding = Binding(settings, source, replay=True, topic_suffix=options.suffix)
    name = str(changelogs.own_name(reader))
    with Publisher(settings, _publisher_name(source, options.suffix)) as publisher:
        demand_topics(settings, options.suffix)
        for row in group:
            run = runs.referred_run(reader, row.run_id)
            messages = (
                messages_of_replay(reader, binding, run, name)
                if row.kind == RUN
                else iter((message_of_row(reader, binding, run, row.kind, str(row.message)),))
            )
            sent = publisher.send_whole(messages, f"replaying run {run.id}")
            yield _told(row, run, sent)


def _publisher_name(source: str, suffix: str) -> str:
    """In the topics that all read that of publish, which thus ends what a dead replay left."""
    return transactional_id(source, f"replay{suffix}") if suffix else transactional_id(source)


def _told(row: OutboxRow, run: RecordedRun, sent: int) -> PublishedRow:
    return PublishedRow(
        run_id=run.id,
        kind=row.kind,
        day=run.header.snapshot_date,
        events=run.event_count if row.kind == RUN else 0,
        messages=sent,
    )
