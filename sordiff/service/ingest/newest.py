"""The runs with which a snapshot is compared: they must still be the newest when it is recorded.

The writer lock keeps others out; but somebody can remove the lock file, and not every share keeps
locks.
"""

from msgspec import Struct

from sordiff.changelog import Session
from sordiff.errors import Locked


class Newest(Struct, frozen=True, kw_only=True):
    """The ids of the last accepted run, of the held one, and of the newest of all."""

    accepted: int | None
    held: int | None
    last: int | None


def find_newest(session: Session) -> Newest:
    """What stands now."""
    runs = (
        session.runs.find_last_accepted(),
        session.runs.find_held(),
        session.runs.find_last(),
    )
    accepted, held, last = (None if run is None else run.id for run in runs)
    return Newest(accepted=accepted, held=held, last=last)


def demand_unchanged(session: Session, newest: Newest) -> None:
    """Raise Locked where another sordiff has recorded or decided a run since then."""
    if find_newest(session) != newest:
        message = "Another sordiff has recorded or decided a run meanwhile; nothing was recorded."
        raise Locked(message, advice="Try again; no lock file may be removed while it is held.")
