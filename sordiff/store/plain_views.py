"""The views without JSON functions, and without what only SQLite knows: DuckDB runs their SQL.

As all views they are part of a step of the schema and never edited once released.
"""

from typing import Final

from sordiff.store.views import (
    ABOVE,
    RUNS_WITH_WAY_BACK,
    TODAY,
    write_nearest,
    write_state,
    write_text,
)

_RUNS: Final = RUNS_WITH_WAY_BACK.replace(
    "(SELECT group_concat(value, ' · ') FROM json_each(runs.warnings)) AS warnings",
    "runs.warning_texts AS warnings",
).replace(
    "(SELECT group_concat(message, ' · ') FROM alerts WHERE alerts.run_id = runs.id) AS alerts",
    "runs.alert_texts AS alerts",
)

_EFFECTIVE: Final = """
CASE
    WHEN unit.location_number IS NOT NULL THEN {own}
    WHEN unit.location_number_inherited = 1 THEN (
        {above} SELECT {above_column} FROM above WHERE number IS NOT NULL ORDER BY level LIMIT 1
    )
END
"""


def _effective(own: str, above_column: str) -> str:
    return _EFFECTIVE.format(own=own, above=ABOVE, above_column=above_column)


# Made step by step: which order an aggregate takes its rows in is for each database to say.
_PATH: Final = """(
WITH RECURSIVE above (level, parent_id, path) AS (
    VALUES (0, unit.parent_id, coalesce(unit.name, unit.sor_id))
    UNION ALL
    SELECT level + 1, next.parent_id, coalesce(next.name, next.sor_id) || ' › ' || above.path
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
SELECT path FROM above ORDER BY level DESC LIMIT 1
)"""

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
    {_PATH} AS path,
    unit.location_number,
    {_effective("unit.location_number", "number")} AS effective_location_number,
    {_effective("unit.sor_id", "sor_id")} AS effective_location_number_from,
    unit.provider_number,
    unit.shak,
    unit.cvr,
    unit.p_number,
    unit.pharmacy_number,
    unit.post_code,
    unit.district,
    unit.email,
    unit.phone,
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


def _of_current(value: str) -> str:
    return f"CASE WHEN held.released IS NULL THEN {value} END"


_IS_CLOSED: Final = f"""
        CASE WHEN unit.location_number_inactive = 1 OR unit.location_number_to < {TODAY}
        THEN 1 ELSE 0 END
    """
_HEIRS: Final = f"""(
        WITH RECURSIVE reached (sor_id, is_heir) AS (
            VALUES (unit.sor_id, 1)
            UNION ALL
            SELECT below.sor_id, below.location_number_inherited
            FROM reached JOIN units AS below ON below.parent_id = reached.sor_id
            WHERE below.location_number IS NULL
        )
        SELECT count(*) FROM reached JOIN units AS heir ON heir.sor_id = reached.sor_id
        WHERE is_heir = 1 AND {write_state("heir")} = 'open'
    )"""

_NUMBERS: Final = f"""
CREATE VIEW v_location_numbers AS
SELECT
    held.number,
    held.unit_id,
    unit.name AS unit,
    CASE WHEN unit.sor_id IS NULL THEN 'removed' ELSE {write_state("unit")} END AS unit_state,
    CASE WHEN held.released IS NULL THEN 1 ELSE 0 END AS is_current,
    began.snapshot_date AS since,
    held.first_run AS since_run,
    held.released AS until,
    held.released_run AS until_run,
    {_of_current(_IS_CLOSED)} AS is_closed,
    {_of_current("unit.location_number_to")} AS last_valid_day,
    {_of_current("unit.system_supplier")} AS system_supplier,
    {_of_current("unit.system")} AS system,
    {_of_current("unit.network")} AS network,
    {_of_current("unit.administrator")} AS administrator,
    {_of_current(_HEIRS)} AS heirs
FROM location_number_owners AS held
JOIN runs ON runs.id = held.first_run JOIN snapshots AS began ON began.id = runs.snapshot_id
LEFT JOIN units AS unit ON unit.sor_id = held.unit_id;
"""


def _side(side: str) -> str:
    return f"""coalesce(
        texts."{side}",
        (SELECT named.name FROM units AS named WHERE named.sor_id = texts.{side}_unit_id),
        texts.{side}_unit_id
    )"""


# From the left: so that the order of the events, or their index, leads.
_CHANGES: Final = f"""
CREATE VIEW v_changes AS
SELECT
    event.sequence,
    event.run_id AS run,
    snapshots.snapshot_date AS day,
    event.type,
    event.subject,
    texts.unit_id,
    coalesce(
        texts.unit,
        (SELECT concerned.name FROM units AS concerned WHERE concerned.sor_id = texts.unit_id)
    ) AS unit,
    texts.unit_type,
    texts.owner_id,
    (SELECT owner.name FROM units AS owner WHERE owner.sor_id = texts.owner_id) AS owner,
    {_side("before")} AS "before",
    {_side("after")} AS "after",
    texts.cause,
    texts.effective,
    event.id AS event_id,
    event.data
FROM events AS event
JOIN runs ON runs.id = event.run_id JOIN snapshots ON snapshots.id = runs.snapshot_id
LEFT JOIN event_texts AS texts
    ON texts.run_id = event.run_id AND texts."order" = event."order"
WHERE event.sequence IS NOT NULL;
"""

PLAIN_VIEWS: Final = f"""
DROP VIEW v_runs;
DROP VIEW v_units;
DROP VIEW v_location_numbers;
DROP VIEW v_changes;
{_RUNS}{_UNITS}{_NUMBERS}{_CHANGES}
"""
