"""The tables that can hold the register, beside the XML: their names are their versions."""

from enum import StrEnum
from typing import Final

from sordiff.model import Contact, PostalAddress, Record


def _list_texts(record: type[Record], *but: str) -> tuple[str, ...]:
    return tuple(name for name in record.__struct_fields__ if name not in {"other", *but})


class TableKind(StrEnum):
    """A kind of CSV file. Each is a version of its own: what one says, another may not."""

    SOR_CSV = "sor-csv"
    DAILY = "sor2-daily"
    COMPLETE = "sor2-complete"


TABLE_VERSIONS: Final = frozenset(map(str, TableKind))
UNIT_TEXTS: Final = (
    "name",
    "unit_type",
    "local_code",
    "pharmacy_number",
    "shak",
    "provider_number",
    "p_number",
    "organisational_level",
    "geographical_parent_relation",
    "geographical_parent_id",
)
ADDRESS_BLOCKS: Final = ("address/postal", "address/visiting", "address/activity")
_ADDRESS: Final = _list_texts(PostalAddress, "country_scheme")  # no table has a column for that
_SPECIALITIES: Final = range(1, 9)
# What a column can say: fields of the unit, and what a row repeats of the units above it.
COLUMN_PLACES: Final = frozenset(
    {
        "sor_id",
        "kind",
        "parent_id",
        *UNIT_TEXTS,
        "unit_type/text",
        "organisational_level/text",
        *(f"{block}/{field}" for block in ADDRESS_BLOCKS for field in _ADDRESS),
        *(f"contact/{field}" for field in _list_texts(Contact)),
        *(
            f"location_number/{field}"
            for field in ("number", "system_supplier", "system", "network", "administrator")
        ),
        "location_number/region",
        "location_number/note",
        "location_number_inherited",
        *(f"specialities/{n}" for n in _SPECIALITIES),
        *(f"specialities/{n}/text" for n in _SPECIALITIES),
        "from",
        "to",
        "updated",
        "first_from",
        *(f"institution/{field}" for field in ("sor_id", "name")),
        *(f"owner/{field}" for field in ("sor_id", "name", "cvr")),
        # Of the table of replaced units in Sor_complete.zip.
        "replaced/sor_id",
        "replaced/replaced_by",
    }
)
