"""Forgetting a sink that was tried once, so that nothing waits for it any more."""

from sordiff.changelog import Changelog
from sordiff.errors import SordiffError


def forget_sink(changelog: Changelog, sink: str) -> None:
    """Drop all account of a sink; what it has stays there.

    Locked where another publishes into it. A sink that was never used is an error.
    """
    with changelog.lock_publisher(sink), changelog.open_to_publish() as session:
        known = session.outbox.list_sinks()
        if sink not in known:
            message = f"Nothing was ever published into {sink}."
            names = ", ".join(known) or "none"
            raise SordiffError(message, advice=f"Sinks that were used: {names}.")
        with session.transaction():
            session.outbox.of_sink(sink).forget()
