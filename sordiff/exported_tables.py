"""The tables of an export: the columns of the views of the changelog, each with a type.

What a column means stands in docs/sqlite.md; docs/export.md has both.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct


class ColumnType(StrEnum):
    """What the values of a column are.

    The changelog has days and times as ISO 8601, and booleans as 0 and 1. JSON is text that holds
    an object.
    """

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DAY = "day"
    TIME = "time"
    JSON = "json"


class ExportedTable(Struct, frozen=True, kw_only=True):
    """One table. `key`: the columns by which its rows are sorted, and by which each is known."""

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnType]


_SPECIAL: Final = {
    ColumnType.INTEGER: frozenset(
        {
            "run",
            "units",
            "open_units",
            "events",
            "first_sequence",
            "last_sequence",
            "nights",
            "nights_missing",
            "compared_with",
            "corrects",
            "corrected_by",
            "sequence",
            "since_run",
            "until_run",
            "heirs",
        }
    ),
    ColumnType.BOOLEAN: frozenset({"is_current", "is_closed"}),
    ColumnType.DAY: frozenset(
        {"day", "first_from", "last_valid_day", "first_seen", "since", "until", "effective"}
    ),
    ColumnType.TIME: frozenset({"recorded_at", "decided_at", "retracted_at"}),
    ColumnType.JSON: frozenset({"record", "data"}),
}


def _columns(*names: str) -> dict[str, ColumnType]:
    return {
        name: next((kind for kind, known in _SPECIAL.items() if name in known), ColumnType.TEXT)
        for name in names
    }


TABLES: Final = (
    ExportedTable(
        name="units",
        key=("sor_id",),
        columns=_columns(
            "sor_id",
            "name",
            "kind",
            "state",
            "unit_type_code",
            "unit_type",
            "parent_id",
            "parent",
            "institution_id",
            "institution",
            "owner_id",
            "owner",
            "path",
            "location_number",
            "effective_location_number",
            "effective_location_number_from",
            "provider_number",
            "shak",
            "cvr",
            "p_number",
            "pharmacy_number",
            "post_code",
            "district",
            "email",
            "phone",
            "first_from",
            "last_valid_day",
            "first_seen",
            "record",
        ),
    ),
    ExportedTable(
        name="location_numbers",
        key=("number", "unit_id", "since_run"),
        columns=_columns(
            "number",
            "unit_id",
            "unit",
            "unit_state",
            "is_current",
            "since",
            "since_run",
            "until",
            "until_run",
            "is_closed",
            "last_valid_day",
            "system_supplier",
            "system",
            "network",
            "administrator",
            "heirs",
        ),
    ),
    ExportedTable(
        name="changes",
        key=("sequence",),
        columns=_columns(
            "sequence",
            "run",
            "day",
            "type",
            "subject",
            "unit_id",
            "unit",
            "unit_type",
            "owner_id",
            "owner",
            "before",
            "after",
            "cause",
            "effective",
            "event_id",
            "data",
        ),
    ),
    ExportedTable(
        name="runs",
        key=("run",),
        columns=_columns(
            "run",
            "day",
            "kind",
            "state",
            "units",
            "open_units",
            "events",
            "first_sequence",
            "last_sequence",
            "nights",
            "nights_missing",
            "format_version",
            "snapshot_created_at",
            "file",
            "sha256",
            "compared_with",
            "recorded_at",
            "decided_by",
            "decided_at",
            "reason",
            "warnings",
            "alerts",
            "corrects",
            "corrected_by",
            "retracted_at",
            "retracted_by",
            "retracted_reason",
        ),
    ),
)
