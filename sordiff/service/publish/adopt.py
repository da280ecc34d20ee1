"""Going on behind what others published, or what this changelog published before it was restored.

What is there of the same nights has arrived, and keeps the sequences that it has there. What waits
is numbered behind everything that is there. What never arrived and lies before what did is left out
for good: behind it, it would tell of the register as it no longer is.
"""

from collections.abc import Sequence
from typing import Final

from sordiff.changelog import Session
from sordiff.report import RecordedRun
from sordiff.service.publish.outbox_entries import queue_whole_state
from sordiff.service.publish.reconcile import Arrived, Waiting, lost_their_place

_ACCEPTED: Final = frozenset({"accepted", "released"})


def adopt(
    session: Session,
    there: Arrived,
    waiting: Sequence[Waiting],
    *,
    new_name: str,
    at: str,
) -> None:
    """Take what is there as it is; where this changelog had published, it takes a new name."""
    session.identity.adopt({run.changelog for run in there.runs}, there.last_sequence, at)
    if session.identity.find_own_name() is None:
        session.identity.give_name(new_name, at)
    settle(session, waiting, at)


def settle(session: Session, waiting: Sequence[Waiting], at: str) -> None:
    """Number what waits, leave out what comes too late, and have the state written anew.

    The next run tells that the state went another way than the events.
    """
    for run_id in lost_their_place(waiting):
        session.outbox.withhold(run_id)
    if waiting:
        last_there = max((one.run.id for one in waiting if one.there), default=0)
        _number(session, waiting, last_there=last_there)
    session.outbox.mark_published((one.row.id for one in waiting if one.there), at)
    queue_whole_state(session, at)
    session.identity.set_beyond_events(owed=True)


def _number(session: Session, waiting: Sequence[Waiting], *, last_there: int) -> None:
    """The sequences of the first that waits and of all accepted runs after it."""
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
    session.sequences.renumber(firsts)


def _one_behind_the_other(later: Sequence[RecordedRun], reached: int) -> dict[int, int]:
    firsts = {}
    for run in later:
        firsts[run.id] = reached + 1
        reached += run.event_count
    return firsts
