"""What was done to the runs is noted in the archive: the changelog is asked what is not there yet.

So a call that was killed between the two is made up for by the next one.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec.structs import replace

from sordiff.archive import Archive, Done, DoneToRun
from sordiff.changelog import Changelog, Session
from sordiff.report import RecordedRun


def note_runs(archive: Archive, changelog: Changelog) -> None:
    """Note what the archive does not know yet of the runs of a changelog, in its order."""
    with changelog.open_to_read() as session:
        archive.note(lambda noted: _find_new(session, noted))


def _find_new(session: Session, noted: Sequence[DoneToRun]) -> list[DoneToRun]:
    there = {(done.run, done.done) for done in noted}
    numbers = {done.run: done for done in noted if done.done != "retracted"}
    # A second holds several, and a clock may go back: a run is decided before the next is recorded.
    found, latest = [], ""
    for run in session.runs.iterate():
        for place, done in enumerate(_done_to(session, run)):
            at = max(latest, done.at)
            latest = latest if done.done == "retracted" else at
            if (done.run, done.done) not in there:
                found.append(((at, run.id, place), done))
                numbers[run.id] = done if done.done != "retracted" else numbers[run.id]
    new = [done for _, done in sorted(found, key=lambda one: one[0])]
    return [*new, *_renumbered(session, numbers)]


def _renumbered(session: Session, noted: Mapping[int, DoneToRun]) -> Iterator[DoneToRun]:
    """What `publish --adopt` gave other sequences, or left out, after it was noted."""
    for run in session.runs.iterate():
        known = noted[run.id]
        told = (known.first_sequence, known.last_sequence, known.publish)
        if told != (run.first_sequence, run.last_sequence, run.publish):
            yield _done(session, run, "renumbered", at=known.at)


def _done_to(session: Session, run: RecordedRun) -> Iterator[DoneToRun]:
    """What was done to a run, in its order."""
    was_held = run.state != "accepted"
    decided = run.state in {"released", "rejected"}
    recorded = _done(session, run, "recorded", at=run.recorded_at)
    yield replace(
        recorded,
        by=None if decided else run.decided_by,
        reason=None if decided else run.reason,
        source=run.source,
        sha256=run.header.sha256,
        data_types=session.runs.find_data_types_sha256(run.id),
        state="held" if was_held else "accepted",
        kind=run.kind,
        corrects=run.corrects,
        fields=session.coverage.read_fields(run.id),
    )
    if decided:
        word: Literal["released", "rejected"] = (
            "released" if run.state == "released" else "rejected"
        )
        decision = _done(session, run, word, at=run.decided_at or run.recorded_at)
        yield replace(decision, by=run.decided_by, reason=run.reason)
    if run.retracted_at is not None:
        retraction = _done(session, run, "retracted", at=run.retracted_at)
        yield replace(retraction, by=run.retracted_by, reason=run.retracted_reason)


def _done(session: Session, run: RecordedRun, done: Done, *, at: str) -> DoneToRun:
    return DoneToRun(
        run=run.id,
        done=done,
        at=at,
        by=None,
        reason=None,
        changelog=session.identity.find_own_name() or "",
        first_sequence=run.first_sequence,
        last_sequence=run.last_sequence,
        publish=run.publish,
    )
