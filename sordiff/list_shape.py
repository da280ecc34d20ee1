"""How a user corrects what sordiff guesses about the lists of SorDataTypes.xml."""

from collections.abc import Mapping
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

    `code` and `text` are local names; `serves` is the path of a unit field, or "none"; `named_by`
    is the local name of the column, or of the parent's attribute, that names the list of an entry.
    """

    name: Annotated[str, Meta(pattern="^[^/]+$")] | None = None
    code: str | None = None
    text: str | None = None
    named_by: str | None = None
    serves: Served | None = None
    ignore: bool = False


class ListPlace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[lists.NAME]: where the entries of the list NAME stand; the rest as for ListShape.

    `path` is of local names, in ElementPath: an element, `Parent/Element`, an element with an
    attribute (`DataType[@name='EntityType']/Value`) or with a child (`Row[Kind='EntityType']`).
    """

    path: Annotated[str, Meta(min_length=1)]
    code: str | None = None
    text: str | None = None
    serves: Served | None = None
    ignore: bool = False


class ListLayout(Struct, frozen=True, kw_only=True):
    """How the lists are laid out, as configured: by repeated element, and by the list's name."""

    shapes: Mapping[str, ListShape] = {}
    places: Mapping[str, ListPlace] = {}
