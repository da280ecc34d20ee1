"""Days that can't be right: a snapshot ahead of the clock, and a long gap before it."""

from datetime import datetime, timedelta
from typing import Final

from sordiff.alerts import Alert
from sordiff.model import Day, Header, read_instant

# Where the register is made: its days begin and end there.
_REGISTER_ZONE: Final = "Europe/Copenhagen"
_MOST_AHEAD: Final = timedelta(hours=36)
_MOST_MISSING: Final = 31
_HOUR: Final = timedelta(hours=1)


def find_tomorrow(now: str) -> Day:
    """The last day that a night may have, at `now` (ISO 8601): the register's tomorrow."""
    from zoneinfo import ZoneInfo  # which looks for the zones of the system when it is imported

    today = datetime.fromisoformat(now).astimezone(ZoneInfo(_REGISTER_ZONE)).date()
    return Day((today + timedelta(days=1)).isoformat())


def find_date_ahead_alert(header: Header, now: str) -> Alert | None:
    """A SnapshotDate later than tomorrow, or a CreatedAtTime far ahead of `now` (ISO 8601)."""
    tomorrow = find_tomorrow(now)
    if header.snapshot_date > tomorrow:
        message = (
            f"the snapshot is dated {header.snapshot_date}, which is later than tomorrow "
            f"({tomorrow})"
        )
        return _ahead(message)
    ahead = read_instant(header) - datetime.fromisoformat(now)
    if ahead > _MOST_AHEAD:
        message = (
            f"the snapshot was created at {header.created_at}, {ahead / _HOUR:,.0f} hours ahead of "
            f"the clock; at most {_MOST_AHEAD / _HOUR:.0f} are let through"
        )
        return _ahead(message)
    return None


def find_date_alerts(header: Header, now: str | None, nights_missing: int) -> tuple[Alert, ...]:
    """What is odd about the days of a snapshot; without a clock, only the gap is looked at."""
    ahead = None if now is None else find_date_ahead_alert(header, now)
    return tuple(alert for alert in (ahead, find_gap_alert(nights_missing)) if alert is not None)


def find_gap_alert(nights_missing: int) -> Alert | None:
    """So many nights missing that somebody should know; a warning, since nothing is wrong in it."""
    if nights_missing <= _MOST_MISSING:
        return None
    return Alert(
        code="date.gap",
        severity="warning",
        subject=None,
        message=f"{nights_missing:,} nights are missing before this one",
        saw=nights_missing,
        limit=_MOST_MISSING,
    )


def _ahead(message: str) -> Alert:
    return Alert(code="date.future", severity="critical", subject=None, message=message)
