"""Views with plain names over the changelog, for whoever opens the file with SQLite.

They are part of a step of the schema and never edited once released; docs/sqlite.md explains each
column. A view costs nothing until it is asked, and only the columns that are asked for are made.
"""

from typing import Final

from sordiff.store.change_view import CHANGES

_RUNS: Final = """
CREATE VIEW v_runs AS
SELECT
    runs.id AS run,
    snapshots.snapshot_date AS day,
    runs.kind,
    runs.state,
    snapshots.units,
    runs.open_units,
    runs.event_count AS events,
    runs.first_sequence,
    runs.last_sequence,
    runs.nights,
    runs.nights_missing,
    snapshots.version AS format_version,
    snapshots.created_at AS snapshot_created_at,
    snapshots.file,
    snapshots.sha256,
    runs.compared_with,
    runs.recorded_at,
    runs.decided_by,
    runs.decided_at,
    runs.reason,
    (SELECT group_concat(value, ' · ') FROM json_each(runs.warnings)) AS warnings,
    (SELECT group_concat(message, ' · ') FROM alerts WHERE alerts.run_id = runs.id) AS alerts
FROM runs JOIN snapshots ON snapshots.id = runs.snapshot_id;
"""

# As it stands since corrections and retractions are recorded.
RUNS_WITH_WAY_BACK: Final = _RUNS.replace(
    "alerts.run_id = runs.id) AS alerts\n",
    """alerts.run_id = runs.id) AS alerts,
    runs.corrects,
    (SELECT later.id FROM runs AS later WHERE later.corrects = runs.id) AS corrected_by,
    runs.retracted_at,
    runs.retracted_by,
    runs.retracted_reason
""",
)

# The day of the last accepted snapshot, on which states are judged.
TODAY: Final = """
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
"""

# The units above one, nearest first, each with its level; the unit itself has level 0.
ABOVE: Final = """
WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
"""

_EFFECTIVE: Final = """
CASE
    WHEN unit.location_number IS NOT NULL THEN {own}
    WHEN json_extract(unit.record, '$.location_number_inherited') THEN (
        {above} SELECT {above_column} FROM above WHERE number IS NOT NULL ORDER BY level LIMIT 1
    )
END
"""


def write_nearest(kind: str, column: str) -> str:
    """A column of the nearest unit of that kind, upwards from the unit itself."""
    return f"({ABOVE} SELECT {column} FROM above WHERE kind = '{kind}' ORDER BY level LIMIT 1)"


def _effective(own: str, above_column: str) -> str:
    return _EFFECTIVE.format(own=own, above=ABOVE, above_column=above_column)


def write_text(serves: str, code: str) -> str:
    """The text of a code, from the first list that knows it."""
    return f"""(
        SELECT entry.text FROM classifications AS listed
        JOIN classification_entries AS entry ON entry.list = listed.list
        WHERE listed.serves = '{serves}' AND entry.code = {code} AND entry.text IS NOT NULL
        ORDER BY listed.list LIMIT 1
    )"""


def write_state(unit: str) -> str:
    """The state of a unit of `units`, by its name in the query."""
    return f"""CASE
        WHEN {unit}."to" < {TODAY} THEN 'closed'
        WHEN {unit}.first_from > {TODAY} THEN 'future'
        ELSE 'open'
    END"""


_UNITS: Final = f"""
CREATE VIEW v_units AS
SELECT
    unit.sor_id,
    unit.name,
    unit.kind,
    {write_state("unit")} AS state,
    unit.unit_type AS unit_type_code,
    {write_text("unit_type", "unit.unit_type")} AS unit_type,
    unit.parent_id,
    (SELECT parent.name FROM units AS parent WHERE parent.sor_id = unit.parent_id) AS parent,
    {write_nearest("institution", "sor_id")} AS institution_id,
    {write_nearest("institution", "name")} AS institution,
    {write_nearest("owner", "sor_id")} AS owner_id,
    {write_nearest("owner", "name")} AS owner,
    (
        SELECT group_concat(name, ' › ') FROM (
            {ABOVE} SELECT coalesce(name, sor_id) AS name FROM above ORDER BY level DESC
        )
    ) AS path,
    unit.location_number,
    {_effective("unit.location_number", "number")} AS effective_location_number,
    {_effective("unit.sor_id", "sor_id")} AS effective_location_number_from,
    json_extract(unit.record, '$.provider_number') AS provider_number,
    json_extract(unit.record, '$.shak') AS shak,
    json_extract(unit.record, '$.cvr') AS cvr,
    json_extract(unit.record, '$.p_number') AS p_number,
    json_extract(unit.record, '$.pharmacy_number') AS pharmacy_number,
    json_extract(unit.record, '$.address.postal.post_code') AS post_code,
    json_extract(unit.record, '$.address.postal.district_name') AS district,
    json_extract(unit.record, '$.contact.email') AS email,
    json_extract(unit.record, '$.contact.phone') AS phone,
    unit.first_from,
    unit."to" AS last_valid_day,
    (
        SELECT snapshot_date FROM known_units
        JOIN runs ON runs.id = first_run JOIN snapshots ON snapshots.id = snapshot_id
        WHERE known_units.sor_id = unit.sor_id
    ) AS first_seen,
    unit.record
FROM units AS unit;
"""

_NUMBERS: Final = f"""
CREATE VIEW v_location_numbers AS
SELECT
    held.number,
    held.unit_id,
    unit.name AS unit,
    CASE WHEN unit.sor_id IS NULL THEN 'removed' ELSE {write_state("unit")} END AS unit_state,
    held.released IS NULL AS is_current,
    began.snapshot_date AS since,
    held.first_run AS since_run,
    held.released AS until,
    held.released_run AS until_run,
    CASE WHEN held.released IS NULL THEN
        coalesce(json_extract(unit.record, '$.location_number.inactive'), 0)
        OR coalesce(unit.location_number_to < {TODAY}, 0)
    END AS is_closed,
    CASE WHEN held.released IS NULL THEN unit.location_number_to END AS last_valid_day,
    CASE WHEN held.released IS NULL THEN
        json_extract(unit.record, '$.location_number.system_supplier')
    END AS system_supplier,
    CASE WHEN held.released IS NULL THEN
        json_extract(unit.record, '$.location_number.system')
    END AS system,
    CASE WHEN held.released IS NULL THEN
        json_extract(unit.record, '$.location_number.network')
    END AS network,
    CASE WHEN held.released IS NULL THEN
        json_extract(unit.record, '$.location_number.administrator')
    END AS administrator,
    CASE WHEN held.released IS NULL THEN (
        WITH RECURSIVE reached (sor_id, is_heir) AS (
            VALUES (unit.sor_id, 1)
            UNION ALL
            SELECT below.sor_id, json_extract(below.record, '$.location_number_inherited')
            FROM reached JOIN units AS below ON below.parent_id = reached.sor_id
            WHERE below.location_number IS NULL
        )
        SELECT count(*) FROM reached JOIN units AS heir USING (sor_id)
        WHERE is_heir AND {write_state("heir")} = 'open'
    ) END AS heirs
FROM location_number_owners AS held
JOIN runs ON runs.id = held.first_run JOIN snapshots AS began ON began.id = runs.snapshot_id
LEFT JOIN units AS unit ON unit.sor_id = held.unit_id;
"""


# So that the changes of a day are found by the day.
_BY_DAY: Final = """
CREATE INDEX snapshots_by_day ON snapshots (snapshot_date);
"""

VIEWS: Final = _BY_DAY + _RUNS + _UNITS + _NUMBERS + CHANGES
