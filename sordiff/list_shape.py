"""The configuration of the lists of SorDataTypes.xml, for when the guess is wrong."""

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

# The unit field that has the codes of a list; "none": no field has them.
ServedField: TypeAlias = Literal[
    "none",
    "unit_type",
    "organisational_level",
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

    `code` and `text` are local names; `serves` is the path of a unit field, or "none"; `named_by`
    is the local name of the column, or of the parent's attribute, that names the list of an entry.
    """

    name: Annotated[str, Meta(pattern="^[^/]+$")] | None = None
    code: str | None = None
    text: str | None = None
    named_by: str | None = None
    serves: ServedField | None = None
    ignore: bool = False


class ListPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[lists.NAME]: where the entries of the list NAME stand; the rest as for ListShape.

    `path` is of local names, in ElementPath: an element, `Parent/Element`, an element with an
    attribute (`DataType[@name='EntityType']/Value`) or with a child (`Row[Kind='EntityType']`).
    """

    path: Annotated[str, Meta(min_length=1)]
    code: str | None = None
    text: str | None = None
    serves: ServedField | None = None
    ignore: bool = False


class ListLayout(Struct, frozen=True, kw_only=True):
    """How the lists are laid out, as configured: by repeated element, and by the list's name."""

    shapes: Mapping[str, ListShape] = {}
    places: Mapping[str, ListPlace] = {}
