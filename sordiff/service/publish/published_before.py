"""What a sink has and the changelog has lost: then a backup was restored, with its mark or without.

`sordiff run` asks before it records. When `publish` finds out, a night may be recorded that gives
sequences a second time.
"""

from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import GivenRun
from sordiff.errors import ChangelogMissing
from sordiff.event_sink import EventSink
from sordiff.service.publish.arrived_runs import RunThere
from sordiff.service.publish.reading_on import find_read, read_on


def remember_published(changelog: Changelog, sink: EventSink, source: str) -> None:
    """Let the changelog remember its own runs that are in the sink, and that it has lost.

    A run that it knows otherwise makes `publish` refuse; nothing is remembered then.
    """
    try:
        with changelog.open_to_read() as session:
            own = session.identity.find_own_name()
            read = find_read(session, sink.name, ())
            next_sequence = session.sequences.next()
    except ChangelogMissing:
        return
    with changelog.lock_publisher(sink.name), sink.begin(source) as sender:
        told = read_on(sender, read, source)
        there = told.arrived
        if there.last_sequence >= next_sequence and told.since:
            there = read_on(sender, None, source).arrived
    runs = sorted((run for run in there.runs if run.changelog == own), key=lambda run: run.run_id)
    with changelog.open_to_read() as session:
        is_behind = any((run.last_sequence or 0) >= session.sequences.next() for run in runs)
        if not is_behind or any(_is_known_otherwise(session, run) for run in runs):
            return
    changelog.remember_given([_given(run) for run in runs])


def _is_known_otherwise(session: Session, there: RunThere) -> bool:
    run = session.runs.find(there.run_id)
    is_accepted = run is not None and run.state in {"accepted", "released"}
    return run is not None and is_accepted and run.digest != there.digest


def _given(there: RunThere) -> GivenRun:
    return GivenRun(
        id=there.run_id,
        day=there.day,
        digest=there.digest,
        first_sequence=there.first_sequence,
        last_sequence=there.last_sequence,
    )
