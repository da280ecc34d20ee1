"""The step of the schema that gives each sink marks of its own; never edited once released."""

from typing import Final

# Each sink has marks of its own: what one has, another may still be waiting for. Rows with a sink
# are for that one alone.
SINKS: Final = """
CREATE TABLE sinks (
    sink TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    beyond_events INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO sinks (sink, since, beyond_events)
    SELECT 'kafka', since, beyond_events FROM (
        SELECT min(since) AS since, max(beyond_events) AS beyond_events FROM changelogs
    ) WHERE since IS NOT NULL;
ALTER TABLE outbox RENAME TO outbox_of_kafka;
DROP INDEX outbox_unpublished;
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id),
    kind TEXT NOT NULL,
    sink TEXT NOT NULL DEFAULT '',
    message TEXT,
    recorded_at TEXT NOT NULL,
    UNIQUE (run_id, kind, sink)
);
INSERT INTO outbox (id, run_id, kind, sink, message, recorded_at)
    SELECT id, run_id, kind, CASE kind WHEN 'whole state' THEN 'kafka' ELSE '' END, message,
        recorded_at
    FROM outbox_of_kafka ORDER BY id;
CREATE TABLE outbox_marks (
    sink TEXT NOT NULL REFERENCES sinks (sink),
    outbox_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    attempted_at TEXT,
    published_at TEXT,
    beyond_events INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (sink, outbox_id)
) WITHOUT ROWID;
INSERT INTO outbox_marks (sink, outbox_id, attempted_at, published_at, beyond_events)
    SELECT 'kafka', id, attempted_at, published_at, beyond_events FROM outbox_of_kafka
    WHERE coalesce(attempted_at, published_at) IS NOT NULL OR beyond_events;
DROP TABLE outbox_of_kafka;
CREATE INDEX outbox_marks_by_row ON outbox_marks (outbox_id);
ALTER TABLE changelogs DROP COLUMN beyond_events;
"""
