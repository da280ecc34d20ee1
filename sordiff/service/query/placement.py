"""Where units stood when something was told of them: the tree of today, with later moves undone."""

from collections import defaultdict
from collections.abc import Iterator

from sordiff.changelog import QuerySession
from sordiff.changelog.records import EventQuery
from sordiff.events import Event, UnitEventData, UnitMoved, find_event_name
from sordiff.model import SorId
from sordiff.replay import list_concerned
from sordiff.wire import decode


class Placement:
    """The tree before and after each run whose events come after a sequence.

    A rebaseline moves units without an event; for nights before it the tree is that after it.
    """

    def __init__(self, session: QuerySession, since: int) -> None:
        self._session = session
        self._present: dict[SorId, SorId | None] = {}
        # Of each unit the sequences of its moves, and the parent that it had before.
        self._moves: dict[SorId, list[tuple[int, SorId | None]]] = defaultdict(list)
        begin = _find_begin_of_run(session, since)
        wanted = EventQuery(since=begin, event_type=find_event_name(UnitMoved))
        for told in session.events.select(wanted):
            data = decode(told.type, told.subject, bytes(told.data)).data
            if isinstance(data, UnitMoved):
                parent = data.before.parent
                place = (int(str(told.sequence)), parent.id if parent else None)
                self._moves[SorId(told.subject)].append(place)

    def concerns(self, event: Event, sequence: int, top: SorId) -> bool:
        """Whether an event tells of that unit, or of one below it before or after the run."""
        position = event.data.run
        before = sequence - (position.order if position else 1)
        after = before + (position.count if position else 1)
        return any(
            self._is_under(start, top, moment)
            for start in _list_starts(event)
            for moment in (before, after)
        )

    def _is_under(self, start: SorId, top: SorId, moment: int) -> bool:
        current: SorId | None = start
        seen: set[SorId] = set()
        while current is not None and current not in seen:
            if current == top:
                return True
            seen.add(current)
            current = self._find_parent(current, moment)
        return False

    def _find_parent(self, sor_id: SorId, moment: int) -> SorId | None:
        for sequence, before in self._moves.get(sor_id, ()):
            if sequence > moment:
                return before
        if sor_id not in self._present:
            unit = self._session.listed.read_registered([sor_id]).get(sor_id)
            self._present[sor_id] = unit.parent_id if unit else None
        return self._present[sor_id]


def _find_begin_of_run(session: QuerySession, since: int) -> int:
    """The last sequence before the run that tells what follows upon this one.

    A page may begin within a run, behind a move of that night.
    """
    told = next(session.events.select(EventQuery(since=since, limit=1)), None)
    if told is None:
        return since
    position = decode(told.type, told.subject, bytes(told.data)).data.run
    return int(str(told.sequence)) - (position.order if position else 1)


def _list_starts(event: Event) -> Iterator[SorId]:
    """The units that an event concerns; of a unit's own also the parent that the event names."""
    yield from list_concerned(event)
    if isinstance(event.data, UnitEventData) and event.data.unit.parent_id is not None:
        yield event.data.unit.parent_id
