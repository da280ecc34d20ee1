"""Going on behind what others published, or what this changelog published before it was restored.

What is there of the same nights has arrived, and keeps the sequences that it has there. What waits
is numbered behind everything that is there. What never arrived and lies before what did is left out
for good: behind it, it would tell of the register as it no longer is.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from sordiff.changelog import Session
from sordiff.errors import PublishingRefused
from sordiff.report import RecordedRun
from sordiff.service.publish.arrived_runs import Arrived, Waiting, find_runs_out_of_order
from sordiff.service.publish.outbox_entries import queue_whole_state

_ACCEPTED: Final = frozenset({"accepted", "released"})


def adopt_runs(session: Session, there: Arrived, *, new_name: str, at: str) -> None:
    """Take what is there as it is; where this changelog had published, it takes a new name."""
    session.identity.adopt({run.changelog for run in there.runs}, there.last_sequence, at)
    if session.identity.find_own_name() is None:
        session.identity.give_name(new_name, at)


def settle_waiting_runs(session: Session, waiting: Sequence[Waiting], sink: str, at: str) -> None:
    """Number what waits, leave out what comes too late, and have the state written anew.

    The next run tells that the state went another way than the events.
    """
    lost = find_runs_out_of_order(waiting)
    firsts = _new_firsts(session, waiting) if waiting else {}
    _refuse_conflicts(session, sink, {*lost, *firsts})
    session.outbox.withhold(lost)
    session.sequences.renumber(firsts)
    here = session.outbox.of_sink(sink)
    here.mark_published((one.row.id for one in waiting if one.there), at)
    # The adopted runs are now taken as they are in every sink, and its state may be theirs.
    queue_whole_state(session, session.outbox.list_sinks(), at)
    for name in session.outbox.list_sinks():
        session.outbox.of_sink(name).expect_beyond_events(expected=True)
        session.outbox.of_sink(name).note_read(None)


def _refuse_conflicts(session: Session, sink: str, run_ids: AbstractSet[int]) -> None:
    """What another sink has must stay as it is there."""
    found = session.outbox.find_published_elsewhere(sink, run_ids)
    if found is not None:
        run_id, other = found
        message = (
            f"Run {run_id} would get other sequences, or be left out, but it was published to"
            f" {other} as it is. Nothing was sent."
        )
        advice = f"Publish to an empty place instead of {sink}, or go on with {other} alone."
        raise PublishingRefused(message, advice=advice)


def _new_firsts(session: Session, waiting: Sequence[Waiting]) -> dict[int, int]:
    """The first sequences, where they must change, of what waits and of all accepted runs after."""
    last_there = max((one.run.id for one in waiting if one.there), default=0)
    first = waiting[0].run.id
    later = [
        run
        for run in session.runs.iterate()
        if run.id >= first and run.state in _ACCEPTED and run.first_sequence is not None
    ]
    there = {one.run.id: one.there for one in waiting if one.there}
    before = session.sequences.find_last_before(first)
    behind = session.identity.read_adopted_sequence()
    reached, firsts = before, {}
    for run in later:
        found = there.get(run.id)
        wanted = run.first_sequence if found is None else found.first_sequence
        if run.id > last_there:
            wanted = max(reached, behind) + 1
        size = run.event_count
        fits = found is None or found.last_sequence == (wanted or 0) + size - 1
        if wanted is None or wanted <= reached or not fits:
            # Another sordiff has told it otherwise: no numbers are the right ones.
            firsts = _one_behind_the_other(later, max(before, behind))
            break
        firsts[run.id], reached = wanted, wanted + size - 1
    old = {run.id: run.first_sequence for run in later}
    return {run_id: first for run_id, first in firsts.items() if first != old[run_id]}


def _one_behind_the_other(later: Sequence[RecordedRun], reached: int) -> dict[int, int]:
    firsts = {}
    for run in later:
        firsts[run.id] = reached + 1
        reached += run.event_count
    return firsts
