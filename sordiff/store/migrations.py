"""The schema of the changelog, as numbered steps that are never edited once released.

A change of the schema is a new step at the end. The number of the last step taken is kept in
SQLite's own user_version.
"""

from typing import Final

from sordiff.store.early_migrations import (
    CORE,
    FINDINGS,
    HOLDING,
    LOOKING_BACK,
    OUTBOX,
    STATE_CHANGES,
    SUBTREES,
)
from sordiff.store.kept_lists_migration import KEPT_LISTS
from sordiff.store.plain_columns import ADD_PLAIN_COLUMNS
from sordiff.store.plain_views import PLAIN_VIEWS
from sordiff.store.sink_migration import SINKS
from sordiff.store.views import RUNS_WITH_WAY_BACK, VIEWS

# What a subscriber must be told beside the events: that the state went another way than theirs.
_9_BEYOND_EVENTS: Final = """
ALTER TABLE changelogs ADD COLUMN beyond_events INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN beyond_events INTEGER NOT NULL DEFAULT 0;
"""

# Who carries what after each run, and by which [fields] its snapshot was read. Runs from before
# have none: their coverage is counted from the state when it is asked for.
_11_COVERAGE: Final = """
CREATE TABLE coverage (
    run_id INTEGER NOT NULL REFERENCES runs (id),
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    units INTEGER NOT NULL,
    PRIMARY KEY (run_id, path, kind)
) WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
"""

# Whoever sends a notice claims it before; until then nobody else sends it.
_12_CLAIMS: Final = """
ALTER TABLE notices ADD COLUMN claimed_until TEXT;
"""

# A UUIDv4. Each changelog gets its own, so that of two that publish each knows its own runs.
OWN_NAME: Final = """
INSERT INTO changelogs (changelog_id, role, since)
    SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4'
        || substr(hex(randomblob(2)), 2) || '-' || substr('89AB', 1 + (random() & 3), 1)
        || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
        'own', strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')
    WHERE NOT EXISTS (SELECT 1 FROM changelogs WHERE role = 'own');
"""

# By which the file is known as a changelog (sordiff.store.recognised); and the source of all its
# events. The name was until now given when it first published.
_SOURCE: Final = """
PRAGMA application_id = 1397707332;
CREATE TABLE changelog_source (
    source TEXT NOT NULL
);
INSERT INTO changelog_source (source)
    SELECT source FROM runs WHERE state IN ('accepted', 'released') ORDER BY id DESC LIMIT 1;"""
_13_IDENTITY: Final = _SOURCE + OWN_NAME

# SQLite can't widen the CHECK of a column, so that `kind` is made anew. Retractions from before
# are in the message that waited, or waits, to be published.
_14_WAY_BACK: Final = """
DROP VIEW v_runs;
ALTER TABLE runs RENAME COLUMN kind TO kind_before;
ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'night'
    CHECK (kind IN ('baseline', 'night', 'reissue', 'rebaseline', 'correction'));
UPDATE runs SET kind = kind_before;
ALTER TABLE runs DROP COLUMN kind_before;
ALTER TABLE runs ADD COLUMN corrects INTEGER REFERENCES runs (id);
ALTER TABLE runs ADD COLUMN retracted_at TEXT;
ALTER TABLE runs ADD COLUMN retracted_by TEXT;
ALTER TABLE runs ADD COLUMN retracted_reason TEXT;
CREATE UNIQUE INDEX runs_by_corrected ON runs (corrects) WHERE corrects IS NOT NULL;
UPDATE runs SET (retracted_at, retracted_by, retracted_reason) = (
    SELECT json_extract(message, '$.at'), json_extract(message, '$.decided_by'),
        json_extract(message, '$.reason')
    FROM outbox WHERE outbox.run_id = runs.id AND outbox.kind = 'run.retracted'
);
"""

# By which rules the snapshot of a run was read (sordiff.model); those of before are 0.
_15_READING_RULES: Final = """
ALTER TABLE runs ADD COLUMN reading_rules INTEGER NOT NULL DEFAULT 0;
"""

# The rows of the last accepted table (sordiff.row_index), beside the subtrees of an XML file.
_18_ROW_INDEX: Final = """
CREATE TABLE row_index (
    run_id INTEGER PRIMARY KEY,
    rows BLOB NOT NULL
);
"""

# Which runs are the nights of a history, and which of them a sink has been asked to publish.
_19_HISTORIES: Final = """
ALTER TABLE runs ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox_marks ADD COLUMN demanded INTEGER NOT NULL DEFAULT 0;
"""

# How a list was read: by which rules, for it may be missing on the nights after an update; and
# whether it is but the codes in use, which is not known of lists from before.
_22_READING_OF_LISTS: Final = """
ALTER TABLE classifications ADD COLUMN reading_rules INTEGER NOT NULL DEFAULT 0;
ALTER TABLE classifications ADD COLUMN in_use_only INTEGER NOT NULL DEFAULT 0;
"""

# How many bytes each subtree had, in the order of the file, as msgpack.
_23_SUBTREE_SIZES: Final = """
ALTER TABLE subtree_index ADD COLUMN sizes BLOB;
"""

# How far each sink was read when all that it had was marked as published.
_20_SINK_READS: Final = """
ALTER TABLE sinks ADD COLUMN read_by TEXT;
ALTER TABLE sinks ADD COLUMN read_source TEXT;
ALTER TABLE sinks ADD COLUMN read_position TEXT;
ALTER TABLE sinks ADD COLUMN read_sequence INTEGER;
ALTER TABLE sinks ADD COLUMN read_row INTEGER;
"""

# The column says what the JSON says, and need not be taken out of it for each unit.
_21_PROVIDER_NUMBERS: Final = """
DROP INDEX units_by_provider_number;
CREATE INDEX units_by_provider_number ON units (provider_number) WHERE provider_number IS NOT NULL;
"""

MIGRATIONS: Final[tuple[str, ...]] = (
    CORE,
    HOLDING,
    SUBTREES,
    OUTBOX,
    STATE_CHANGES,
    LOOKING_BACK,
    FINDINGS,
    VIEWS,
    _9_BEYOND_EVENTS,
    SINKS,
    _11_COVERAGE,
    _12_CLAIMS,
    _13_IDENTITY,
    _14_WAY_BACK + RUNS_WITH_WAY_BACK,
    _15_READING_RULES,
    KEPT_LISTS,
    ADD_PLAIN_COLUMNS + PLAIN_VIEWS,
    _18_ROW_INDEX,
    _19_HISTORIES,
    _20_SINK_READS,
    _21_PROVIDER_NUMBERS,
    _22_READING_OF_LISTS,
    _23_SUBTREE_SIZES,
)
