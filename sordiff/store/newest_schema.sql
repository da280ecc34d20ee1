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
, open_units INTEGER, exceptional INTEGER NOT NULL DEFAULT 0, lists TEXT NOT NULL DEFAULT '{}', findings INTEGER, fields TEXT NOT NULL DEFAULT '{}', kind TEXT NOT NULL DEFAULT 'night'
    CHECK (kind IN ('baseline', 'night', 'reissue', 'rebaseline', 'correction')), corrects INTEGER REFERENCES runs (id), retracted_at TEXT, retracted_by TEXT, retracted_reason TEXT, reading_rules INTEGER NOT NULL DEFAULT 0, warning_texts TEXT, alert_texts TEXT, history INTEGER NOT NULL DEFAULT 0);
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
CREATE TABLE adoptions (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    subject TEXT NOT NULL,
    path TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (run_id, "order")
);
CREATE TABLE alerts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'critical')),
    subject TEXT,
    message TEXT NOT NULL, details TEXT NOT NULL DEFAULT '{}', resolved_by INTEGER REFERENCES runs (id),
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
, provider_number TEXT, shak TEXT, cvr TEXT, p_number TEXT, pharmacy_number TEXT, post_code TEXT, district TEXT, email TEXT, phone TEXT, location_number_inherited INTEGER, location_number_inactive INTEGER, system_supplier TEXT, system TEXT, network TEXT, administrator TEXT) WITHOUT ROWID;
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
, reading_rules INTEGER NOT NULL DEFAULT 0, in_use_only INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE classification_entries (
    list TEXT NOT NULL REFERENCES classifications (list),
    code TEXT NOT NULL,
    text TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY (list, code)
) WITHOUT ROWID;
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
    sent_at TEXT, claimed_until TEXT,
    UNIQUE (run_id, kind)
);
CREATE TABLE subtree_index (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    root BLOB NOT NULL
, sizes BLOB);
CREATE TABLE subtrees (
    row INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,
    below TEXT,
    leaves TEXT,
    pieces BLOB NOT NULL
);
CREATE TABLE changelogs (
    changelog_id TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('own', 'adopted')),
    since TEXT NOT NULL,
    last_sequence INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE state_changes (
    topic TEXT NOT NULL CHECK (topic IN ('units', 'location-numbers', 'all')),
    key TEXT NOT NULL,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    PRIMARY KEY (topic, key, run_id)
) WITHOUT ROWID;
CREATE TABLE findings (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    change TEXT NOT NULL CHECK (change IN ('known', 'new', 'changed', 'resolved')),
    code TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    PRIMARY KEY (run_id, code, subject)
) WITHOUT ROWID;
CREATE TABLE sinks (
    sink TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    beyond_events INTEGER NOT NULL DEFAULT 0
, read_by TEXT, read_source TEXT, read_position TEXT, read_sequence INTEGER, read_row INTEGER) WITHOUT ROWID;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    kind TEXT NOT NULL,
    sink TEXT NOT NULL DEFAULT '',
    message TEXT,
    recorded_at TEXT NOT NULL,
    UNIQUE (run_id, kind, sink)
);
CREATE TABLE outbox_marks (
    sink TEXT NOT NULL REFERENCES sinks (sink),
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    attempted_at TEXT,
    published_at TEXT,
    beyond_events INTEGER NOT NULL DEFAULT 0, demanded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (sink, outbox_id)
) WITHOUT ROWID;
CREATE TABLE coverage (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (run_id, path, kind)
) WITHOUT ROWID;
CREATE TABLE changelog_source (
    source TEXT NOT NULL
);
CREATE TABLE kept_lists (
    name TEXT PRIMARY KEY,
    list TEXT NOT NULL,
    told_run INTEGER
) WITHOUT ROWID;
CREATE TABLE event_texts (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    "order" INTEGER NOT NULL,
    unit_id TEXT, unit TEXT, unit_type TEXT, owner_id TEXT, "before" TEXT, before_unit_id TEXT, "after" TEXT, after_unit_id TEXT, cause TEXT, effective TEXT,
    PRIMARY KEY (run_id, "order")
) WITHOUT ROWID;
CREATE TABLE row_index (
    run_id INTEGER PRIMARY KEY,
    rows BLOB NOT NULL
);
CREATE INDEX runs_by_snapshot ON runs (snapshot_id);
CREATE INDEX events_by_subject ON events (subject, sequence);
CREATE INDEX events_by_type ON events (type, sequence);
CREATE INDEX adoptions_by_subject ON adoptions (subject);
CREATE INDEX units_by_parent ON units (parent_id);
CREATE INDEX units_by_location_number ON units (location_number)
    WHERE location_number IS NOT NULL;
CREATE INDEX units_by_type ON units (unit_type, first_from, "to");
CREATE INDEX units_by_to ON units ("to") WHERE "to" IS NOT NULL;
CREATE INDEX units_by_first_from ON units (first_from) WHERE first_from IS NOT NULL;
CREATE INDEX units_by_location_number_to ON units (location_number_to)
    WHERE location_number_to IS NOT NULL;
