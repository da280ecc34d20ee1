"""A changelog taken back to an earlier step of its tables, as an older sordiff left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sordiff.store.plain_columns import UNIT_COLUMNS

if TYPE_CHECKING:
    import sqlite3

# What undoes each step, by its number.
_UNDO = {
    21: (
        "DROP INDEX units_by_provider_number",
        "CREATE INDEX units_by_provider_number ON units (json_extract(record, '$.provider_number'))",
    ),
    23: ("ALTER TABLE subtree_index DROP COLUMN sizes",),
    22: tuple(
        f"ALTER TABLE classifications DROP COLUMN {column}"
        for column in ("reading_rules", "in_use_only")
    ),
    20: tuple(
        f"ALTER TABLE sinks DROP COLUMN read_{column}"
        for column in ("by", "source", "position", "sequence", "row")
    ),
    19: (
        "ALTER TABLE runs DROP COLUMN history",
        "ALTER TABLE outbox_marks DROP COLUMN demanded",
    ),
    18: ("DROP TABLE row_index",),
    17: (
        *(f"DROP VIEW {view}" for view in ("v_runs", "v_units", "v_location_numbers", "v_changes")),
        *(f"CREATE VIEW {view} AS SELECT 'as it was before'" for view in ("v_runs", "v_units")),
        "CREATE VIEW v_location_numbers AS SELECT 'as it was before'",
        "CREATE VIEW v_changes AS SELECT 'as it was before'",
        *(f"ALTER TABLE units DROP COLUMN {column}" for column in UNIT_COLUMNS),
        "ALTER TABLE runs DROP COLUMN warning_texts",
        "ALTER TABLE runs DROP COLUMN alert_texts",
        "DROP TABLE event_texts",
    ),
    16: ("DROP TABLE kept_lists",),
    15: ("ALTER TABLE runs DROP COLUMN reading_rules",),
    14: (
        "DROP VIEW v_runs",
        "CREATE VIEW v_runs AS SELECT 'as it was before'",
        "DROP INDEX runs_by_corrected",
        "ALTER TABLE runs DROP COLUMN corrects",
        "ALTER TABLE runs DROP COLUMN retracted_at",
        "ALTER TABLE runs DROP COLUMN retracted_by",
        "ALTER TABLE runs DROP COLUMN retracted_reason",
    ),
    13: ("DROP TABLE changelog_source", "PRAGMA application_id = 0"),
    12: ("ALTER TABLE notices DROP COLUMN claimed_until",),
    11: ("DROP TABLE coverage", "ALTER TABLE runs DROP COLUMN fields"),
}


def take_back(connection: sqlite3.Connection, step: int) -> None:
    """Undo the steps after this one, the last first; 10 is the earliest that can be reached."""
    for number in range(max(_UNDO), step, -1):
        for statement in _UNDO[number]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {step}")
