"""Units and location numbers that only a held run has: what they would be if it is released."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeVar

from msgspec.structs import replace

from sordiff.changelog import QuerySession
from sordiff.changelog.queries import PastRegister
from sordiff.changelog.records import EventQuery
from sordiff.events import LocationNumberAssigned, UnitCreated, UnitRestored, find_event_name
from sordiff.model import Gln, LocationNumber, SorId, Unit
from sordiff.register import Register
from sordiff.report import RecordedRun
from sordiff.report.lookup_results import Answering, ChildCounts, ShownNumber, ShownUnit
from sordiff.resolved import Resolver
from sordiff.service.query.show import build_register, collect_codes
from sordiff.wire import decode

# More levels no register has; parents that go in a circle end there.
_MOST_LEVELS = 50
_Told = TypeVar("_Told", UnitCreated, UnitRestored, LocationNumberAssigned)


def find_holding_run(session: QuerySession, sor_id: SorId) -> RecordedRun | None:
    """The held run whose snapshot has a unit that no accepted one ever had."""
    held = session.runs.find_held()
    if held is None or session.ownership.find_first_run(sor_id) is not None:
        return None
    return None if _find_brought(session, held, sor_id) is None else held


def read_held_unit(session: QuerySession, held: RecordedRun, sor_id: SorId) -> ShownUnit | None:
    """Such a unit with everything resolved, by its own record and the units above it.

    What else the held run changes in units above it is not seen: it may never be accepted.
    """
    unit = _find_brought(session, held, sor_id)
    if unit is None:
        return None
    register = _build_register(session, held, [unit])
    return ShownUnit(
        answering=_answer(held),
        state=Resolver(register).unit_state(unit),
        children=ChildCounts(units=0, open=0),
        codes=collect_codes(register, [unit]),
    )


def find_run_holding_number(session: QuerySession, number: Gln) -> RecordedRun | None:
    """The held run whose snapshot has a location number that no accepted one ever had."""
    held = session.runs.find_held()
    if held is None or session.ownership.is_number(number):
        return None
    return held if _read_told(session, held, LocationNumberAssigned, number) else None


def read_held_number(session: QuerySession, held: RecordedRun, number: Gln) -> ShownNumber | None:
    """Such a number, and the units that get it, which may be in the register already."""
    assigned = _read_told(session, held, LocationNumberAssigned, number)
    owners = [_get_owner(session, held, one) for one in assigned]
    if not owners:
        return None
    register = _build_register(session, held, owners)
    resolver = Resolver(register)
    state = resolver.location_number_state(number)
    return ShownNumber(
        answering=_answer(held),
        state=replace(state, heirs=assigned[0].heirs),
        paths={owner.sor_id: resolver.inheritance_of(owner).path for owner in owners},
        former=(),
        codes=collect_codes(register, owners),
    )


def _get_owner(session: QuerySession, held: RecordedRun, told: LocationNumberAssigned) -> Unit:
    """The unit that gets a number, with it."""
    brought = _find_brought(session, held, told.after.unit_id)
    if brought is not None:
        return brought
    unit = _find_past(session).unit(told.after.unit_id)
    assert unit is not None, "what is not in the register, the held run brings"  # noqa: S101
    block = {name: getattr(told.after, name) for name in LocationNumber.__struct_fields__}
    return replace(unit, location_number=LocationNumber(**block))


def _answer(held: RecordedRun) -> Answering:
    return Answering(asked=None, day=held.header.snapshot_date, run=held.id, newest=False)


def _find_past(session: QuerySession) -> PastRegister:
    last = session.runs.find_last_accepted()
    assert last is not None, "what tells of changes was compared with an accepted run"  # noqa: S101
    return session.past(last.id)


def _build_register(session: QuerySession, held: RecordedRun, units: list[Unit]) -> Register:
    """These units with those above them, of which only the held run may have some."""
    past = _find_past(session)
    known: list[Unit] = []
    for unit in units:
        above = list(_find_brought_above(session, held, unit))
        parent = above[-1].parent_id
        beyond = None if parent is None else past.unit(SorId(parent))
        known += [*above, *([] if beyond is None else [*past.ancestors(beyond), beyond])]
    # Where two of the units lie below one another, the one that gets a number is meant.
    return build_register(past, held, [*known, *units])


def find_known(session: QuerySession, ids: Iterable[str]) -> AbstractSet[str]:
    """Those of these digits that name a unit or a location number of which there is a page."""
    wanted = set(ids)
    units = session.listed.find_first_runs(wanted)
    others = wanted - units.keys()
    numbers = {one for one in others if session.ownership.is_number(Gln(one))}
    left = others - numbers
    held = session.runs.find_held() if left else None
    told = set() if held is None else _list_told(session, held) & left
    return units.keys() | numbers | told


def _list_told(session: QuerySession, held: RecordedRun) -> set[str]:
    """The units that a held run creates, and the numbers that it assigns."""
    names = (find_event_name(of_type) for of_type in (UnitCreated, LocationNumberAssigned))
    queries = [EventQuery(run=held.id, event_type=name) for name in names]
    return {told.subject for query in queries for told in session.events.select(query)}


def _find_brought_above(session: QuerySession, held: RecordedRun, unit: Unit) -> Iterator[Unit]:
    """The unit, and what is above it as far as the same run brings it, too."""
    current: Unit | None = unit
    for _ in range(_MOST_LEVELS):
        if current is None:
            return
        yield current
        parent = current.parent_id
        current = None if parent is None else _find_brought(session, held, parent)


def _find_brought(session: QuerySession, held: RecordedRun, sor_id: SorId) -> Unit | None:
    """A unit that is not in the register, and that a held run creates or restores."""
    told: list[UnitCreated | UnitRestored] = [
        *_read_told(session, held, UnitCreated, sor_id),
        *_read_told(session, held, UnitRestored, sor_id),
    ]
    return told[0].after if told else None


def _read_told(
    session: QuerySession, held: RecordedRun, of_type: type[_Told], subject: str
) -> list[_Told]:
    """What a held run tells of that type about a subject."""
    query = EventQuery(run=held.id, event_type=find_event_name(of_type), subject=subject)
    events = session.events.select(query)
    found = (decode(told.type, told.subject, bytes(told.data)).data for told in events)
    return [data for data in found if isinstance(data, of_type)]