CREATE INDEX state_changes_by_run ON state_changes (run_id);
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
CREATE INDEX findings_by_subject ON findings (subject, run_id);
CREATE INDEX snapshots_by_day ON snapshots (snapshot_date);
CREATE INDEX outbox_marks_by_row ON outbox_marks (outbox_id);
CREATE UNIQUE INDEX runs_by_corrected ON runs (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX units_by_provider_number ON units (provider_number) WHERE provider_number IS NOT NULL;
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
    runs.warning_texts AS warnings,
    runs.alert_texts AS alerts,
    runs.corrects,
    (SELECT later.id FROM runs AS later WHERE later.corrects = runs.id) AS corrected_by,
    runs.retracted_at,
    runs.retracted_by,
    runs.retracted_reason
FROM runs JOIN snapshots ON snapshots.id = runs.snapshot_id;
CREATE VIEW v_units AS
SELECT
    unit.sor_id,
    unit.name,
    unit.kind,
    CASE
        WHEN unit."to" <
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'closed'
        WHEN unit.first_from >
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'future'
        ELSE 'open'
    END AS state,
    unit.unit_type AS unit_type_code,
    (
        SELECT entry.text FROM classifications AS listed
        JOIN classification_entries AS entry ON entry.list = listed.list
        WHERE listed.serves = 'unit_type' AND entry.code = unit.unit_type AND entry.text IS NOT NULL
        ORDER BY listed.list LIMIT 1
    ) AS unit_type,
    unit.parent_id,
    (SELECT parent.name FROM units AS parent WHERE parent.sor_id = unit.parent_id) AS parent,
    (
WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT sor_id FROM above WHERE kind = 'institution' ORDER BY level LIMIT 1) AS institution_id,
    (
WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT name FROM above WHERE kind = 'institution' ORDER BY level LIMIT 1) AS institution,
    (
WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT sor_id FROM above WHERE kind = 'owner' ORDER BY level LIMIT 1) AS owner_id,
    (
WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT name FROM above WHERE kind = 'owner' ORDER BY level LIMIT 1) AS owner,
    (
WITH RECURSIVE above (level, parent_id, path) AS (
    VALUES (0, unit.parent_id, coalesce(unit.name, unit.sor_id))
    UNION ALL
    SELECT level + 1, next.parent_id, coalesce(next.name, next.sor_id) || ' › ' || above.path
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
SELECT path FROM above ORDER BY level DESC LIMIT 1
) AS path,
    unit.location_number,

CASE
    WHEN unit.location_number IS NOT NULL THEN unit.location_number
    WHEN unit.location_number_inherited = 1 THEN (

WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT number FROM above WHERE number IS NOT NULL ORDER BY level LIMIT 1
    )
END
 AS effective_location_number,

CASE
    WHEN unit.location_number IS NOT NULL THEN unit.sor_id
    WHEN unit.location_number_inherited = 1 THEN (

WITH RECURSIVE above (level, sor_id, kind, name, number, parent_id) AS (
    VALUES (0, unit.sor_id, unit.kind, unit.name, unit.location_number, unit.parent_id)
    UNION ALL
    SELECT level + 1, next.sor_id, next.kind, next.name, next.location_number, next.parent_id
    FROM above JOIN units AS next ON next.sor_id = above.parent_id
)
 SELECT sor_id FROM above WHERE number IS NOT NULL ORDER BY level LIMIT 1
    )
END
 AS effective_location_number_from,
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
CREATE VIEW v_location_numbers AS
SELECT
    held.number,
    held.unit_id,
    unit.name AS unit,
    CASE WHEN unit.sor_id IS NULL THEN 'removed' ELSE CASE
        WHEN unit."to" <
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'closed'
        WHEN unit.first_from >
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'future'
        ELSE 'open'
    END END AS unit_state,
    CASE WHEN held.released IS NULL THEN 1 ELSE 0 END AS is_current,
    began.snapshot_date AS since,
    held.first_run AS since_run,
    held.released AS until,
    held.released_run AS until_run,
    CASE WHEN held.released IS NULL THEN
        CASE WHEN unit.location_number_inactive = 1 OR unit.location_number_to <
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)

        THEN 1 ELSE 0 END
     END AS is_closed,
    CASE WHEN held.released IS NULL THEN unit.location_number_to END AS last_valid_day,
    CASE WHEN held.released IS NULL THEN unit.system_supplier END AS system_supplier,
    CASE WHEN held.released IS NULL THEN unit.system END AS system,
    CASE WHEN held.released IS NULL THEN unit.network END AS network,
    CASE WHEN held.released IS NULL THEN unit.administrator END AS administrator,
    CASE WHEN held.released IS NULL THEN (
        WITH RECURSIVE reached (sor_id, is_heir) AS (
            VALUES (unit.sor_id, 1)
            UNION ALL
            SELECT below.sor_id, below.location_number_inherited
            FROM reached JOIN units AS below ON below.parent_id = reached.sor_id
            WHERE below.location_number IS NULL
        )
        SELECT count(*) FROM reached JOIN units AS heir ON heir.sor_id = reached.sor_id
        WHERE is_heir = 1 AND CASE
        WHEN heir."to" <
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'closed'
        WHEN heir.first_from >
(SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id
 WHERE state IN ('accepted', 'released') ORDER BY runs.id DESC LIMIT 1)
 THEN 'future'
        ELSE 'open'
    END = 'open'
    ) END AS heirs
FROM location_number_owners AS held
JOIN runs ON runs.id = held.first_run JOIN snapshots AS began ON began.id = runs.snapshot_id
LEFT JOIN units AS unit ON unit.sor_id = held.unit_id;
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
    coalesce(
        texts."before",
        (SELECT named.name FROM units AS named WHERE named.sor_id = texts.before_unit_id),
        texts.before_unit_id
    ) AS "before",
    coalesce(
        texts."after",
        (SELECT named.name FROM units AS named WHERE named.sor_id = texts.after_unit_id),
        texts.after_unit_id
    ) AS "after",
    texts.cause,
    texts.effective,
    event.id AS event_id,
    event.data
FROM events AS event
JOIN runs ON runs.id = event.run_id JOIN snapshots ON snapshots.id = runs.snapshot_id
LEFT JOIN event_texts AS texts
    ON texts.run_id = event.run_id AND texts."order" = event."order"
WHERE event.sequence IS NOT NULL;
