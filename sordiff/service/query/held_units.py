"""Units that only the snapshot of a held run has: what they would be if it is released."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from sordiff.changelog import QuerySession
from sordiff.changelog.records import EventQuery
from sordiff.events import UnitCreated, find_event_name
from sordiff.model import Gln, SorId, Unit
from sordiff.report import RecordedRun
from sordiff.report.lookup_results import Answering, ChildCounts, ShownUnit
from sordiff.resolved import Resolver
from sordiff.service.query.show import build_register, collect_codes
from sordiff.wire import decode

# More levels no register has; parents that go in a circle end there.
_MOST_LEVELS = 50


def find_holding_run(session: QuerySession, sor_id: SorId) -> RecordedRun | None:
    """The held run whose snapshot has a unit that no accepted one ever had."""
    held = session.runs.find_held()
    if held is None or session.ownership.find_first_run(sor_id) is not None:
        return None
    return None if _find_created(session, held, sor_id) is None else held


def read_held_unit(session: QuerySession, held: RecordedRun, sor_id: SorId) -> ShownUnit | None:
    """Such a unit with everything resolved, by its own record and the units above it.

    What else the held run changes in units above it is not seen: it may never be accepted.
    """
    unit = _find_created(session, held, sor_id)
    last = session.runs.find_last_accepted()
    if unit is None or last is None:
        return None
    past = session.past(last.id)
    above = list(_find_created_above(session, held, unit))
    known = past.unit(SorId(above[-1].parent_id)) if above[-1].parent_id else None
    beyond = [] if known is None else [known, *past.ancestors(known)]
    register = build_register(past, held, [*above, *beyond])
    header = held.header
    return ShownUnit(
        answering=Answering(asked=None, day=header.snapshot_date, run=held.id, newest=False),
        state=Resolver(register).unit_state(unit),
        children=ChildCounts(units=0, open=0),
        codes=collect_codes(register, [unit]),
    )


def find_known(session: QuerySession, ids: Iterable[str]) -> AbstractSet[str]:
    """Those of these digits that name a unit or a location number of which there is a page."""
    wanted = set(ids)
    units = session.listed.find_first_runs(wanted)
    others = wanted - units.keys()
    numbers = {one for one in others if session.ownership.is_number(Gln(one))}
    held = session.runs.find_held()
    created = set() if held is None else _list_created(session, held) & (others - numbers)
    return units.keys() | numbers | created


def _list_created(session: QuerySession, held: RecordedRun) -> set[str]:
    query = EventQuery(run=held.id, event_type=find_event_name(UnitCreated))
    return {told.subject for told in session.events.select(query)}


def _find_created_above(session: QuerySession, held: RecordedRun, unit: Unit) -> Iterator[Unit]:
    """The unit, and what is above it as far as the same run creates it, too."""
    current: Unit | None = unit
    for _ in range(_MOST_LEVELS):
        if current is None:
            return
        yield current
        parent = current.parent_id
        current = None if parent is None else _find_created(session, held, parent)


def _find_created(session: QuerySession, held: RecordedRun, sor_id: SorId) -> Unit | None:
    query = EventQuery(run=held.id, event_type=find_event_name(UnitCreated), subject=sor_id)
    for told in session.events.select(query):
        data = decode(told.type, told.subject, bytes(told.data)).data
        return data.after if isinstance(data, UnitCreated) else None
    return None
