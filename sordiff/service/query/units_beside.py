"""The units of a long report are read by a worker process, while this one reads the events."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final, TypeAlias

import msgspec

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.model import SorId
from sordiff.report import Asked, UnitEntry
from sordiff.service.query.report_period import choose_period
from sordiff.service.query.report_units import Units
from sordiff.worker_process import SendPart, run_in_worker

# The units of fewer events are read before a worker has sent them.
_MANY_EVENTS: Final = 20_000
_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(dict[SorId, UnitEntry])

WaitForUnits: TypeAlias = Callable[[QuerySession], dict[SorId, UnitEntry]]


def begin_to_read_units(
    changelog: QueryableChangelog, asked: Asked, *, may_fork: bool
) -> AbstractContextManager[WaitForUnits]:
    """Read units beside the events, if there may be enough of them; else none."""
    if may_fork and is_of_many_nights(asked):
        return read_units_beside(changelog, asked)
    return nullcontext(lambda _: {})


def is_of_many_nights(asked: Asked) -> bool:
    """Whether the question may be one of so many events, as far as it says so itself."""
    is_period = asked.since is not None or asked.until is not None
    return is_period and asked.since != asked.until and not asked.is_of_a_part


@contextmanager
def read_units_beside(changelog: QueryableChangelog, asked: Asked) -> Iterator[WaitForUnits]:
    """Read the units that the events of a long period are about while the block runs.

    It gets what waits for them; they are none where the worker saw another state of the register
    than the session that is given. This process opens the changelog only in the block: a
    connection of SQLite and its locks must not be there when a process is forked that opens the
    same file.
    """

    def work(send: SendPart) -> Units | None:
        with changelog.open_to_query() as session:
            period = choose_period(session, asked)
            is_long = sum(run.event_count for run in period.runs) >= _MANY_EVENTS
            if not is_long or _stamp_state(session) != _ENCODER.encode(period.last):
                return None
            units = Units(session, period, ())
            subjects = map(SorId, session.report.list_subjects(period.runs))
            send(_stamp_state(session))
            send(_ENCODER.encode(units.list_present(subjects)))
            return units

    with run_in_worker(work) as worker:

        def wait(session: QuerySession) -> dict[SorId, UnitEntry]:
            parts = [*worker.read_parts()] if worker.wait_for_success() else []
            if not parts or parts[0] != _stamp_state(session):
                return {}
            return _DECODER.decode(parts[1])

        yield wait


def _stamp_state(session: QuerySession) -> bytes:
    """By what the state of the register is known: it moves with the last accepted run alone."""
    return _ENCODER.encode(session.runs.find_last_accepted())
