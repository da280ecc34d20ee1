"""The rows of units: written one by one, changed where they differ, or prepared elsewhere."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from sordiff.store.plain_columns import UNIT_COLUMNS
from sordiff.store.prepared import PREPARED, attach_each, prepare_rows
from sordiff.unit_records import KeptUnit, encode_unit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from sordiff.model import Unit

_COLUMNS: Final = (
    "sor_id",
    "kind",
    "parent_id",
    "name",
    "unit_type",
    "location_number",
    "first_from",
    '"to"',
    "location_number_to",
    "record",
    *UNIT_COLUMNS,
)

# What stands for an absent value on its way into SQLite, which is a third slower with None itself:
# for every None, Python's module looks for an adapter. No text of the register has this character.
_ABSENT: Final = "\0"
INSERT_UNIT: Final = (
    f"INSERT INTO units ({', '.join(_COLUMNS)})"  # noqa: S608  # columns are ours
    f" VALUES ({', '.join(['NULLIF(?,CHAR(0))'] * len(_COLUMNS))})"
)
# An update writes an index anew of whose columns it sets one, though to the value that it had.
INDEXED: Final = (
    "parent_id",
    "unit_type",
    "location_number",
    "first_from",
    '"to"',
    "location_number_to",
    "provider_number",
)
_get_indexed = itemgetter(*(_COLUMNS.index(name) for name in INDEXED))
_MAKE: Final = f"CREATE TABLE units ({', '.join(_COLUMNS)});"
_COPY: Final = (
    f"INSERT INTO main.units ({', '.join(_COLUMNS)})"  # noqa: S608  # ours
    f" SELECT {', '.join(_COLUMNS)} FROM {PREPARED}.units"
)


@cache
def _build_update(kept: frozenset[str]) -> str:
    """A statement that sets a unit's columns but those, given its row as it is for an insert."""
    values = ", ".join(
        f"{name}=NULLIF(?{place},CHAR(0))"
        for place, name in enumerate(_COLUMNS[1:], 2)
        if name not in kept
    )
    return f"UPDATE units SET {values} WHERE sor_id = ?1"  # noqa: S608  # columns are ours


def choose_update(before: Sequence[str], row: Sequence[Any]) -> str:
    """The statement that takes a unit to its new row, from what its indexed columns have."""
    told = zip(INDEXED, before, _get_indexed(row), strict=True)
    return _build_update(frozenset(name for name, old, new in told if old == new))


def build_unit_row(unit: Unit | KeptUnit, record: str | None = None) -> list[Any]:
    """The row of a unit, as INSERT_UNIT takes it; `record`: its own, if it is encoded already."""
    number = unit.location_number
    if record is None:
        record = unit.record if isinstance(unit, KeptUnit) else encode_unit(unit)
    values = (
        unit.sor_id,
        str(unit.kind),
        unit.parent_id,
        unit.name,
        unit.unit_type,
        unit.number,
        unit.first_from,
        unit.to,
        number.to if number else None,
        record,
        *_list_plain_values(unit),
    )
    return [_ABSENT if value is None else value for value in values]


def _list_plain_values(unit: Unit | KeptUnit) -> tuple[str | int | None, ...]:
    """The values of UNIT_COLUMNS, in their order."""
    number, contact = unit.location_number, unit.contact
    postal = unit.address.postal if unit.address else None
    return (
        unit.provider_number,
        unit.shak,
        unit.cvr,
        unit.p_number,
        unit.pharmacy_number,
        postal.post_code if postal else None,
        postal.district_name if postal else None,
        contact.email if contact else None,
        contact.phone if contact else None,
        # Null as in the record, which leaves out what has its default value.
        1 if unit.location_number_inherited else None,
        None if number is None or number.inactive is None else int(number.inactive),
        number.system_supplier if number else None,
        number.system if number else None,
        number.network if number else None,
        number.administrator if number else None,
    )


def prepare_units(units: Iterable[Unit]) -> bytes:
    """The rows of some units, as `copy_prepared` takes them."""
    rows = map(build_unit_row, units)
    return prepare_rows(_MAKE, lambda aside: aside.executemany(INSERT_UNIT, rows))


def copy_prepared(connection: sqlite3.Connection, parts: Iterable[bytes]) -> None:
    """Write the rows of units of which nothing is there."""
    for _ in attach_each(connection, parts):
        connection.execute(_COPY)
