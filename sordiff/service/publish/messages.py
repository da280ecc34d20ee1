"""The messages of what waits in the outbox: a run whole, or one message beside the events."""

from collections.abc import Iterator, Mapping
from sqlite3 import Connection

from sordiff.kafka.binding import Binding, Message
from sordiff.report import RecordedRun
from sordiff.run_events import RunEventData, run_event_id
from sordiff.service.publish.outbox_entries import completed, origin_of, started
from sordiff.service.publish.state_records import all_state_records, state_records_of_run
from sordiff.store import outbox, runs
from sordiff.store.state_changes import Topic
from sordiff.wire import canonical


def messages_of_run(
    connection: Connection,
    binding: Binding,
    run: RecordedRun,
    changelog: str,
) -> Iterator[Message]:
    """run.started, the events in order, the state that the run changed, run.completed.

    What runs between changed that were not published goes out with it.
    """
    yield _told(connection, binding, run, started(connection, run))
    yield from binding.events(outbox.events_of_run(connection, run.id), run.header.created_at)
    until = outbox.state_written_until(connection, run.id)
    for record in state_records_of_run(connection, run.id, after_run=until):
        yield binding.state(record)
    yield _told(connection, binding, run, completed(connection, run, changelog))


def messages_of_replay(
    connection: Connection, binding: Binding, run: RecordedRun, changelog: str
) -> Iterator[Message]:
    """The same without the state."""
    yield _told(connection, binding, run, started(connection, run))
    yield from binding.events(outbox.events_of_run(connection, run.id), run.header.created_at)
    yield _told(connection, binding, run, completed(connection, run, changelog))


def message_of_row(
    connection: Connection, binding: Binding, run: RecordedRun, kind: str, data: str
) -> Message:
    """A message beside the events, as it was written down."""
    message_id = run_event_id(kind, origin_of(connection, run))
    return binding.run_event(kind, message_id, run.header.created_at, data.encode())


def messages_of_state(
    connection: Connection, binding: Binding, there: Mapping[Topic, set[bytes]]
) -> Iterator[Message]:
    """The whole state, and a tombstone for each key that is there and stands for nothing now."""
    gone = {topic: set(keys) for topic, keys in there.items()}
    for record in all_state_records(connection):
        gone[record.topic].discard(record.key.encode())
        yield binding.state(record)
    sequence = runs.next_sequence(connection) - 1
    for topic, keys in gone.items():
        for key in sorted(keys):
            yield binding.tombstone(topic, key, sequence)


def _told(
    connection: Connection, binding: Binding, run: RecordedRun, data: RunEventData
) -> Message:
    message_id = run_event_id(data.NAME, origin_of(connection, run))
    return binding.run_event(data.NAME, message_id, run.header.created_at, canonical(data))
