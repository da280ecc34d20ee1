"""Limits that no register comes near; a file beyond them is hostile, or something else."""

from typing import Final

# Four times the ids that were issued in the register's first fifteen years.
MAX_UNITS: Final = 600_000
