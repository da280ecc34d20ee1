"""The configuration of one list of SorDataTypes.xml, for when the guess is wrong."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

# The unit field that has the codes of a list; "none": no field has them.
ServedField: TypeAlias = Literal[
    "none",
    "unit_type",
    "specialities",
    "location_number/system",
    "location_number/system_supplier",
    "location_number/network",
    "location_number/administrator",
    "location_number/region",
    "address/municipality_code",
]


class ListShape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[data_types.NAME]: how to read the list of the repeated element NAME; None: guess.

    `code` and `text` are local names; `serves` is the path of a unit field, or "none".
    """

    name: Annotated[str, Meta(pattern="^[^/]+$")] | None = None
    code: str | None = None
    text: str | None = None
    serves: ServedField | None = None
    ignore: bool = False
