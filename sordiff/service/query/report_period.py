"""Which runs a report tells of."""

from collections.abc import Sequence

from msgspec import Struct

from sordiff.changelog import QuerySession
from sordiff.errors import SordiffError
from sordiff.report import Asked, RecordedRun

_ACCEPTED = frozenset({"accepted", "released"})


class NothingRecorded(SordiffError):
    """No run is what was asked for."""


class NothingAccepted(SordiffError):
    """There are runs of the days that were asked for, but none of them moved the register."""


class Period(Struct, frozen=True, kw_only=True):
    """The runs told of, oldest first; the one that the first was compared with, if any.

    `base`: the last accepted run at the end, whose state the register then was: the last of the
    runs, or for one that moved no state the run that it was compared with. `beside`: runs of the
    same days that moved no state, and of which only that is told.
    """

    runs: tuple[RecordedRun, ...]
    before: RecordedRun | None
    base: RecordedRun | None
    beside: tuple[RecordedRun, ...] = ()

    @property
    def last(self) -> RecordedRun:
        """The run at the end of the period."""
        return self.runs[-1]

    @property
    def is_accepted(self) -> bool:
        """Whether the register moved."""
        return self.last.state in _ACCEPTED

    @property
    def in_all(self) -> tuple[RecordedRun, ...]:
        """The runs told of and those beside them, oldest first."""
        return tuple(sorted((*self.runs, *self.beside), key=lambda run: run.id))


def choose_period(session: QuerySession, asked: Asked) -> Period:
    """The run named, the accepted runs between two days, or the last run of all."""
    if asked.run is not None:
        run = session.runs.find(asked.run)
        if run is None:
            raise NothingRecorded(
                f"There is no run {asked.run}.", advice="`sordiff runs` lists them."
            )
        return _of_runs(session, [run])
    if asked.since is not None or asked.until is not None:
        return _between(session, asked)
    last = session.runs.find_last()
    if last is None:
        raise NothingRecorded("The changelog has no run.", advice="`sordiff ingest` records one.")
    return _of_runs(session, [last])


def _between(session: QuerySession, asked: Asked) -> Period:
    chosen = session.runs.list_accepted(asked.since, asked.until)
    beside = session.runs.list_not_accepted(asked.since, asked.until)
    if not chosen:
        raise _nothing_between(asked, beside)
    if len(chosen) > 1 and chosen[0].compared_with is None:
        # Nothing can be told of the baseline itself: it is what all else is compared with.
        del chosen[0]
    return _of_runs(session, chosen, beside)


def _of_runs(
    session: QuerySession, chosen: Sequence[RecordedRun], beside: Sequence[RecordedRun] = ()
) -> Period:
    first, last = chosen[0], chosen[-1]
    before = _compared_with(session, first)
    base = last if last.state in _ACCEPTED else _compared_with(session, last)
    return Period(runs=tuple(chosen), before=before, base=base, beside=tuple(beside))


def _compared_with(session: QuerySession, run: RecordedRun) -> RecordedRun | None:
    return None if run.compared_with is None else session.runs.find(run.compared_with)


def _nothing_between(asked: Asked, beside: Sequence[RecordedRun]) -> SordiffError:
    since = f" from {asked.since}" if asked.since else ""
    until = f" until {asked.until}" if asked.until else ""
    days = f" for {asked.since}" if asked.since == asked.until else f"{since}{until}"
    message = f"No run was accepted{days}"
    if not beside:
        return NothingRecorded(f"{message}.", advice="`sordiff runs` lists the days.")
    # One that waits for a decision is what matters most.
    run = next((run for run in beside if run.state == "held"), beside[-1])
    advice = f"`sordiff report --run {run.id}` tells of it."
    if run.state == "held":
        advice += (
            f" Decide with `sordiff release {run.id} --reason …`"
            f" or `sordiff reject {run.id} --reason …`."
        )
    was = "is" if run.state == "held" else "was"
    return NothingAccepted(
        f"{message}: run {run.id} ({run.header.snapshot_date}) {was} {run.state}.", advice=advice
    )
