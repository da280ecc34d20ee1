"""The units that fit what somebody types: a number or code that they have, or words of the name."""

from collections.abc import Iterator, Sequence
from typing import Final

from sordiff.brief_unit import BriefUnit, SearchedUnit
from sordiff.changelog import QuerySession
from sordiff.events import CodedText
from sordiff.model import Day, SorId, State
from sordiff.report.lookup_results import Candidate

# So many candidates are told; of more one types another word.
SHOWN: Final = 20
_DEEPEST: Final = 64
_BY_STATE: Final = {State.OPEN: 0, State.FUTURE: 1, State.CLOSED: 2}


def find_units(session: QuerySession, text: str, day: Day) -> list[SearchedUnit]:
    """The units that have this number or code; else those with all words in the name.

    Upper and lower case are the same. The open ones come first, and a name that begins with the
    text before one that holds it elsewhere.
    """
    wanted = " ".join(text.split()).casefold()
    if not wanted:
        return []
    units = list(session.search.iterate_units())
    found = [unit for unit in units if wanted in map(str.casefold, unit.numbers)]
    if not found:
        words = wanted.split()
        found = [unit for unit in units if _has_all(unit.name, words)]
    return sorted(found, key=lambda unit: _rank(unit, wanted, day))


def build_candidates(
    session: QuerySession, units: Sequence[SearchedUnit], day: Day
) -> Iterator[Candidate]:
    """The units as they are told, with the names above them."""
    above = _read_above(session, units)
    types = session.report.read_texts("unit_type")
    for unit in units:
        code = unit.unit_type
        yield Candidate(
            id=unit.sor_id,
            name=unit.name,
            kind=unit.kind,
            unit_type=None if code is None else CodedText(code=code, text=types.get(code)),
            state=unit.state(day),
            path=tuple(_names_above(unit, above)),
            numbers=unit.numbers,
        )


def _has_all(name: str | None, words: Sequence[str]) -> bool:
    folded = (name or "").casefold()
    return all(word in folded for word in words)


def _rank(unit: SearchedUnit, wanted: str, day: Day) -> tuple[int, int, str, str]:
    name = (unit.name or "").casefold()
    fit = 0 if name == wanted else 1 if name.startswith(wanted) else 2
    return _BY_STATE[unit.state(day)], fit, name, unit.sor_id


def _read_above(session: QuerySession, units: Sequence[BriefUnit]) -> dict[SorId, BriefUnit]:
    """The units above these, a level at a time."""
    known: dict[SorId, BriefUnit] = {}
    level: Sequence[BriefUnit] = units
    while parents := {unit.parent_id for unit in level if unit.parent_id} - known.keys():
        read = session.state.read_briefly(parents)
        known |= read
        level = list(read.values())
    return known


def _names_above(unit: BriefUnit, above: dict[SorId, BriefUnit]) -> list[str]:
    names: list[str] = []
    parent = above.get(unit.parent_id) if unit.parent_id else None
    while parent is not None and len(names) < _DEEPEST:
        names.append(parent.name or parent.sor_id)
        parent = above.get(parent.parent_id) if parent.parent_id else None
    return names[::-1]
