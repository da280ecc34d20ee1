"""The views say of every unit and number what the register says, for random nights."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sordiff.model import Kind, State
from sordiff.resolved import Resolver
from tests.laws.pairs import VERSIONS
from tests.looking.recording import recorded
from tests.making.strategies import chains

if TYPE_CHECKING:
    from pathlib import Path

    from sordiff.register import Register
    from tests.laws.pairs import Version
    from tests.making.plain import PlainRegister

NIGHTS = 3


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


@settings(max_examples=40)
@given(
    chains(NIGHTS, intensity=8),
    st.lists(VERSIONS, min_size=NIGHTS, max_size=NIGHTS),
    st.lists(st.just(False), min_size=NIGHTS, max_size=NIGHTS),
)
def test_the_views_say_what_the_register_says(
    chain: list[PlainRegister], versions: list[Version], rebaselines: list[bool]
) -> None:
    with recorded(chain, versions, rebaselines) as (database, told):
        register = told[-1].register
        units = {row["sor_id"]: row for row in rows(database, "SELECT * FROM v_units")}
        assert units.keys() == register.units.keys()
        for unit in register.units.values():
            _is_told(units[unit.sor_id], register, Resolver(register))
        held = rows(database, "SELECT * FROM v_location_numbers")
        _are_told(held, register)
        assert len(rows(database, "SELECT * FROM v_runs")) == len(told)
        events = rows(database, "SELECT count(*) AS many FROM events")[0]["many"]
        changes = rows(database, "SELECT * FROM v_changes ORDER BY sequence")
        assert [row["sequence"] for row in changes] == list(range(1, events + 1))


def _is_told(row: dict[str, Any], register: Register, resolver: Resolver) -> None:
    unit = register.units[row["sor_id"]]
    state = resolver.unit_state(unit)
    assert (row["name"], row["kind"], row["state"]) == (unit.name, unit.kind, state.state)
    assert row["path"] == " › ".join(step.name or step.id for step in state.path)
    for kind in (Kind.OWNER, Kind.INSTITUTION):
        nearest = register.nearest(unit, kind)
        expected = (nearest.sor_id, nearest.name) if nearest else (None, None)
        assert (row[f"{kind}_id"], row[str(kind)]) == expected
    effective = state.effective_location_number
    assert row["effective_location_number"] == (effective and effective.number)
    assert row["effective_location_number_from"] == (effective and effective.from_unit)
    assert row["unit_type"] == (state.unit_type and state.unit_type.text)


def _are_told(held: list[dict[str, Any]], register: Register) -> None:
    now = {(row["number"], row["unit_id"]): row for row in held if row["is_current"]}
    assert now.keys() == {
        (number, owner) for number in register.numbers() for owner in register.owners_of(number)
    }
    for (number, owner), row in now.items():
        block = register.units[owner].location_number
        assert block is not None
        assert bool(row["is_closed"]) == block.is_closed(register.day)
        heirs = [
            unit.sor_id
            for unit in register.units.values()
            if unit.state(register.day) is State.OPEN
            if (found := register.effective(unit)) and found[1].sor_id == owner
        ]
        assert row["heirs"] == len(heirs), number
