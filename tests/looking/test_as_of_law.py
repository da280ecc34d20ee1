"""Looking back is exact: for every unit and every recorded night `show` says what that night's own file says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.model import Gln, SorId, State
from sordiff.report.lookup_results import AbsenceReason, ShownAbsence, ShownNumber, ShownUnit
from sordiff.resolved import Resolver
from sordiff.service.query.show import look_up
from sordiff.store.changelog import SqliteChangelog
from tests.laws.pairs import VERSIONS
from tests.looking.recording import recorded
from tests.making.strategies import chains

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.model import Unit
    from sordiff.register import Register
    from tests.laws.pairs import Version
    from tests.looking.recording import Told
    from tests.making.plain import PlainRegister

NIGHTS = 5
LAW = settings(max_examples=40)
ONE_VERSION = st.just([2] * NIGHTS)
FOUR_OF_FIVE_NIGHTS = st.sampled_from([False, False, False, False, True])
A_CHAIN = chains(NIGHTS, intensity=8)


def everything(told: list[Told]) -> tuple[set[SorId], set[Gln]]:
    """Every unit and every number of any of the nights."""
    return (
        {sor_id for night in told for sor_id in night.register.units},
        {number for night in told for number in night.register.numbers()},
    )


def in_force(told: list[Told]) -> dict[str, Told]:
    """By day the night that answers for it: of a day issued again the last."""
    return {night.register.day: night for night in told}


@LAW
@given(
    A_CHAIN,
    st.lists(VERSIONS, min_size=NIGHTS, max_size=NIGHTS) | ONE_VERSION,
    st.lists(FOUR_OF_FIVE_NIGHTS, min_size=NIGHTS, max_size=NIGHTS),
)
def test_every_unit_on_every_recorded_night_is_as_its_file_says(
    chain: list[PlainRegister], versions: list[Version], rebaselines: list[bool]
) -> None:
    with recorded(chain, versions, rebaselines) as (database, told):
        units, numbers = everything(told)
        with SqliteChangelog(database).open_to_read() as session:
            for night in told:
                past = session.past(night.run)
                assert past.units(units) == night.register.units
        for night in in_force(told).values():
            for sor_id in units:
                _is_as_its_file_says(database, night, sor_id, told)
            for number in numbers:
                _is_owned_as_the_file_says(database, night, number)


def _is_as_its_file_says(database: Path, night: Told, sor_id: SorId, told: list[Told]) -> None:
    register = night.register
    shown = look_up(SqliteChangelog(database), sor_id, register.day)
    unit = register.units.get(sor_id)
    if unit is None:
        assert isinstance(shown, ShownAbsence)
        runs = [earlier.run for earlier in told if sor_id in earlier.register.units]
        if shown.why is AbsenceReason.NOT_YET:
            assert night.run < shown.since.run == min(runs)
        else:
            assert shown.last is not None
            assert shown.last.run == max(run for run in runs if run < night.run)
        return
    assert isinstance(shown, ShownUnit)
    assert (shown.answering.run, shown.answering.day) == (night.run, register.day)
    assert shown.answering.newest == (night is told[-1])
    assert shown.state == Resolver(register).unit_state(unit)
    path = tuple(step.id for step in shown.state.path)
    assert path == _path_of(unit, register)
    effective = shown.state.effective_location_number
    assert (effective and effective.number) == register.effective_number(unit)
    below = [register.units[child] for child in register.children_of(sor_id)]
    open_below = sum(child.state(register.day) is State.OPEN for child in below)
    assert (shown.children.units, shown.children.open) == (len(below), open_below)


def _is_owned_as_the_file_says(database: Path, night: Told, number: Gln) -> None:
    shown = look_up(SqliteChangelog(database), number, night.register.day)
    assert isinstance(shown, ShownNumber)
    assert shown.state == _number_state(night.register, number)
    for sor_id, path in shown.paths.items():
        unit = night.register.units[sor_id]
        assert tuple(step.id for step in path) == _path_of(unit, night.register)


def _path_of(unit: Unit, register: Register) -> tuple[SorId, ...]:
    return (*reversed([above.sor_id for above in register.ancestors(unit)]), unit.sor_id)


def _number_state(register: Register, number: Gln) -> object:
    return Resolver(register).location_number_state(number)
