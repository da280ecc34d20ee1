"""`sordiff verify --topics`: the topics hold exactly what the changelog has published there."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from msgspec.structs import replace

from sordiff.changelog import Changelog, Session
from sordiff.event_sink import (
    KAFKA,
    LOCATION_NUMBERS,
    UNITS,
    ArrivedMessage,
    StateTopic,
    TopicContents,
)
from sordiff.report import Contradiction
from sordiff.service.publish.arrived_runs import collect_arrived
from sordiff.service.publish.outbox_entries import RUN
from sordiff.service.publish.state_records import build_all_state_records

_STATES: Final[tuple[StateTopic, ...]] = (UNITS, LOCATION_NUMBERS)


def check_topics(changelog: Changelog, contents: TopicContents) -> list[Contradiction]:
    """Read all topics to their end; nothing may be published meanwhile."""
    with changelog.lock_publisher(KAFKA), changelog.open_at_one_moment() as session:
        source = session.identity.find_source()
        if source is None:
            return []
        outbox = session.outbox.of_sink(KAFKA)
        published = [row.run_id for row in outbox.list_published({RUN})]
        found = [
            *_check_runs(session, contents, source, published),
            *_check_events(session, contents, source, published),
        ]
        if not outbox.list_waiting() and published:
            found += _check_states(session, contents, source)
        return found


def _check_runs(
    session: Session, contents: TopicContents, source: str, published: list[int]
) -> Iterator[Contradiction]:
    """Each published run is there, with its digest and its sequences.

    What a replay sent again counts where the first is gone.
    """
    adopted = session.identity.read_adopted_names()
    told = sorted(contents.read_run_events(), key=lambda event: not event.replay)
    arrived = collect_arrived((replace(event, replay=False) for event in told), source)
    there = {run.run_id: run for run in arrived.runs if run.changelog not in adopted}
    for run_id in published:
        run, found = session.runs.get(run_id), there.pop(run_id, None)
        if found is None:
            if not adopted:
                yield Contradiction(run=run_id, message=f"{contents.place} has no such run")
        elif (found.digest, found.first_sequence, found.last_sequence) != (
            run.digest,
            run.first_sequence,
            run.last_sequence,
        ):
            message = f"{contents.place} has it with another digest, or other sequences"
            yield Contradiction(run=run_id, message=message)
    for run_id in there:
        message = f"{contents.place} has it, and here it is not published"
        yield Contradiction(run=run_id, message=message)


def _check_events(
    session: Session, contents: TopicContents, source: str, published: list[int]
) -> Iterator[Contradiction]:
    """Each event is there once, byte for byte, and those of one key in their order.

    What a replay sent again is not counted, but where the first is gone.
    """
    waited = {
        key: (run_id, sequence, _hash(data))
        for run_id in published
        for key, _, _, sequence, data in session.events.iterate_rows(run_id)
    }
    behind = session.identity.read_adopted_sequence()
    seen: set[str] = set()
    again: set[str] = set()
    last: dict[tuple[str, str], int] = {}
    for message in contents.read_events():
        if message.source != source:
            continue
        sequence = message.sequence or 0
        wanted = waited.get(message.id)
        if message.replay:
            again.update(() if any(_find_wrong(message, wanted, is_again=False)) else {message.id})
            continue
        if wanted is None and sequence <= behind:
            continue  # of a changelog that was adopted
        for what in _find_wrong(message, wanted, is_again=message.id in seen):
            yield _of_event(None if wanted is None else wanted[0], message, what)
        if sequence < last.get((message.topic, message.key), 0):
            yield _of_event(None, message, "stands behind a later one of its key")
        seen.add(message.id)
        last[message.topic, message.key] = sequence
    if contents.keeps_all:
        for key in waited.keys() - seen - again:
            run_id, sequence, _ = waited[key]
            if sequence > behind:
                lacking = f"{contents.place} lacks its event {key} (sequence {sequence})"
                yield Contradiction(run=run_id, message=lacking)


def _find_wrong(
    message: ArrivedMessage, wanted: tuple[int, int, bytes] | None, *, is_again: bool
) -> Iterator[str]:
    if wanted is None:
        yield "is not one of those that are published here"
    elif is_again:
        yield "is there more than once"
    elif wanted[1:] != (message.sequence, _hash(message.data or b"")):
        yield "says something else than here"


def _check_states(
    session: Session, contents: TopicContents, source: str
) -> Iterator[Contradiction]:
    """Each state record is the newest of its key, and no other key has one."""
    for topic in _STATES:
        there: dict[str, tuple[int | None, bytes]] = {}
        for message in contents.read_states(topic):
            if message.data is None:
                there.pop(message.key, None)
            elif message.source in {source, ""}:  # what does not say whose it is counts as ours
                there[message.key] = (message.sequence, _hash(message.data))
        for record in build_all_state_records(session):
            if record.topic == topic and record.value is not None:
                told = there.pop(record.key, None)
                if told != (record.sequence, _hash(record.value)):
                    what = "no state" if told is None else "another state"
                    other = f"{contents.place} has {what} of {record.key}"
                    yield Contradiction(run=None, message=other)
        for key in there:
            left = f"{contents.place} has a state of {key}, which is not there any more"
            yield Contradiction(run=None, message=left)


def _of_event(run: int | None, message: ArrivedMessage, what: str) -> Contradiction:
    text = f"the event {message.id} (sequence {message.sequence}) in {message.topic} {what}"
    return Contradiction(run=run, message=text)


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
