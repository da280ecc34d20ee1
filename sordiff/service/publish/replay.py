"""`sordiff replay`: published runs once more, for a subscriber who comes late."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from sordiff.event_sink import EventSink, SinkSession
from sordiff.report import PublishedRow
from sordiff.service.publish.messages import outgoing_run_event, replayed_run
from sordiff.service.publish.outbox_entries import RETRACTED, RUN
from sordiff.store import changelogs, outbox, runs
from sordiff.store.database import at_one_moment, opened_to_publish
from sordiff.store.locks import locked
from sordiff.store.outbox import OutboxRow


def replay(database: Path, sink: EventSink, since: int) -> Iterator[PublishedRow]:
    """Send what was published once more, with the ids and sequences that it had.

    The sink marks it as sent again. Each run that reaches beyond the sequence `since` is sent
    whole, as it was, and so is what took one of them back. The state is left alone.
    """
    with (
        locked(database, "publisher"),
        opened_to_publish(database) as reader,
        at_one_moment(reader),
    ):
        name = str(changelogs.own_name(reader))
        for source, group in groupby(_wanted(reader, since), lambda row: row.source):
            with sink.begin(source) as session:
                for row in group:
                    yield _send_again(reader, session, row, name)


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


def _send_again(
    reader: Connection, session: SinkSession, row: OutboxRow, changelog: str
) -> PublishedRow:
    if row.kind == RUN:
        sent = session.send_run(replayed_run(reader, row, changelog))
    else:
        sent = session.send_run_event(outgoing_run_event(reader, row))
    run = runs.referred_run(reader, row.run_id)
    return PublishedRow(
        run_id=run.id,
        kind=row.kind,
        day=run.header.snapshot_date,
        events=run.event_count if row.kind == RUN else 0,
        messages=sent,
    )
