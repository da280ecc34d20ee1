"""The outbox against the runs: each accepted run is to be published once, or its state alone."""

from collections import Counter
from collections.abc import Iterator, Sequence

from sordiff.changelog import Session
from sordiff.event_sink import KAFKA
from sordiff.report import Contradiction, RecordedRun
from sordiff.service.publish.outbox_entries import RUN, SILENT

_KINDS = frozenset({RUN, SILENT})
_ACCEPTED = frozenset({"accepted", "released"})


def check_outbox(session: Session, runs: Sequence[RecordedRun]) -> Iterator[Contradiction]:
    """For each sink that was ever used, and for one that never was."""
    for sink in session.outbox.list_sinks() or [KAFKA]:
        yield from _check_sink(session, runs, sink)


def _list_right_kinds(run: RecordedRun) -> set[str]:
    """A night of a history is published where a sink has demanded it."""
    return {RUN} if run.publish else {RUN, SILENT} if run.history else {SILENT}


def _check_sink(
    session: Session, runs: Sequence[RecordedRun], sink: str
) -> Iterator[Contradiction]:
    outbox = session.outbox.of_sink(sink)
    waiting = [row for row in outbox.list_waiting() if row.kind in _KINDS]
    published = outbox.list_published(_KINDS)
    kinds = {row.run_id: row.kind for row in (*waiting, *published)}
    counts = Counter(row.run_id for row in (*waiting, *published))
    for run in runs:
        wanted = int(run.state in _ACCEPTED)
        if counts[run.id] != wanted:
            message = f"the outbox has it {counts[run.id]} times for {sink}, and not {wanted}"
            yield Contradiction(run=run.id, message=message)
        elif wanted and kinds[run.id] not in _list_right_kinds(run):
            message = f"the outbox has its {kinds[run.id]}, and it is published otherwise"
            yield Contradiction(run=run.id, message=message)
    last = max((row.run_id for row in published if row.kind == RUN), default=0)
    for row in waiting:
        if row.kind == RUN and row.run_id < last:
            message = f"it waits for {sink}, though run {last} after it is published there"
            yield Contradiction(run=row.run_id, message=message)
