"""Too quiet: no change on a working day, or the same file delivered again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sordiff.alerts import Alert
from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.history import select_ordinary, select_peers
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.measures import TOTAL
from sordiff.anomalies.working_days import holds_a_working_day

# One quiet night, which was told of, does not make the next one usual.
_ONCE: Final = 1


def find_quiet_alert(facts: RunFacts, history: Sequence[RunFacts], limits: Limits) -> Alert | None:
    """No change at all on a working day, where such a day is not often without one."""
    if facts.kind != "night" or TOTAL.count(facts.counts) or not limits.quiet.warn:
        return None
    if not holds_a_working_day(facts.day, facts.nights):
        return None
    runs = select_ordinary(history, facts.day, limits.unusual.history)
    worked = [run for run in runs if holds_a_working_day(run.day, run.nights)]
    peers = select_peers(worked, facts.day, limits.unusual.weekdays)
    quiet = sum(TOTAL.count(run.counts) == 0 for run in peers.runs)
    if quiet > max(_ONCE, limits.quiet.share * len(peers.runs)):
        return None
    expected = "some change on a working day"
    if quiet < len(peers.runs):
        expected = f"{expected}, as {len(peers.runs) - quiet} of {peers.told()} had"
    message = f"nothing at all changed; expected {expected}"
    return Alert(
        code="quiet.no_change",
        severity="warning",
        subject=None,
        message=message,
        saw=0,
        expected=expected,
    )


def find_same_file_alert(newest: datetime, now: datetime, limits: Limits) -> Alert | None:
    """For a delivered file that is recorded already: whether the newest accepted one is too old.

    Both moments carry an offset; `newest` is the CreatedAtTime of the newest accepted snapshot.
    """
    hours = (now - newest).total_seconds() / 3600
    if hours <= limits.quiet.hours or not limits.quiet.warn:
        return None
    expected = f"a new snapshot within {limits.quiet.hours:g} hours"
    return Alert(
        code="quiet.same_file",
        severity="warning",
        subject=None,
        message=(
            f"the file delivered is one already recorded, and the newest accepted snapshot is "
            f"{hours:.0f} hours old; expected {expected}"
        ),
        saw=round(hours, 1),
        limit=limits.quiet.hours,
        expected=expected,
    )
