"""What is told of units whose bytes are the same on both nights: a number's new owners, days that pass."""

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from sordiff.snapshot.format import element_names
from sordiff.snapshot.format.element_names import NAMES_DIGEST, TABLES
from tests.making.plain import PlainNumber, PlainRegister, PlainUnit, walk
from tests.roads.roads import (
    ingested,
    read_by_touched,
    same,
    text_of,
    tomorrow,
    touched,
    written,
)
from tests.unit.small import IDS, NUMBER, night, unit

LAST, NEXT = "2024-09-02", "2024-09-03"
# The owner and its first institution are where something changes; the unit in the second is the one of the same bytes.
OWNER, CHANGED, UNCHANGED, HEIR = 0, 2, 4, 5


def _register(**unchanged: object) -> PlainRegister:
    return night(
        unit(
            OWNER,
            "owner",
            unit(1, "institution", unit(CHANGED, "organizational_unit")),
            unit(
                3,
                "institution",
                unit(
                    UNCHANGED,
                    "organizational_unit",
                    unit(HEIR, "organizational_unit", location_number_inherited=True),
                    **unchanged,
                ),
            ),
        ),
        unit(6, "owner", unit(7, "institution")),
        date=LAST,
    )


def _unit(register: PlainRegister, index: int) -> PlainUnit:
    return next(unit for unit in walk(register) if unit.sor_id == IDS[index])


def _number(**fields: str) -> PlainNumber:
    return PlainNumber(number=NUMBER, **fields)  # type: ignore[arg-type]  # all are texts


def _owns(*indices: int) -> Callable[[PlainRegister], None]:
    """These own the number, of all that stand in bytes that may change."""

    def change(register: PlainRegister) -> None:
        for index in (OWNER, CHANGED):
            _unit(register, index).location_number = _number() if index in indices else None

    return change


def _told(first: PlainRegister, second: PlainRegister) -> set[str]:
    """The names of the events, by both roads, the bytes of some units being the same."""
    old, new = text_of(first).encode(), text_of(second).encode()
    assert not {IDS[UNCHANGED], IDS[HEIR]} & touched(old, new).read.keys()
    events = [json.loads(line) for line in same([old, new])[1]["events"]]
    return {event["type"].removeprefix("sordiff.").removesuffix(".v1") for event in events}


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        ((), (CHANGED,), "assigned"),
        ((CHANGED,), (), "released"),
        ((CHANGED,), (OWNER,), "reassigned"),
        ((OWNER,), (CHANGED,), "reassigned"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_a_number_between_a_changed_and_an_unchanged_subtree(
    before: tuple[int, ...], after: tuple[int, ...], name: str, shared: bool
) -> None:
    """The unchanged one has a second owner of it, or none; its heir asks in any case who owns it."""
    first = _register(
        **{"location_number": _number()} if shared else {"location_number_inherited": True}
    )
    _owns(*before)(first)
    second = tomorrow(first)
    _owns(*after)(second)
    assert f"location_number.{name}" in _told(first, second)


@pytest.mark.parametrize(
    ("unchanged", "name"),
    [
        ({"to": LAST}, "unit.closed"),
        ({"first_from": NEXT}, "unit.opened"),
        ({"location_number": _number(to=LAST)}, "location_number.closed"),
    ],
)
@pytest.mark.parametrize("beside", [False, True])
def test_a_day_that_passes_inside_an_unchanged_subtree(
    unchanged: dict[str, object], name: str, beside: bool
) -> None:
    """By itself, and where something changes beside it."""
    first = _register(**unchanged)
    second = tomorrow(first)
    if beside:
        _unit(second, CHANGED).name = "Omdøbt"
    assert name in _told(first, second)


def test_what_another_release_read_is_read_anew(tmp_path: Path) -> None:
    register = _register()
    nights = [text_of(night).encode() for night in (register, tomorrow(register))]
    first, second = written(tmp_path, nights)
    ingested(tmp_path, [first], "fast")
    assert read_by_touched(tmp_path, second).touched is not None
    with closing(connect(tmp_path / "fast.db")) as connection, connection:
        ((root,),) = connection.execute("SELECT root FROM subtree_index")
        other = hashlib.sha256(repr((*TABLES, {"OpeningHours": "opening_hours"})).encode())
        assert NAMES_DIGEST in root
        older = root.replace(NAMES_DIGEST, other.digest())
        connection.execute("UPDATE subtree_index SET root = ?", [older])
    assert read_by_touched(tmp_path, second).touched is None


def test_every_table_of_names_is_in_the_digest() -> None:
    tables = {
        name: table
        for name, table in vars(element_names).items()
        if name.isupper() and isinstance(table, dict)
    }
    assert [name for name, table in tables.items() if table not in TABLES] == []
    assert len(tables) == len(TABLES)
    assert hashlib.sha256(repr(TABLES).encode()).digest() == NAMES_DIGEST
