"""What was done to the runs is noted in the archive: the changelog is asked what is not there yet.

So a call that was killed between the two is made up for by the next one.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from sordiff.archive import Archive, Done, DoneToRun, Names
from sordiff.changelog import Changelog, Session
from sordiff.changelog.records import BriefRun
from sordiff.errors import ArchiveFailed
from sordiff.report import RecordedRun


def note_runs(archive: Archive, changelog: Changelog) -> None:
    """Note what the archive does not know yet of a changelog: of its runs, in order, and names.

    ArchiveFailed where the archive notes the runs of another one.
    """
    with changelog.open_to_read() as session:
        archive.note(
            lambda noted, names: [
                *_find_new(archive, session, noted),
                *_find_new_names(session, names),
            ]
        )


def _find_new_names(session: Session, noted: Names | None) -> Iterator[Names]:
    """The names, where they are not those that are noted."""
    identity = session.identity
    last = session.runs.find_last_accepted()
    found = Names(
        own=identity.find_own_name(),
        adopted=tuple(sorted(identity.read_adopted_names())),
        reached=identity.read_adopted_sequence(),
        at="" if last is None else last.recorded_at,
    )
    is_plain = noted is None and not found.adopted and not found.reached
    if not is_plain and (noted is None or replace(found, at=noted.at) != noted):
        yield found


def _find_new(archive: Archive, session: Session, noted: Sequence[DoneToRun]) -> list[DoneToRun]:
    _demand_own(archive, session, noted)
    runs = session.runs.list_brief()
    lost = _find_lost(session, runs, noted)
    kept = [done for done in noted if lost is None or done.run < lost.run]
    there = {(done.run, done.done) for done in kept}
    numbers = {done.run: done for done in kept if done.done != "retracted"}
    # A second holds several, and a clock may go back: a run is decided before the next is recorded.
    found, latest = [], ""
    for run in runs:
        if all((run.id, word) in there for word, _ in _list_done(run)):
            latest = max(latest, run.recorded_at, run.decided_at or "")
            continue
        for place, done in enumerate(_done_to(session, session.runs.get(run.id))):
            at = max(latest, done.at)
            latest = latest if done.done == "retracted" else at
            if (done.run, done.done) not in there:
                found.append(((at, run.id, place), done))
                numbers[run.id] = done if done.done != "retracted" else numbers[run.id]
    new = [done for _, done in sorted(found, key=lambda one: one[0])]
    return [*([] if lost is None else [lost]), *new, *_renumbered(session, runs, numbers)]


def _demand_own(archive: Archive, session: Session, noted: Sequence[DoneToRun]) -> None:
    """An archive is of one changelog, under whatever names that went."""
    own = {session.identity.find_own_name(), *session.identity.read_adopted_names()}
    names = {done.changelog for done in noted}
    if names and not names & own:
        message = f"The archive {archive.folder} is that of another changelog."
        raise ArchiveFailed(message, advice="Give this one a folder of its own in [archive].")


def _find_lost(
    session: Session, runs: Sequence[BriefRun], noted: Sequence[DoneToRun]
) -> DoneToRun | None:
    """Where a restored backup went another way: the runs from there on are not those noted."""
    recorded = {done.run: done for done in noted if done.done == "recorded"}
    for run in runs:
        known = recorded.get(run.id)
        if known is not None and (known.sha256, known.kind, known.at) != (
            run.sha256,
            run.kind,
            run.recorded_at,
        ):
            return _done(session, run, "lost", at=run.recorded_at)
    return None


def _list_done(run: RecordedRun | BriefRun) -> list[tuple[Done, str]]:
    """What was done to a run, and when."""
    done: list[tuple[Done, str]] = [("recorded", run.recorded_at)]
    if run.state == "released":
        done.append(("released", run.decided_at or run.recorded_at))
    if run.state == "rejected":
        done.append(("rejected", run.decided_at or run.recorded_at))
    if run.retracted_at is not None:
        done.append(("retracted", run.retracted_at))
    return done


def _renumbered(
    session: Session, runs: Sequence[BriefRun], noted: Mapping[int, DoneToRun]
) -> Iterator[DoneToRun]:
    """What `publish --adopt` gave other sequences, or left out, after it was noted."""
    for run in runs:
        known = noted[run.id]
        told = (known.first_sequence, known.last_sequence, known.publish, known.history or False)
        if told != (run.first_sequence, run.last_sequence, run.publish, run.history):
            yield _done(session, run, "renumbered", at=known.at)


def _done_to(session: Session, run: RecordedRun) -> Iterator[DoneToRun]:
    """What was done to a run, in its order."""
    for word, at in _list_done(run):
        done = _done(session, run, word, at=at)
        if word == "recorded":
            yield _with_origin(session, run, done)
        elif word == "retracted":
            yield replace(done, by=run.retracted_by, reason=run.retracted_reason)
        else:
            yield replace(done, by=run.decided_by, reason=run.reason)


def _with_origin(session: Session, run: RecordedRun, done: DoneToRun) -> DoneToRun:
    """With all that a call needs to record the run again."""
    is_decided_later = run.state in {"released", "rejected"}
    return replace(
        done,
        by=None if is_decided_later else run.decided_by,
        reason=None if is_decided_later else run.reason,
        source=run.source,
        sha256=run.header.sha256,
        data_types=session.runs.find_data_types_sha256(run.id),
        state="accepted" if run.state == "accepted" else "held",
        kind=run.kind,
        corrects=run.corrects,
        fields=session.coverage.read_fields(run.id),
        digest=run.digest,
    )


def _done(session: Session, run: RecordedRun | BriefRun, done: Done, *, at: str) -> DoneToRun:
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
        history=True if run.history else None,
    )
