"""What a command takes from outside beside its arguments: the one clock, and who calls."""

import getpass
import os
from datetime import datetime, timezone


def read_clock() -> str:
    """The present moment in UTC, in whole seconds, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def find_user() -> str:
    """The OS user by name, or by number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
