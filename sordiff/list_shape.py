"""How a user corrects the guess about one list of SorDataTypes.xml."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

# The unit field whose codes a list explains; "none": no field of a unit has codes of this list.
Served: TypeAlias = Literal[
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
    """[data_types.NAME]: how the list of the repeated element NAME is to be read; None: guessed.

    `code` and `text` are local names; `serves` is the path of a unit field, or "none".
    """

    name: Annotated[str, Meta(pattern="^[^/]+$")] | None = None
    code: str | None = None
    text: str | None = None
    serves: Served | None = None
    ignore: bool = False
