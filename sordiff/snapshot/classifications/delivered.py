"""The classifications of one night, as its files of lists give them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from msgspec import Struct

from sordiff.findings import Finding
from sordiff.model import Classification, Day, find_next_day


class DeliveredClassifications(Struct, frozen=True, kw_only=True):
    """The classifications of one night, and what must be said of them."""

    lists: dict[str, Classification] = {}
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()
    # The periods of entries whose codes stand in a list several times.
    periods: tuple[tuple[str, str], ...] = ()

    def are_those_of(self, read_for: Day, day: Day) -> bool:
        """Whether what was read for one day is so on the other, too."""
        first, last = min(read_for, day), max(read_for, day)
        return not any(
            first < since <= last or first <= until < last for since, until in self.periods
        )

    def list_turns(self) -> Iterator[Day]:
        """The days on which another entry of such a code may be valid than the day before."""
        for since, until in self.periods:
            # An end may be open, or no day of the calendar.
            with suppress(ValueError):
                yield Day(date.fromisoformat(since).isoformat())
            with suppress(ValueError):
                yield find_next_day(Day(until)) or Day(until)
