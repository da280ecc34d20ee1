"""`sordiff replay`: published runs once more, for a subscriber who comes late."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from msgspec import Struct

from sordiff.kafka.messages import Binding
from sordiff.kafka.producing import Publisher, transactional_id
from sordiff.kafka.reading import demand_topics
from sordiff.kafka.settings import KafkaSettings
from sordiff.report import PublishedRow, RecordedRun
from sordiff.service.outboxing import RUN
from sordiff.service.publishing import demand_servers
from sordiff.service.run_messages import messages_of_replay
from sordiff.store import changelogs, outbox, runs
from sordiff.store.database import at_one_moment, opened_to_publish
from sordiff.store.locks import locked


class ReplayOptions(Struct, frozen=True, kw_only=True):
    """Which events are wanted, and where: `suffix` ends the name of each topic."""

    since: int
    suffix: str


def replay(
    database: Path, settings: KafkaSettings, options: ReplayOptions
) -> Iterator[PublishedRow]:
    """Send the published runs with events after a sequence, marked, with their ids and sequences.

    Each is a transaction, as it was. The state topics are left alone.
    """
    demand_servers(settings)
    with (
        locked(database, "publisher"),
        opened_to_publish(database) as reader,
        at_one_moment(reader),
    ):
        wanted = _wanted(reader, options.since)
        for source, group in groupby(wanted, lambda run: run.source):
            yield from _replay(reader, settings, options, source, group)


def _wanted(connection: Connection, since: int) -> list[RecordedRun]:
    return [
        run
        for run in runs.all_runs(connection)
        if (run.last_sequence or 0) > since
        and outbox.published_at(connection, run.id, RUN) is not None
    ]


def _replay(
    reader: Connection,
    settings: KafkaSettings,
    options: ReplayOptions,
    source: str,
    group: Iterable[RecordedRun],
) -> Iterator[PublishedRow]:
    binding = Binding(settings, source, replay=True, topic_suffix=options.suffix)
    name, since = str(changelogs.own_name(reader)), options.since
    with Publisher(settings, transactional_id(source, f"replay{options.suffix}")) as publisher:
        demand_topics(settings, options.suffix)
        for run in group:
            messages = messages_of_replay(reader, binding, run, name, since)
            sent = publisher.send_whole(messages, f"replaying run {run.id}")
            yield _told(run, since, sent)


def _told(run: RecordedRun, since: int, sent: int) -> PublishedRow:
    first = max(run.first_sequence or 0, since + 1)
    return PublishedRow(
        run_id=run.id,
        kind=RUN,
        day=run.header.snapshot_date,
        events=(run.last_sequence or 0) - first + 1,
        messages=sent,
    )
