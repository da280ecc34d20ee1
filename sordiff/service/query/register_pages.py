"""What the pages of units, numbers, searches and the tree are made of."""

from collections.abc import Iterable
from typing import Final

from sordiff.changelog import QueryableChangelog, QuerySession
from sordiff.changelog.register_index import PlacedUnit, RegisterIndex
from sordiff.model import Day, Gln, SorId
from sordiff.report.lookup_results import Candidate, ShownAbsence, ShownNumber, ShownUnit
from sordiff.report.page_results import (
    Heirs,
    NumberPage,
    SearchResult,
    TreeLevel,
    TreeRow,
    UnitPage,
)
from sordiff.service.query.held_units import (
    find_holding_run,
    find_run_holding_number,
    read_held_number,
    read_held_unit,
)
from sordiff.service.query.history import read_history
from sordiff.service.query.search import build_candidates
from sordiff.service.query.show import build_unknown_subject, find_answering_run, look_up

# So many owners are on a page of the tree, so many children and heirs on that of a unit.
OWNERS_SHOWN: Final = 100
CHILDREN_SHOWN: Final = 200
HEIRS_SHOWN: Final = 50


def search_register(
    changelog: QueryableChangelog, index: RegisterIndex, text: str, most: int
) -> SearchResult:
    """The units of today that fit a text, and the location number that it is, if it is one."""
    with changelog.open_to_query() as session:
        day = find_answering_run(session, None).header.snapshot_date
        found = index.search(session, text, most + 1)
        digits = "".join(text.split())
        is_number = digits.isdigit() and session.ownership.is_number(Gln(digits))
        return SearchResult(
            text=text,
            day=day,
            candidates=_build_candidates(session, found[:most], day),
            is_more=len(found) > most,
            number=Gln(digits) if is_number else None,
        )


def read_tree(
    changelog: QueryableChangelog, index: RegisterIndex, sor_id: SorId | None, skip: int
) -> TreeLevel:
    """The owners, or what is right below a unit of today; SordiffError where it is none."""
    with changelog.open_to_query() as session:
        day = find_answering_run(session, None).header.snapshot_date
        if sor_id is None:
            placed = index.list_owners(session, skip, OWNERS_SHOWN)
            count, unit, most = index.count_owners(session), None, OWNERS_SHOWN
        else:
            shown = look_up(changelog, sor_id, suggests=False)
            if not isinstance(shown, ShownUnit) or shown.state.unit.sor_id != sor_id:
                raise build_unknown_subject(sor_id)
            below = index.list_children(session, sor_id)
            placed, most = below[skip : skip + CHILDREN_SHOWN], CHILDREN_SHOWN
            count, unit = len(below), shown
        rows = _build_rows(session, placed[:most], day)
        return TreeLevel(day=day, unit=unit, rows=rows, skipped=skip, count=count)


def read_unit_page(
    changelog: QueryableChangelog, index: RegisterIndex, sor_id: SorId, day: Day | None
) -> UnitPage:
    """A unit of today or of a recorded day; SordiffError where no night ever had it."""
    with changelog.open_to_query() as session:
        if session.ownership.find_first_run(sor_id) is None:
            return _read_held_page(session, sor_id, day)
        shown = look_up(changelog, sor_id, day, index=index)
        assert isinstance(shown, ShownUnit | ShownAbsence), "a unit that there was"  # noqa: S101
        is_today = isinstance(shown, ShownUnit) and shown.answering.newest
        placed = index.list_children(session, sor_id) if is_today else []
        return UnitPage(
            shown=shown,
            life=read_history(changelog, sor_id, suggests=False),
            heirs=_read_heirs(session, index, [sor_id] if is_today else [], shown.answering.day),
            children=_build_rows(session, placed[:CHILDREN_SHOWN], shown.answering.day),
        )


def _read_held_page(session: QuerySession, sor_id: SorId, day: Day | None) -> UnitPage:
    held = find_holding_run(session, sor_id) if day is None else None
    shown = None if held is None else read_held_unit(session, held, sor_id)
    if shown is None:
        raise build_unknown_subject(sor_id)
    return UnitPage(shown=shown, life=None, heirs=Heirs(rows=(), count=0), children=(), held=held)


def read_number_page(
    changelog: QueryableChangelog, index: RegisterIndex, number: Gln
) -> NumberPage:
    """A location number as it stands; SordiffError where no unit ever had it."""
    with changelog.open_to_query() as session:
        if not session.ownership.is_number(number):
            return _read_held_number_page(session, number)
        shown = look_up(changelog, number)
        assert isinstance(shown, ShownNumber), "a number that some unit had"  # noqa: S101
        owners = [owner.id for owner in shown.state.owners]
        return NumberPage(
            shown=shown,
            life=read_history(changelog, number),
            heirs=_read_heirs(session, index, owners, shown.answering.day),
        )


def _read_held_number_page(session: QuerySession, number: Gln) -> NumberPage:
    held = find_run_holding_number(session, number)
    shown = None if held is None else read_held_number(session, held, number)
    if shown is None:
        raise build_unknown_subject(number)
    return NumberPage(shown=shown, life=None, heirs=Heirs(rows=(), count=0), held=held)


def _read_heirs(
    session: QuerySession, index: RegisterIndex, owners: Iterable[SorId], day: Day
) -> Heirs:
    found = [heir for owner in owners for heir in index.list_heirs(session, owner)]
    return Heirs(rows=_build_candidates(session, found[:HEIRS_SHOWN], day), count=len(found))


def _build_rows(
    session: QuerySession, placed: Iterable[PlacedUnit], day: Day
) -> tuple[TreeRow, ...]:
    """What the index has and the register no longer is left out."""
    counts = {one.sor_id: one for one in placed}
    return tuple(
        TreeRow(unit=unit, below=counts[unit.id].below, open_below=counts[unit.id].open_below)
        for unit in _build_candidates(session, counts, day)
    )


def _build_candidates(
    session: QuerySession, ids: Iterable[SorId], day: Day
) -> tuple[Candidate, ...]:
    """The units in this order, as far as the register still has them."""
    wanted = list(ids)
    known = session.search.read_units(wanted)
    found = [known[sor_id] for sor_id in wanted if sor_id in known]
    return tuple(build_candidates(session, found, day))
