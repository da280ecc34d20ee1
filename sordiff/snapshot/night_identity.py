"""By what runs know the nights of a file that has no day of its own."""

import hashlib

from sordiff.model import Day


def identify_night(sha256: str, day: Day) -> str:
    """By what runs know the night of a table: its bytes, by their SHA-256, and the day."""
    return hashlib.sha256(f"{sha256} {day}".encode()).hexdigest()
