"""What a unit may share with another that goes on in its place, as hashes, and who has it.

A unit without a house, contact or CVR number of its own has those of the unit above it. So only
what is a unit's own is kept, and looked for in all that is below.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from sordiff.reconcile.traits import fold_email, fold_house, fold_phone

if TYPE_CHECKING:
    from sordiff.brief_unit import IndexedUnit
    from sordiff.changelog.register_index import SharedValues

HASHED: Final = ("name", "house", "phone", "email", "cvr")
# A unit has the block, and nothing in it: it inherits nothing.
_EMPTY: Final = 0
_OWN: Final = (
    "SELECT sor_id FROM placed WHERE name = :value AND first_from BETWEEN :first AND :last"
)
_CHILDREN: Final = (
    "SELECT sor_id FROM placed WHERE parent_id = :value AND first_from BETWEEN :first AND :last"
)
_INHERITED: Final = """
WITH RECURSIVE sharing (id) AS (
    SELECT sor_id FROM placed WHERE {column} = :value
    UNION
    SELECT sor_id FROM sharing JOIN placed ON parent_id = id AND {column} IS NULL
)
SELECT sor_id FROM sharing JOIN placed ON sor_id = id WHERE first_from BETWEEN :first AND :last
"""


def hash_values(unit: IndexedUnit) -> tuple[int | None, ...]:
    """The unit's own values in the order of HASHED; None where it inherits."""
    address, contact = unit.address, unit.contact
    place = (address.visiting or address.postal or address.activity) if address else None
    return (
        _hash(unit.name),
        _hash(fold_house(place)) or _EMPTY if place else None,
        _hash(fold_phone(contact.phone)) or _EMPTY if contact else None,
        _hash(fold_email(contact.email)) or _EMPTY if contact else None,
        _hash(unit.cvr),
    )


def write_sharing(
    values: SharedValues, first: str, last: str
) -> Iterator[tuple[str, dict[str, object]]]:
    """The questions for units that opened then and may have one of the values.

    Two values can have one hash, so that who is found need not have it.
    """
    opened = {"first": first, "last": last}
    if values.parent is not None:
        yield _CHILDREN, {"value": values.parent, **opened}
    for column in HASHED:
        value = _hash(getattr(values, column))
        if value is not None:
            query = _OWN if column == "name" else _INHERITED.format(column=column)
            yield query, {"value": value, **opened}


def _hash(text: str | None) -> int | None:
    return (hash(text) or 1) if text else None
