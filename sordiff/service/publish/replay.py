"""`sordiff replay`: published runs once more, for a subscriber who comes late."""

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import OutboxRow
from sordiff.event_sink import EventSink, SinkSession
from sordiff.report import PublishedRow
from sordiff.service.publish.histories import list_silent_histories
from sordiff.service.publish.messages import build_outgoing_run_event, build_replayed_run
from sordiff.service.publish.outbox_entries import RETRACTED, RUN, SILENT, Publication
from sordiff.service.publish.sending import build_published_row


def replay_runs(
    changelog: Changelog, sink: EventSink, since: int, *, history: bool = False
) -> Iterator[PublishedRow]:
    """Send what was published once more, with the ids and sequences that it had.

    The sink marks it as sent again. Each run that reaches beyond the sequence `since` is sent
    whole, as it was, and so is what took one of them back. The state is left alone.
    `history`: also nights of histories that were never published, for topics of their own.
    """
    with changelog.lock_publisher(sink.name):
        changelog.upgrade()
        yield from _replay(changelog, sink, since, history=history)


def _replay(
    changelog: Changelog, sink: EventSink, since: int, *, history: bool
) -> Iterator[PublishedRow]:
    with changelog.open_at_one_moment() as reader:
        name = str(reader.identity.find_own_name())
        for source, group in groupby(
            _wanted(reader, sink.name, since, history=history), lambda row: row.source
        ):
            with sink.begin(source) as sender:
                for row in group:
                    yield _send_again(
                        reader, sender, row, Publication(changelog=name, sink=sink.name)
                    )


def _wanted(session: Session, sink: str, since: int, *, history: bool) -> list[OutboxRow]:
    """The runs that reach beyond a sequence, and all that was taken back since the first."""
    found: list[OutboxRow] = []
    reached = 0
    rows = session.outbox.of_sink(sink).list_published({RUN, RETRACTED})
    if history:
        rows = sorted([*rows, *_silent_histories(session, sink)], key=lambda row: row.id)
    for row in rows:
        run = session.runs.get(row.run_id)
        reached = max(reached, run.last_sequence or 0)
        if found or (reached >= since if run.last_sequence is None else reached > since):
            found.append(row)
    return found


def _silent_histories(session: Session, sink: str) -> list[OutboxRow]:
    outbox = session.outbox.of_sink(sink)
    silent = set(list_silent_histories(session, sink))
    rows = (*outbox.list_waiting(), *outbox.list_published({SILENT}))
    return [replace(row, kind=RUN) for row in rows if row.kind == SILENT and row.run_id in silent]


def _send_again(
    reader: Session, sender: SinkSession, row: OutboxRow, publication: Publication
) -> PublishedRow:
    if row.kind == RUN:
        sent = sender.send_run(build_replayed_run(reader, row, publication))
    else:
        sent = sender.send_run_event(build_outgoing_run_event(reader, row))
    return build_published_row(reader, publication.sink, row, messages=sent)
