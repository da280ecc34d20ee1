"""The view v_changes: every event as a line with its old and its new value as text.

As the other views it is part of a step of the schema, and never edited once released.
"""

from typing import Final

from sordiff.events import (
    ClassificationCodeAdded,
    ClassificationCodeRemoved,
    EventData,
    LocationNumberAssigned,
    LocationNumberDetailsChanged,
    LocationNumberReassigned,
    LocationNumberReleased,
    Subject,
    UnitClosed,
    UnitCreated,
    UnitDetailsChanged,
    UnitEffectiveLocationNumberChanged,
    UnitMoved,
    UnitRemoved,
    UnitRestored,
    UnitTypeChanged,
    find_event_name,
)


def list_types(*data: type[EventData]) -> str:
    """The names of event types as SQL has them in a list."""
    return ", ".join(f"'{find_event_name(one)}'" for one in data)


def write_side(side: str) -> str:
    """The old or the new value of an event as text, by its type."""
    return f"""CASE
        WHEN event.type IN ({list_types(UnitCreated, UnitRestored, UnitRemoved)})
            THEN json_extract(event.data, '$.{side}.name')
        WHEN event.type = {list_types(UnitMoved)}
            THEN coalesce(
                json_extract(event.data, '$.{side}.parent.name'),
                json_extract(event.data, '$.{side}.parent.id')
            )
        WHEN event.type = {list_types(UnitTypeChanged)}
            THEN coalesce(
                json_extract(event.data, '$.{side}.text'), json_extract(event.data, '$.{side}.code')
            )
        WHEN event.type = {list_types(UnitClosed)}
            THEN json_extract(event.data, '$.{"status.before.to" if side == "before" else "to"}')
        WHEN event.type = {list_types(UnitEffectiveLocationNumberChanged)}
            THEN json_extract(event.data, '$.{side}.number')
        WHEN event.type IN ({list_types(UnitDetailsChanged, LocationNumberDetailsChanged)}) THEN (
            SELECT group_concat(
                json_extract(value, '$.path') || ': '
                || coalesce(json_extract(value, '$.{side}'), '–'), ' · '
            ) FROM json_each(event.data, '$.changes')
        )
        WHEN event.type IN (
            {list_types(LocationNumberAssigned, LocationNumberReleased, LocationNumberReassigned)}
        ) THEN coalesce(
            json_extract(event.data, '$.{side}.unit_name'),
            (SELECT owner.name FROM units AS owner
             WHERE owner.sor_id = json_extract(event.data, '$.{side}.unit_id')),
            json_extract(event.data, '$.{side}.unit_id')
        )
        WHEN event.type IN ({list_types(ClassificationCodeAdded, ClassificationCodeRemoved)})
            THEN json_extract(event.data, '$.{side}.text')
        ELSE json_extract(event.data, '$.{side}')
    END"""


_RELEASED: Final = list_types(LocationNumberReleased)
UNIT_OF: Final = f"""
CASE
    WHEN event.type LIKE '{Subject.UNIT}.%' THEN event.subject
    WHEN event.type = {_RELEASED} THEN json_extract(event.data, '$.before.unit_id')
    WHEN event.type LIKE '{Subject.LOCATION_NUMBER}.%' THEN coalesce(
        json_extract(event.data, '$.after.unit_id'), json_extract(event.data, '$.unit_id')
    )
END
"""

CHANGES: Final = f"""
CREATE VIEW v_changes AS
SELECT
    event.sequence,
    event.run_id AS run,
    snapshots.snapshot_date AS day,
    event.type,
    event.subject,
    {UNIT_OF} AS unit_id,
    coalesce(
        json_extract(event.data, '$.unit.name'),
        (SELECT concerned.name FROM units AS concerned WHERE concerned.sor_id = {UNIT_OF})
    ) AS unit,
    json_extract(event.data, '$.unit.unit_type.text') AS unit_type,
    json_extract(event.data, '$.unit.owner_id') AS owner_id,
    (
        SELECT owner.name FROM units AS owner
        WHERE owner.sor_id = json_extract(event.data, '$.unit.owner_id')
    ) AS owner,
    {write_side("before")} AS "before",
    {write_side("after")} AS "after",
    json_extract(event.data, '$.cause') AS cause,
    json_extract(event.data, '$.effective') AS effective,
    event.id AS event_id,
    event.data
FROM events AS event
JOIN runs ON runs.id = event.run_id JOIN snapshots ON snapshots.id = runs.snapshot_id
WHERE event.sequence IS NOT NULL;
"""
