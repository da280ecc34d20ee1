"""What tells one state of a changelog from another."""

from collections.abc import Hashable

from sordiff.changelog import Session


def identify_state(session: Session) -> Hashable:
    """The last accepted run, as no other changelog has it; None where there is none.

    The number is not enough: a changelog that is put in this one's place has runs of its own.
    """
    last = session.runs.find_last_accepted()
    return last and (last.id, last.header.sha256, last.recorded_at, last.last_sequence)
