"""Units that stand above others and have no row, as the rows below them speak of them."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final, TypeAlias

from sordiff.findings import Finding
from sordiff.model import Gln, Kind, SorId
from sordiff.snapshot.tables.stated_unit import Above, StatedUnit

_ABOVE: Final = {
    Kind.ORGANIZATIONAL_UNIT: Kind.ORGANIZATIONAL_UNIT,
    Kind.INSTITUTION: Kind.OWNER,
}
# Below this many units nobody can tell what they have from above.
_FEWEST_ALIKE: Final = 2

# Number -> a unit that inherits it.
Marks: TypeAlias = dict[Gln, StatedUnit]


def group_below_rowless(stated: Mapping[SorId, StatedUnit]) -> dict[SorId, list[StatedUnit]]:
    """The units that stand directly below each parent without a row."""
    below: dict[SorId, list[StatedUnit]] = {}
    for unit in stated.values():
        if unit.parent_id is not None and unit.parent_id not in stated:
            below.setdefault(unit.parent_id, []).append(unit)
    return below


def group_marks(stated: Mapping[SorId, StatedUnit]) -> dict[SorId, Marks]:
    """The numbers that rows mark inherited, by the parent without a row from which they come.

    Between the two no unit has a number. Of several units the one with the lowest id tells it.
    """
    marks: dict[SorId, Marks] = {}
    for unit in stated.values():
        if not unit.inherited or unit.number is None:
            continue
        passed: set[SorId] = set()
        here = unit.parent_id
        while (above := stated.get(here) if here else None) and above.number is None:
            if above.sor_id in passed:
                break  # units that stand below themselves are refused
            passed.add(above.sor_id)
            here = above.parent_id
        if here is not None and above is None:
            told = marks.setdefault(here, {})
            first = told.setdefault(unit.number.number, unit)
            if unit.sor_id < first.sor_id:
                told[unit.number.number] = unit
    return marks


class Mentions:
    """The parents without a row, as the rows below them speak of them.

    What all rows directly below say alike of number, addresses and contact is taken as theirs.
    """

    def __init__(
        self,
        with_rows: Container[SorId],
        below: Mapping[SorId, list[StatedUnit]],
        marks: Mapping[SorId, Marks] | None = None,
    ) -> None:
        """`below`: as group_below_rowless gives it; `marks`: as group_marks does.

        Without `marks` those of the rows directly below count.
        """
        self.marks = marks or {}
        self._knows_marks = marks is not None
        self.stated: dict[SorId, StatedUnit] = {}
        self.findings: list[Finding] = []
        for sor_id, children in sorted(below.items()):
            self._add(sor_id, children)
            message = f"it has no row; units below it: {len(children)}"
            self.findings.append(Finding(code="parent.no_row", subject=sor_id, message=message))
        for unit in [*self.stated.values()]:
            self._add_above(unit, with_rows)

    def _add(self, sor_id: SorId, children: list[StatedUnit]) -> None:
        first = min(children, key=lambda unit: unit.sor_id)
        kind = self._find_kind(sor_id, first)
        said = _said_of(kind, children)
        self.stated[sor_id] = StatedUnit(
            sor_id=sor_id,
            kind=kind,
            line=first.line,
            parent_id=None if kind is Kind.OWNER else _parent_of_mentioned(sor_id, kind, first),
            texts={} if said.name is None else {"name": said.name},
            institution=first.institution,
            owner=Above(sor_id=sor_id, cvr=said.cvr) if kind is Kind.OWNER else first.owner,
            **_shared_by(children, self._find_marks(sor_id, children)),
        )

    def _find_marks(self, sor_id: SorId, children: list[StatedUnit]) -> Marks:
        if self._knows_marks:
            return self.marks.get(sor_id, {})
        return {unit.number.number: unit for unit in children if unit.inherited and unit.number}

    def _add_above(self, unit: StatedUnit, with_rows: Container[SorId]) -> None:
        parent = unit.parent_id
        if parent is not None and parent not in with_rows and parent not in self.stated:
            self._add(parent, [unit])
            self._add_above(self.stated[parent], with_rows)

    def _find_kind(self, sor_id: SorId, below: StatedUnit) -> Kind:
        if sor_id == below.owner.sor_id:
            return Kind.OWNER
        if sor_id == below.institution.sor_id:
            return Kind.INSTITUTION
        return _ABOVE.get(below.kind, Kind.OWNER)


def _said_of(kind: Kind, children: list[StatedUnit]) -> Above:
    """What most of the rows below say of the institution or owner above them."""
    if kind is Kind.ORGANIZATIONAL_UNIT:
        return Above()
    said = [unit.owner if kind is Kind.OWNER else unit.institution for unit in children]
    return Above(
        name=_most_frequent(above.name for above in said),
        cvr=_most_frequent(above.cvr for above in said),
    )


def _most_frequent(texts: Iterator[str | None]) -> str | None:
    counts = Counter(text for text in texts if text is not None)
    return min(counts, key=lambda text: (-counts[text], text), default=None)


def _parent_of_mentioned(sor_id: SorId, kind: Kind, below: StatedUnit) -> SorId | None:
    above = below.owner.sor_id if kind is Kind.INSTITUTION else below.institution.sor_id
    return None if above == sor_id else above


def _shared_by(children: list[StatedUnit], marks: Marks) -> dict[str, Any]:
    """What reaches all of several units alike, and so comes from above; or what rows mark so."""
    names = ["number", "postal", "contact"] if len(children) >= _FEWEST_ALIKE else []
    shared = {name: getattr(children[0], name) for name in names if _is_alike(children, name)}
    if marks:
        numbers = [unit.number for unit in marks.values()]
        shared["number"] = numbers[0] if len(numbers) == 1 else None
    elif any(unit.inherited is not None for unit in children):
        shared.pop("number", None)
    return shared


def _is_alike(units: list[StatedUnit], name: str) -> bool:
    return all(getattr(unit, name) == getattr(units[0], name) for unit in units)
