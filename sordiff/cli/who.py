"""Who calls: the name that is kept with a decision."""

import getpass
import os


def user() -> str:
    """The OS user by name, or by number where the system has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
