"""The units of a table as their rows state them, kept from night to night as a tree."""

from collections import ChainMap
from collections.abc import Iterable, Mapping

from sordiff.model import SorId, Unit
from sordiff.snapshot.tables.mentions import Mentions
from sordiff.snapshot.tables.stated_register import build_unit
from sordiff.snapshot.tables.stated_unit import StatedUnit


class StatedTree:
    """The units with rows, those that are only mentioned, and what stands below each."""

    def __init__(self) -> None:
        """There is no unit yet."""
        self.with_rows: dict[SorId, StatedUnit] = {}
        self.mentioned: dict[SorId, StatedUnit] = {}
        self._below: dict[SorId | None, set[SorId]] = {}
        self._mentioned_below: dict[SorId | None, list[SorId]] = {}
        # The parents without a row, and whether anything was put there since they were looked at.
        self._rowless: set[SorId] = set()
        self._is_open = False

    @property
    def known(self) -> Mapping[SorId, StatedUnit]:
        """All units."""
        if not self.mentioned:
            return self.with_rows
        return ChainMap(self.with_rows, self.mentioned)

    def put(self, unit: StatedUnit) -> None:
        """Put a unit with a row in the place of what its earlier row stated."""
        sor_id = unit.sor_id
        before = self.with_rows.get(sor_id)
        self.with_rows[sor_id] = unit
        if before is None or before.parent_id != unit.parent_id:
            if before is not None:
                self._below[before.parent_id].discard(sor_id)
            self._below.setdefault(unit.parent_id, set()).add(sor_id)
        self._is_open = self._is_open or sor_id in self.mentioned
        self._look_at(sor_id)
        self._look_at(unit.parent_id)
        if before is not None:
            self._look_at(before.parent_id)

    def _look_at(self, sor_id: SorId | None) -> None:
        """Note whether rows stand below a unit that has none itself."""
        if sor_id is None or (sor_id in self.with_rows and sor_id not in self._rowless):
            return
        self._is_open = True
        if sor_id not in self.with_rows and self._below.get(sor_id):
            self._rowless.add(sor_id)
        else:
            self._rowless.discard(sor_id)

    def mention(self) -> set[SorId]:
        """Ask the rows what they say of units without one; give those of which it is new."""
        if not self._is_open:
            return set()
        self._is_open = False
        rows = self.with_rows
        below = {above: [rows[i] for i in self._below[above]] for above in self._rowless}
        before, now = self.mentioned, Mentions(rows, below).stated
        self.mentioned, self._mentioned_below = now, {}
        for sor_id, unit in now.items():
            self._mentioned_below.setdefault(unit.parent_id, []).append(sor_id)
        return {i for i in before.keys() | now.keys() if before.get(i) != now.get(i)}

    def find_reached(self, starts: Iterable[SorId]) -> list[SorId]:
        """These units, as far as there are any, and all below them."""
        found: set[SorId] = set()
        known, waiting = self.known, [*starts]
        while waiting:
            sor_id = waiting.pop()
            if sor_id not in found:
                found.add(sor_id)
                waiting.extend(self._below.get(sor_id, ()))
                waiting.extend(self._mentioned_below.get(sor_id, ()))
        return sorted(sor_id for sor_id in found if sor_id in known)

    def build(self, ids: Iterable[SorId]) -> dict[SorId, Unit]:
        """The units of these ids, with what is their own."""
        known = self.known
        return {sor_id: build_unit(known[sor_id], known, []) for sor_id in ids}
