"""What was done to the runs is noted in the archive: the changelog is asked what is not there yet.

So a call that was killed between the two is made up for by the next one.
"""

from collections.abc import Iterable, Iterator

from sordiff.archive import Archive, DoneToRun
from sordiff.changelog import Changelog, Session
from sordiff.report import RecordedRun


def note_runs(archive: Archive, changelog: Changelog) -> None:
    """Note what the archive does not know yet of the runs of a changelog, in its order."""
    with changelog.open_to_read() as session:
        archive.note(lambda noted: _find_new(session, noted))


def _find_new(session: Session, noted: Iterable[DoneToRun]) -> list[DoneToRun]:
    there = {(done.run, done.done) for done in noted}
    # A second holds several, and a clock may go back: a run is decided before the next is recorded.
    found, latest = [], ""
    for run in session.runs.iterate():
        for number, done in enumerate(_done_to(session, run)):
            at = max(latest, done.at)
            latest = latest if done.done == "retracted" else at
            if (done.run, done.done) not in there:
                found.append(((at, run.id, number), done))
    return [done for _, done in sorted(found, key=lambda one: one[0])]


def _done_to(session: Session, run: RecordedRun) -> Iterator[DoneToRun]:
    name = session.identity.find_own_name() or ""
    was_held = run.state != "accepted"
    decided = run.state in {"released", "rejected"}
    yield DoneToRun(
        run=run.id,
        done="recorded",
        at=run.recorded_at,
        by=None if decided else run.decided_by,
        reason=None if decided else run.reason,
        changelog=name,
        source=run.source,
        sha256=run.header.sha256,
        data_types=session.runs.find_data_types_sha256(run.id),
        state="held" if was_held else "accepted",
        kind=run.kind,
        publish=run.publish,
        corrects=run.corrects,
        first_sequence=None if was_held else run.first_sequence,
        fields=session.coverage.read_fields(run.id),
    )
    if decided:
        yield DoneToRun(
            run=run.id,
            done="released" if run.state == "released" else "rejected",
            at=run.decided_at or run.recorded_at,
            by=run.decided_by,
            reason=run.reason,
            changelog=name,
            first_sequence=run.first_sequence,
        )
    if run.retracted_at is not None:
        yield DoneToRun(
            run=run.id,
            done="retracted",
            at=run.retracted_at,
            by=run.retracted_by,
            reason=run.retracted_reason,
            changelog=name,
        )
