"""Which runs a report tells of."""

from sqlite3 import Connection

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.report import Asked, RecordedRun
from sordiff.store import runs

_ACCEPTED = frozenset({"accepted", "released"})


class NothingRecorded(SordiffError):
    """No run is what was asked for."""


class Period(Struct, frozen=True, kw_only=True):
    """The runs told of, oldest first; the one that the first was compared with, if any.

    `base`: the last accepted run at the end, whose state the register then was: the last of the
    runs, or for one that moved no state the run that it was compared with.
    """

    runs: tuple[RecordedRun, ...]
    before: RecordedRun | None
    base: RecordedRun | None

    @property
    def last(self) -> RecordedRun:
        """The run at the end of the period."""
        return self.runs[-1]

    @property
    def is_accepted(self) -> bool:
        """Whether the register moved."""
        return self.last.state in _ACCEPTED


def period_of(connection: Connection, asked: Asked) -> Period:
    """The run named, the accepted runs between two days, or the last run of all."""
    if asked.run is not None:
        run = runs.run_by_id(connection, asked.run)
        if run is None:
            raise NothingRecorded(
                f"There is no run {asked.run}.", advice="`sordiff runs` lists them."
            )
        chosen = [run]
    elif asked.since is not None or asked.until is not None:
        chosen = runs.accepted_between(connection, asked.since, asked.until)
        if not chosen:
            raise NothingRecorded(_nothing_between(asked), advice="`sordiff runs` lists the days.")
    else:
        last = runs.last_run(connection)
        if last is None:
            raise NothingRecorded(
                "The changelog has no run.", advice="`sordiff ingest` records one."
            )
        chosen = [last]
    first, last = chosen[0], chosen[-1]
    before = _compared_with(connection, first)
    base = last if last.state in _ACCEPTED else _compared_with(connection, last)
    return Period(runs=tuple(chosen), before=before, base=base)


def _compared_with(connection: Connection, run: RecordedRun) -> RecordedRun | None:
    return None if run.compared_with is None else runs.run_by_id(connection, run.compared_with)


def _nothing_between(asked: Asked) -> str:
    if asked.since == asked.until:
        return f"No run was accepted for {asked.since}."
    since = f" from {asked.since}" if asked.since else ""
    until = f" until {asked.until}" if asked.until else ""
    return f"No run was accepted{since}{until}."
