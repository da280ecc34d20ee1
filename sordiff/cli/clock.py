"""The one clock."""

from datetime import datetime, timezone


def now() -> str:
    """The present moment in UTC, in whole seconds, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
