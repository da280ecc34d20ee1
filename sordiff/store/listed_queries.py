"""The questions that are asked for many numbers at once, in SQL."""

from collections.abc import Mapping
from typing import Final

from sordiff.events import (
    UnitCvrChanged,
    UnitPNumberChanged,
    UnitProviderNumberChanged,
    UnitRemoved,
    UnitShakChanged,
    find_event_name,
)
from sordiff.reconcile.identifiers import ColumnKind
from sordiff.store.conditions import ACCEPTED

# Who carries a number now: by an index where there is one, else in one pass over the records.
CARRIERS: Final[Mapping[ColumnKind, str]] = {
    ColumnKind.LOCATION_NUMBER: (
        "SELECT value, sor_id FROM json_each(?) CROSS JOIN units INDEXED BY"
        " units_by_location_number ON location_number = value"
    ),
    ColumnKind.PROVIDER_NUMBER: (
        "SELECT value, sor_id FROM json_each(?) CROSS JOIN units INDEXED BY"
        " units_by_provider_number ON provider_number = value"
    ),
} | {
    kind: (
        f"SELECT json_extract(record, '$.{kind}') AS carried, sor_id FROM units"  # noqa: S608  # same
        " WHERE carried IN (SELECT value FROM json_each(?))"
    )
    for kind in (ColumnKind.SHAK, ColumnKind.CVR, ColumnKind.P_NUMBER)
}
CHANGED: Final = {
    ColumnKind.PROVIDER_NUMBER: find_event_name(UnitProviderNumberChanged),
    ColumnKind.SHAK: find_event_name(UnitShakChanged),
    ColumnKind.CVR: find_event_name(UnitCvrChanged),
    ColumnKind.P_NUMBER: find_event_name(UnitPNumberChanged),
}
_REMOVED: Final = find_event_name(UnitRemoved)
# By an event or, at a rebaseline, without one.
FORMER: Final = f"""
SELECT json_extract(data, '$.before') AS carried, subject, run_id, sequence, type FROM events
INDEXED BY events_by_type
WHERE type = :changed AND sequence > 0 AND carried IN (SELECT value FROM json_each(:values))
UNION ALL
SELECT json_extract(data, '$.before.' || :kind) AS carried, subject, run_id, sequence, type
FROM events
INDEXED BY events_by_type
WHERE type = '{_REMOVED}' AND sequence > 0 AND carried IN (SELECT value FROM json_each(:values))
UNION ALL
SELECT CASE path WHEN '' THEN json_extract(before, '$.' || :kind)
    ELSE json_extract(before, '$') END AS carried, subject, run_id, NULL, NULL
FROM adoptions JOIN runs ON runs.id = run_id AND {ACCEPTED}
WHERE (path = :kind OR (path = '' AND after IS NULL AND before IS NOT NULL
    AND json_type(before) = 'object'))
    AND carried IN (SELECT value FROM json_each(:values))
ORDER BY 3
"""  # noqa: S608  # all that is put in is ours
HOLDINGS: Final = """
SELECT number, unit_id, first_run, released_run
FROM json_each(?) CROSS JOIN location_number_owners ON number = value
WHERE EXISTS (
    SELECT 1 FROM location_number_owners AS lost
    WHERE lost.number = value AND lost.released_run IS NOT NULL
)
ORDER BY released_run IS NULL, released_run, first_run, unit_id
"""
LOST: Final = """
SELECT unit_id, number, released_run
FROM json_each(?) CROSS JOIN location_number_owners INDEXED BY location_number_owners_by_unit
    ON unit_id = value
WHERE released_run IS NOT NULL
ORDER BY released_run, number
"""
BEFORE: Final = f"""
SELECT subject, json_extract(data, :place) AS had, run_id, sequence, type FROM events
INDEXED BY events_by_type
WHERE type = :type AND sequence > 0 AND subject IN (SELECT value FROM json_each(:ids))
    AND had IS NOT NULL
UNION ALL
SELECT subject, json_extract(before, '$') AS had, run_id, NULL, NULL
FROM adoptions JOIN runs ON runs.id = run_id AND {ACCEPTED}
WHERE path = :path AND :path <> '' AND subject IN (SELECT value FROM json_each(:ids))
    AND had IS NOT NULL
ORDER BY 3, 4
"""  # noqa: S608  # the condition is ours
# Events of a number tell of its owners, too.
TOUCHED: Final = f"""
SELECT value FROM json_each(:ids)
WHERE EXISTS (
    SELECT 1 FROM events INDEXED BY events_by_subject
    WHERE subject = value AND sequence > (
        SELECT coalesce(max(last_sequence), 0) FROM runs WHERE {ACCEPTED} AND id <= :run
    )
) OR EXISTS (
    SELECT 1 FROM adoptions INDEXED BY adoptions_by_subject
    WHERE subject = value AND run_id > :run
) OR EXISTS (
    SELECT 1 FROM location_number_owners AS owned
    CROSS JOIN events INDEXED BY events_by_subject ON subject = owned.number
    WHERE owned.unit_id = value AND sequence > 0 AND events.run_id > :run
)
"""  # noqa: S608  # the condition is ours
GONE: Final = f"""
SELECT wanted.value, told.run_id, told.sequence, told.record FROM json_each(:ids) AS wanted
JOIN known_units ON known_units.sor_id = wanted.value
CROSS JOIN (
    SELECT subject, run_id, sequence, json_extract(data, '$.before') AS record FROM events
    INDEXED BY events_by_type
    WHERE type = '{_REMOVED}' AND sequence > 0 AND run_id <= :run
    UNION ALL
    SELECT subject, run_id, NULL, before FROM adoptions JOIN runs ON runs.id = run_id AND {ACCEPTED}
    WHERE path = '' AND after IS NULL AND run_id <= :run
) AS told ON told.subject = wanted.value
ORDER BY told.run_id
"""  # noqa: S608  # same

ALL_GONE: Final = f"""
SELECT record FROM (
    SELECT subject, run_id, json_extract(data, '$.before') AS record FROM events
    INDEXED BY events_by_type
    WHERE type = '{_REMOVED}' AND sequence > 0
    UNION ALL
    SELECT subject, run_id, before FROM adoptions JOIN runs ON runs.id = run_id AND {ACCEPTED}
    WHERE path = '' AND after IS NULL AND before IS NOT NULL AND json_type(before) = 'object'
)
WHERE NOT EXISTS (SELECT 1 FROM units WHERE sor_id = subject)
ORDER BY run_id
"""  # noqa: S608  # same
DAYS: Final = f"""
SELECT runs.id, snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
WHERE {ACCEPTED}
"""  # noqa: S608  # same
