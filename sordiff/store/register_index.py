"""The index of the register in memory: SQLite's full-text search, and the tree.

It is not kept in the changelog: only a server needs it, every ingest would pay for it, and it is
made of the register in seconds. A night brings a copy of it forward by what changed, and who asks
meanwhile is answered by the old one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from sordiff.changelog.identity import identify_run, identify_state
from sordiff.changelog.register_index import PlacedUnit, RegisterIndex, SharedValues
from sordiff.errors import SordiffError
from sordiff.model import SorId
from sordiff.store.made_index import MadeIndex, NoRoom

if TYPE_CHECKING:
    from sordiff.changelog import QueryableChangelog, QuerySession

# So many changed units are brought into the index at a time; who asks gets in between.
_AT_A_TIME: Final = 25
# Where a larger part of it changed, or is dead, all of it is made anew.
_MOST_CHANGED: Final = 0.1
_PAUSE_SECONDS: Final = 0.002
_One = TypeVar("_One")


class SqliteRegisterIndex(RegisterIndex):
    """Made when it is first asked, and anew where the register is another."""

    def __init__(self, changelog: QueryableChangelog, most_changed: float = _MOST_CHANGED) -> None:
        self._changelog = changelog
        self._most_changed = most_changed
        self._lock = threading.Lock()
        self._made: MadeIndex | None = None
        self._making: threading.Thread | None = None

    def read_mark(self) -> Hashable:
        made = self._made
        return None if made is None else made.mark

    def search(self, session: QuerySession, text: str, most: int) -> list[SorId]:
        return self._find(session).search(text, most)

    def list_owners(self, session: QuerySession, skip: int, most: int) -> list[PlacedUnit]:
        return self._find(session).list_placed(
            "parent_id IS NULL AND sor_id IS NOT NULL ORDER BY below DESC, rank LIMIT ? OFFSET ?",
            [most, skip],
        )

    def count_owners(self, session: QuerySession) -> int:
        return self._find(session).count_owners()

    def list_children(self, session: QuerySession, sor_id: SorId) -> list[PlacedUnit]:
        return self._find(session).list_placed("parent_id = ? ORDER BY rank", [sor_id])

    def list_heirs(self, session: QuerySession, sor_id: SorId) -> list[SorId]:
        return self._find(session).list_heirs(sor_id)

    def find_sharing(
        self, session: QuerySession, values: SharedValues, first: str, last: str
    ) -> set[SorId]:
        return self._find(session).find_sharing(values, first, last)

    def find_numbered(self, session: QuerySession, number: str) -> list[SorId]:
        return self._find(session).find_numbered(number)

    def prepare(self) -> None:
        """Begin to make the index; who asks before it is there waits for it."""
        self._making = threading.Thread(target=self._make_first, daemon=True)
        self._making.start()

    def close(self) -> None:
        """Wait for an index that is being made."""
        making = self._making
        if making is not None:
            making.join()

    def _find(self, session: QuerySession) -> MadeIndex:
        """The index of the register of this session, or for a moment that of the night before."""
        made = self._made
        if made is not None:
            if made.mark != identify_state(session):
                self._make_beside()
            return made
        with self._lock:
            if self._made is None:
                self._made = _make_index(session)
            return self._made

    def _make_beside(self) -> None:
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._make_anew, daemon=True)
                self._making.start()

    def _make_first(self) -> None:
        # What fails here fails for the first who asks, too, and is told to him.
        with suppress(SordiffError), self._changelog.open_to_query() as session:
            self._find(session)

    def _make_anew(self) -> None:
        with suppress(SordiffError), self._changelog.open_to_query() as session:
            made = self._made
            brought = None if made is None else _bring_forward(made, session, self._most_changed)
            self._made = brought or _make_index(session)


def _make_index(session: QuerySession) -> MadeIndex:
    return MadeIndex(session.runs.find_last_accepted(), session.search.iterate_to_index())


def _bring_forward(made: MadeIndex, session: QuerySession, most_changed: float) -> MadeIndex | None:
    """A copy with what the runs since changed; None where it is better made anew."""
    last, earlier = session.runs.find_last_accepted(), made.run
    if last is None or earlier is None:
        return None
    found = session.runs.find(earlier.id)
    if found is None or identify_run(found) != identify_run(earlier):
        return None  # another changelog was put in its place
    changed = session.state_changes.read_between(earlier.id, last.id)
    if changed.whole or len(changed.units) + made.dead > made.units * most_changed:
        return None
    ids = sorted(map(SorId, changed.units))
    units = session.search.read_to_index(ids)
    brought = made.copy(last)
    for some in _take_slowly(ids):
        brought.take_away(some)
    try:
        for each in _take_slowly(units):
            brought.place(each)
    except NoRoom:
        return None
    brought.settle()
    return brought


def _take_slowly(these: Sequence[_One]) -> Iterator[Sequence[_One]]:
    """Some at a time, with a pause in which requests are answered."""
    for begin in range(0, len(these), _AT_A_TIME):
        yield these[begin : begin + _AT_A_TIME]
        time.sleep(_PAUSE_SECONDS)
