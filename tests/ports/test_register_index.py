"""The index of the register: every unit is found by what it has, and by nothing else; so are heirs and the tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sordiff.model import State
from sordiff.register import Register
from sordiff.resolved import Resolver
from sordiff.service.present_register import read_present_register
from sordiff.service.reconcile.successors import find_successors
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.index_texts import split_words
from sordiff.store.register_index import SqliteRegisterIndex
from tests.cli.calling import good
from tests.cli.dumping import write_chain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sordiff.changelog import QuerySession
    from sordiff.model import Unit

_ALL = 10_000
_Found = tuple["QuerySession", SqliteRegisterIndex, Register]


@pytest.fixture(scope="module", params=["made", "brought forward"])
def found(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[_Found]:
    """A random register, as two nights left it; its index made of it, or brought forward from the night before."""
    folder: Path = tmp_path_factory.mktemp("index")
    write_chain(folder, units=60, nights=2)
    changelog = SqliteChangelog(folder / "sordiff.db")
    # All may have changed: however much it is, it is brought forward.
    index = SqliteRegisterIndex(changelog, most_changed=2)
    words = ("--accept", "--reason", "the chain")
    good(folder, "ingest", "night-0.xml", *words)
    if request.param == "brought forward":
        with changelog.open_to_query() as session:
            index.count_owners(session)
    good(folder, "ingest", "night-1.xml", *words)
    with changelog.open_to_query() as session:
        index.count_owners(session)
        index.close()
        run = session.runs.find_last_accepted()
        assert run is not None
        register = read_present_register(session, run.header)
        yield session, index, register


def _texts(unit: Unit) -> list[str]:
    """All by which people know a unit."""
    numbers = [unit.sor_id, unit.number, unit.provider_number, unit.shak, unit.cvr, unit.p_number]
    numbers += [unit.pharmacy_number, (unit.provider_number or "").lstrip("0")]
    address = unit.address
    blocks = (address.postal, address.visiting, address.activity) if address else ()
    lines = [
        line
        for block in blocks
        if block is not None
        for line in (
            block.street_name,
            block.street_building,
            block.post_code,
            block.district_name,
        )
    ]
    return [text for text in (unit.name, *numbers, *lines) if text]


def _plain(text: str) -> list[str]:
    small = text.lower().replace("å", "aa").replace("ø", "oe").replace("æ", "ae")
    # What nobody sees parts no words.
    seen = "".join(sign for sign in small if sign.isprintable() or sign.isspace())
    return re.findall(r"[a-z0-9]+", seen)


def test_the_beginnings_of_words_find_who_has_them(found: _Found) -> None:
    session, index, register = found
    words = {unit.sor_id: [w for text in _texts(unit) for w in _plain(text)] for unit in
             register.units.values()}  # fmt: skip
    asked = {word[:size] for all_ in list(words.values())[::4] for word in all_ for size in (2, 5)}
    whole = {word for all_ in words.values() for word in all_}
    numbers = {word for word in asked & whole if any(map(str.isdigit, word))}
    assert len(asked) > 50
    for text in asked - numbers:
        fit = {sor_id for sor_id, all_ in words.items() if any(w.startswith(text) for w in all_)}
        assert set(index.search(session, text, _ALL)) == fit, text


def test_a_whole_number_finds_who_has_it_alone(found: _Found) -> None:
    session, index, register = found
    for unit in list(register.units.values())[::3]:
        assert index.search(session, unit.sor_id, _ALL) == [unit.sor_id]
        if unit.number is not None:
            owners = set(register.owners_of(unit.number))
            assert set(index.search(session, unit.number, _ALL)) == owners


def test_open_units_come_first(found: _Found) -> None:
    session, index, register = found
    states = [
        register.units[sor_id].state(register.day) is State.OPEN
        for sor_id in index.search(session, "1", _ALL)
    ]
    assert len(set(states)) == 2
    assert states == sorted(states, reverse=True)


def test_heirs_and_the_tree_are_those_of_the_register(found: _Found) -> None:
    session, index, register = found
    resolver = Resolver(register)
    heirs = 0
    for unit in register.units.values():
        children = {one.sor_id for one in index.list_children(session, unit.sor_id)}
        assert children == {
            below.sor_id for below in register.units.values() if below.parent_id == unit.sor_id
        }
        if unit.number is None:
            continue
        wanted = {
            other.sor_id
            for other in register.units.values()
            if other is not unit and other.state(register.day) is State.OPEN
            if (effective := resolver.effective_of(other)) is not None
            if effective.from_unit == unit.sor_id
        }
        assert set(index.list_heirs(session, unit.sor_id)) == wanted
        heirs += len(wanted)
    assert heirs
    placed = [
        one for unit in register.units.values() for one in index.list_children(session, unit.sor_id)
    ]
    owners = index.list_owners(session, 0, _ALL)
    for one in (*placed, *owners):
        below = list(register.descendants(one.sor_id))
        assert one.below == len(below)
        assert one.open_below == sum(other.state(register.day) is State.OPEN for other in below)
    assert len(owners) == index.count_owners(session)
    assert sum(one.below + 1 for one in owners) == len(register.units)


def test_an_index_finds_the_same_successors(found: _Found) -> None:
    session, index, register = found
    likely = 0
    for unit in register.units.values():
        gone = {unit.sor_id: unit.status.to or register.day}
        without = find_successors(session, register.day, gone)
        assert find_successors(session, register.day, gone, index) == without
        likely += len(without)
    assert likely


def test_nothing_is_found_by_nothing(found: _Found) -> None:
    session, index, _ = found
    for text in ("", "  ", "–", '"', "*", "name:"):
        assert text == "name:" or index.search(session, text, 5) == []
    assert index.search(session, 'x" OR name : "a', 5) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ålborg AALBORG", ["aalborg", "aalborg"]),
        ("5790 0012 34567", ["5790001234567"]),
        ("362,1", ["362", "1"]),
        ("Café Ørn", ["cafe", "oern"]),
    ],
)
def test_words_are_folded(text: str, words: list[str]) -> None:
    assert split_words(text) == words
