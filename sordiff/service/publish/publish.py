"""`sordiff publish`: what waits in the outbox goes out, in order, each run whole, each once.

First it is noted that an attempt begins; then the broker is made to end whatever an earlier
publisher of this source left open, and to let nobody but this one write; only then is the run topic
read to its end. So what is found there is all that ever arrived, and what is not will not come: a
publisher killed between the commit and its mark costs nothing.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from sqlite3 import Connection

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.kafka.binding import Binding
from sordiff.kafka.settings import KafkaSettings
from sordiff.kafka.topic_reader import read_keys, read_run_topic
from sordiff.kafka.transaction import Publisher, transactional_id
from sordiff.report import PublishedRow
from sordiff.service.publish.adopt import adopt, settle
from sordiff.service.publish.messages import message_of_row, messages_of_run, messages_of_state
from sordiff.service.publish.outbox_entries import RUN, SILENT, WHOLE, queue_whole_state
from sordiff.service.publish.reconcile import (
    Arrived,
    Waiting,
    arrived,
    demand_order,
    is_there,
    lost_their_place,
    refusal,
    strangers,
    waiting_runs,
)
from sordiff.store import changelogs, outbox, runs
from sordiff.store.database import at_one_moment, opened_to_publish, opened_to_read, transaction
from sordiff.store.locks import locked
from sordiff.store.outbox import OutboxRow
from sordiff.store.state_changes import LOCATION_NUMBERS, UNITS, Topic


class PublishOptions(Struct, frozen=True, kw_only=True):
    """How to publish; clock and names are inputs.

    `new_name` names the changelog when it publishes for the first time, or adopts what is there;
    `whole_state` writes the state topics anew.
    """

    now: Callable[[], str]
    new_name: str
    adopt: bool = False
    whole_state: bool = False


class _Publishing(Struct, frozen=True, kw_only=True):
    """One call: where to, from where, how."""

    database: Path
    connection: Connection
    settings: KafkaSettings
    options: PublishOptions


def publish(
    database: Path, settings: KafkaSettings, options: PublishOptions
) -> Iterator[PublishedRow]:
    """Send all that waits, oldest first; each is given back when it is known to have arrived."""
    demand_servers(settings)
    with locked(database, "publisher"), opened_to_publish(database) as connection:
        call = _Publishing(
            database=database, connection=connection, settings=settings, options=options
        )
        if options.adopt or options.whole_state:
            # What was adopted may have left a state that nobody here knows.
            with transaction(connection):
                queue_whole_state(connection, options.now())
        for source, rows in _sources(connection):
            yield from _publish(call, source, rows)


def demand_servers(settings: KafkaSettings) -> None:
    """Refuse to publish into nowhere."""
    if not settings.configured:
        message = "It is not configured where Kafka is."
        advice = "Set bootstrap_servers of [kafka] in sordiff.toml, or give --bootstrap-servers."
        raise SordiffError(message, advice=advice)


def _sources(connection: Connection) -> Iterator[tuple[str, list[OutboxRow]]]:
    """What waits, as long as anything does: by source, in order; silent states go with others."""
    while rows := [row for row in outbox.waiting(connection) if row.kind != SILENT]:
        for source, group in groupby(rows, lambda row: row.source):
            yield source, list(group)


def _publish(call: _Publishing, source: str, rows: list[OutboxRow]) -> Iterator[PublishedRow]:
    _note_attempt(call, rows)
    with Publisher(call.settings, transactional_id(source)) as publisher:
        for row in _arrived_before(call, source, rows):
            yield _row_told(call, row, arrived_before=True)
        binding = Binding(call.settings, source)
        for row in _still_waiting(call, source, rows):
            if row.kind == WHOLE:
                yield _send_state(call, publisher, binding, row)
            else:
                yield _send(call, publisher, binding, row)


def _note_attempt(call: _Publishing, rows: list[OutboxRow]) -> None:
    connection, at = call.connection, call.options.now()
    with transaction(connection):
        if changelogs.own_name(connection) is None:
            changelogs.give_name(connection, call.options.new_name, at)
        outbox.mark_attempted(connection, (row.id for row in rows), at)


def _arrived_before(call: _Publishing, source: str, rows: list[OutboxRow]) -> list[OutboxRow]:
    """Read what is there, note what of these rows it has, and refuse to go on behind a stranger."""
    connection = call.connection
    there = arrived(read_run_topic(call.settings), source)
    waiting = waiting_runs(connection, rows, there)
    if call.options.adopt:
        _adopt(call, there, waiting)
    else:
        servers = call.settings.servers
        if found := strangers(connection, there):
            raise refusal(connection, there, found, servers)
        demand_order(source, waiting, servers)
        _settle(call, waiting)
    come = {one.row.id for one in waiting if one.there is not None}
    known = [
        row
        for row in rows
        if row.id in come or (row.kind != RUN and is_there(connection, row, there))
    ]
    _mark(call, known)
    return known


def _adopt(call: _Publishing, there: Arrived, waiting: list[Waiting]) -> None:
    """Go on behind what is there, whatever it is."""
    if strangers(call.connection, there) or lost_their_place(waiting):
        with locked(call.database, "writer"), transaction(call.connection):
            options = call.options
            adopt(call.connection, there, waiting, new_name=options.new_name, at=options.now())
    else:
        _settle(call, waiting)


def _settle(call: _Publishing, waiting: list[Waiting]) -> None:
    """Of runs that others published and that were adopted: the state was overwritten since."""
    own = changelogs.own_name(call.connection)
    publishers = {one.there.changelog for one in waiting if one.there is not None}
    if publishers - {own}:
        with locked(call.database, "writer"), transaction(call.connection):
            settle(call.connection, waiting, call.options.now())
    elif publishers:
        _paid(call)


def _still_waiting(call: _Publishing, source: str, rows: list[OutboxRow]) -> list[OutboxRow]:
    """What of these rows is to be sent: the whole state first, which may be ahead of the events."""
    asked = {row.id for row in rows}
    waiting = [
        row
        for row in outbox.waiting(call.connection)
        if row.source == source and (row.kind == WHOLE or (row.kind != SILENT and row.id in asked))
    ]
    return sorted(waiting, key=lambda row: row.kind != WHOLE)


def _send(
    call: _Publishing, publisher: Publisher, binding: Binding, row: OutboxRow
) -> PublishedRow:
    """One row in one transaction; what is read for it is of one moment."""
    name = changelogs.own_name(call.connection)
    if row.kind == RUN and changelogs.owes_more_than_events(call.connection):
        with transaction(call.connection):
            outbox.mark_beyond_events(call.connection, row.run_id)
    with opened_to_read(call.database) as reader, at_one_moment(reader):
        run = runs.referred_run(reader, row.run_id)
        if row.kind == RUN:
            messages = messages_of_run(reader, binding, run, str(name))
        else:
            told = message_of_row(reader, binding, run, row.kind, str(row.message))
            messages = iter((told,))
        sent = publisher.send_whole(messages, f"publishing run {run.id}")
    _mark(call, [row])
    if row.kind == RUN:
        _paid(call)
    return _row_told(call, row, messages=sent)


def _send_state(
    call: _Publishing, publisher: Publisher, binding: Binding, row: OutboxRow
) -> PublishedRow:
    """The whole state as it is now, which may be later than the run that it was asked for."""
    names = call.settings.topics
    with opened_to_read(call.database) as reader, at_one_moment(reader):
        there: dict[Topic, set[bytes]] = {
            UNITS: read_keys(call.settings, names.units, row.source),
            LOCATION_NUMBERS: read_keys(call.settings, names.location_numbers, row.source),
        }
        messages = messages_of_state(reader, binding, there)
        sent = publisher.send_whole(messages, "publishing the state")
    _mark(call, [row])
    return _row_told(call, row, messages=sent)


def _mark(call: _Publishing, rows: list[OutboxRow]) -> None:
    """Note that these have arrived, and with a run the states that went out with it."""
    if not rows:
        return
    connection = call.connection
    last_run = max((row.run_id for row in rows if row.kind in {RUN, WHOLE}), default=0)
    with transaction(connection):
        outbox.mark_published(connection, (row.id for row in rows), call.options.now())
        outbox.mark_silent(connection, last_run, call.options.now())


def _paid(call: _Publishing) -> None:
    """What was owed beside the events has been told with a run."""
    if changelogs.owes_more_than_events(call.connection):
        with transaction(call.connection):
            changelogs.owe_more_than_events(call.connection, owed=False)


def _row_told(
    call: _Publishing, row: OutboxRow, *, messages: int = 0, arrived_before: bool = False
) -> PublishedRow:
    run = runs.referred_run(call.connection, row.run_id)
    return PublishedRow(
        run_id=run.id,
        kind=row.kind,
        day=run.header.snapshot_date,
        events=run.event_count if row.kind == RUN else 0,
        messages=messages,
        arrived_before=arrived_before,
    )
