"""Conditions that several queries have in common."""

from typing import Final

# A run that moved the state: taken at once, or held and released.
ACCEPTED: Final = "state IN ('accepted', 'released')"
