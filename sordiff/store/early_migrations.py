"""The first steps of the schema, 1 to 7. They are never edited."""

from typing import Final

CORE: Final = """
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    snapshot_date TEXT NOT NULL,
    created_at TEXT NOT NULL,
    instant TEXT NOT NULL,
    version TEXT NOT NULL,
    size INTEGER NOT NULL,
    units INTEGER NOT NULL,
    other TEXT NOT NULL,
    data_types_sha256 TEXT,
    file TEXT NOT NULL
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('baseline', 'night', 'reissue', 'rebaseline')),
    state TEXT NOT NULL
        CHECK (state IN ('accepted', 'held', 'released', 'rejected', 'superseded')),
    snapshot_id INTEGER NOT NULL REFERENCES snapshots (id),
    compared_with INTEGER REFERENCES runs (id),
    source TEXT NOT NULL,
    nights INTEGER,
    nights_missing INTEGER NOT NULL DEFAULT 0,
    version_changed INTEGER NOT NULL DEFAULT 0,
    publish INTEGER NOT NULL DEFAULT 1,
    event_count INTEGER NOT NULL,
    first_sequence INTEGER,
    last_sequence INTEGER,
    digest TEXT NOT NULL,
    warnings TEXT NOT NULL,
    reason TEXT,
    recorded_at TEXT NOT NULL,
    decided_by TEXT,
    decided_at TEXT
);
CREATE INDEX runs_by_snapshot ON runs (snapshot_id);
CREATE TABLE events (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    sequence INTEGER UNIQUE,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (run_id, "order")
);
CREATE INDEX events_by_subject ON events (subject, sequence);
CREATE INDEX events_by_type ON events (type, sequence);
CREATE TABLE adoptions (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    subject TEXT NOT NULL,
    path TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (run_id, "order")
);
CREATE INDEX adoptions_by_subject ON adoptions (subject);
CREATE TABLE alerts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    subject TEXT,
    message TEXT NOT NULL,
    PRIMARY KEY (run_id, "order")
);
CREATE TABLE units (
    sor_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    parent_id TEXT,
    name TEXT,
    unit_type TEXT,
    location_number TEXT,
    first_from TEXT,
    "to" TEXT,
    location_number_to TEXT,
    record TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX units_by_parent ON units (parent_id);
CREATE INDEX units_by_location_number ON units (location_number)
    WHERE location_number IS NOT NULL;
CREATE TABLE known_units (
    sor_id TEXT PRIMARY KEY,
    first_run INTEGER NOT NULL REFERENCES runs (id)
) WITHOUT ROWID;
CREATE TABLE location_number_owners (
    number TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    first_run INTEGER NOT NULL REFERENCES runs (id),
    released_run INTEGER REFERENCES runs (id),
    released TEXT,
    PRIMARY KEY (number, unit_id, first_run)
) WITHOUT ROWID;
CREATE TABLE classifications (
    list TEXT PRIMARY KEY,
    serves TEXT
) WITHOUT ROWID;
CREATE TABLE classification_entries (
    list TEXT NOT NULL REFERENCES classifications (list),
    code TEXT NOT NULL,
    text TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY (list, code)
) WITHOUT ROWID;
"""


HOLDING: Final = """
ALTER TABLE runs ADD COLUMN open_units INTEGER;
ALTER TABLE runs ADD COLUMN exceptional INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN lists TEXT NOT NULL DEFAULT '{}';
ALTER TABLE alerts ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
ALTER TABLE alerts ADD COLUMN resolved_by INTEGER REFERENCES runs (id);
CREATE TABLE run_counts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    name TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (run_id, name)
) WITHOUT ROWID;
CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES runs (id),
    kind TEXT NOT NULL,
    notice TEXT NOT NULL,
    at TEXT NOT NULL,
    sent_at TEXT,
    UNIQUE (run_id, kind)
);
"""


# The subtrees belong to the last accepted run alone; rows of `units` are found by the days that
# tell something of them, and counted by unit type, without a look at their records.
_PROVIDER_NUMBER: Final = "json_extract(record, '$.provider_number')"


SUBTREES: Final = f"""
CREATE TABLE subtree_index (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    root BLOB NOT NULL
);
CREATE TABLE subtrees (
    row INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,
    below TEXT,
    leaves TEXT,
    pieces BLOB NOT NULL
);
CREATE INDEX units_by_type ON units (unit_type, first_from, "to");
CREATE INDEX units_by_to ON units ("to") WHERE "to" IS NOT NULL;
CREATE INDEX units_by_first_from ON units (first_from) WHERE first_from IS NOT NULL;
CREATE INDEX units_by_location_number_to ON units (location_number_to)
    WHERE location_number_to IS NOT NULL;
CREATE INDEX units_by_provider_number ON units ({_PROVIDER_NUMBER})
    WHERE {_PROVIDER_NUMBER} IS NOT NULL;
"""


OUTBOX: Final = """
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    kind TEXT NOT NULL,
    message TEXT,
    recorded_at TEXT NOT NULL,
    attempted_at TEXT,
    published_at TEXT,
    UNIQUE (run_id, kind)
);
CREATE INDEX outbox_unpublished ON outbox (id) WHERE published_at IS NULL;
CREATE TABLE changelogs (
    changelog_id TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('own', 'adopted')),
    since TEXT NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO outbox (run_id, kind, recorded_at)
    SELECT id, CASE publish WHEN 1 THEN 'run' ELSE 'state' END, coalesce(decided_at, recorded_at)
    FROM runs WHERE state IN ('accepted', 'released') ORDER BY id;
"""


# What a run changed that was recorded before this was noted is not known: so all of it.
STATE_CHANGES: Final = """
CREATE TABLE state_changes (
    topic TEXT NOT NULL CHECK (topic IN ('units', 'location-numbers', 'all')),
    key TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    PRIMARY KEY (topic, key, run_id)
) WITHOUT ROWID;
CREATE INDEX state_changes_by_run ON state_changes (run_id);
INSERT INTO state_changes (topic, key, run_id)
    SELECT 'all', '', id FROM runs WHERE state IN ('accepted', 'released');
"""


# Looking back: what a held run has of a type, whose numbers a unit had, and who stood below it.
LOOKING_BACK: Final = """
CREATE INDEX events_unsequenced ON events (run_id, type, "order") WHERE sequence IS NULL;
CREATE INDEX events_by_former_parent ON events (json_extract(data, '$.before.parent.id'))
    WHERE type = 'unit.moved';
CREATE INDEX events_by_removed_below ON events (json_extract(data, '$.before.parent_id'))
    WHERE type = 'unit.removed';
CREATE INDEX adoptions_by_former_parent ON adoptions (json_extract(before, '$'))
    WHERE path = 'parent_id';
CREATE INDEX adoptions_by_removed_below ON adoptions (json_extract(before, '$.parent_id'))
    WHERE path = '';
CREATE INDEX location_number_owners_by_unit ON location_number_owners (unit_id);
"""


# Data quality over time.
FINDINGS: Final = """
CREATE TABLE findings (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    change TEXT NOT NULL CHECK (change IN ('known', 'new', 'changed', 'resolved')),
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run_id, code, subject)
) WITHOUT ROWID;
CREATE INDEX findings_by_subject ON findings (subject, run_id);
ALTER TABLE runs ADD COLUMN findings INTEGER;
"""
