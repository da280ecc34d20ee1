"""All units as they stand, some at a time, for a subscriber who joins.

Each record carries the sequence of the last run that changed any part of it. Who reads all of them,
and then applies to each record the events above its own sequence, has the register: a night that
arrives meanwhile does no harm.
"""

from msgspec import Struct

from sordiff.changelog import QuerySession
from sordiff.changelog.records import LastChange
from sordiff.model import SorId
from sordiff.resolved import Resolver, UnitState
from sordiff.service.publish.outbox_entries import is_changed_beyond_events
from sordiff.service.query.register_at import read_register_after
from sordiff.service.query.show import find_answering_run
from sordiff.wire import pad_sequence


class SequencedUnit(Struct, frozen=True, kw_only=True):
    """A unit as it stands, and the sequence from which on this is so."""

    sequence: str
    state: UnitState


class SequencedUnits(Struct, frozen=True, kw_only=True):
    """Some units in the order of their ids; `more`: there are others behind them."""

    units: tuple[SequencedUnit, ...]
    more: bool


def read_last_change(session: QuerySession) -> LastChange:
    """When each record was last changed; the same until something is recorded."""
    return session.state_changes.read_last(find_answering_run(session, None).id)


def read_sequenced_units(
    session: QuerySession, last: LastChange, after: str, limit: int
) -> SequencedUnits:
    """The units whose ids follow upon one, as texts sort; the first ones after an empty text."""
    run = find_answering_run(session, None)
    resolver = Resolver(register := read_register_after(session, run, lazily=True))
    ids = session.listed.list_ids_after(after, limit + 1)
    return SequencedUnits(
        units=tuple(
            SequencedUnit(
                sequence=pad_sequence(last.units.get(sor_id, last.whole).sequence),
                state=resolver.unit_state(register.units[SorId(sor_id)]),
            )
            for sor_id in ids[:limit]
        ),
        more=len(ids) > limit,
    )


def find_epoch(session: QuerySession) -> int:
    """The last accepted run that changed more than its events tell; 0 before the first.

    Who has the units of an earlier epoch reads them anew.
    """
    for run_id in session.runs.list_accepted_ids_after(0):
        if is_changed_beyond_events(session, session.runs.get(run_id)):
            return run_id
    return 0
