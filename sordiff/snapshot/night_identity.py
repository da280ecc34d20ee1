"""By what runs know the nights of a file that has no day of its own."""

import hashlib

from sordiff.model import Day


def identify_night(sha256: str, day: Day, beside: str | None = None) -> str:
    """By what runs know the night of a table: its bytes, by their SHA-256, and the day.

    `beside`: the digest of the tables that say something of its units, where there are any.
    """
    parts = (sha256, day, *(() if beside is None else (beside,)))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()
