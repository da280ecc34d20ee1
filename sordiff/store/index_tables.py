"""The tables of an index in memory, and what is asked of them."""

from typing import Final

from sordiff.store.shared_values import HASHED

SCHEMA: Final = """
CREATE TABLE placed (
    rank INTEGER PRIMARY KEY, sor_id TEXT, sort_key TEXT NOT NULL, parent_id TEXT,
    is_open INTEGER NOT NULL, has_number INTEGER NOT NULL, inherits INTEGER NOT NULL,
    first_from TEXT, name INTEGER, house INTEGER, phone INTEGER, email INTEGER, cvr INTEGER,
    below INTEGER NOT NULL DEFAULT 0, open_below INTEGER NOT NULL DEFAULT 0
);
CREATE VIRTUAL TABLE texts USING fts5 (
    name, numbers, address, content='', columnsize=0, prefix='1 2 3', tokenize='ascii'
);
"""
LOOK_UPS: Final = """
CREATE UNIQUE INDEX placed_by_id ON placed (sor_id);
CREATE INDEX placed_by_parent ON placed (parent_id, rank) WHERE parent_id IS NOT NULL;
CREATE INDEX owners ON placed (below DESC, rank) WHERE parent_id IS NULL AND sor_id IS NOT NULL;
CREATE INDEX placed_in_order ON placed (is_open DESC, sort_key, rank);
INSERT INTO texts (texts) VALUES ('optimize');
""" + "".join(
    f"CREATE INDEX placed_by_{column} ON placed ({column}) WHERE {column} IS NOT NULL;"
    for column in HASHED
)
PLACE: Final = (
    "INSERT INTO placed (rank, sor_id, sort_key, parent_id, is_open, has_number, inherits,"
    " first_from, name, house, phone, email, cvr) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
WRITE: Final = "INSERT INTO texts (rowid, name, numbers, address) VALUES (?, ?, ?, ?)"
# All units of a register, before they have their ranks.
_COLUMNS: Final = (
    "sor_id, sort_key, parent_id, is_open, has_number, inherits, first_from, name, house, phone,"
    " email, cvr"
)
UNSORTED: Final = (
    f"CREATE TABLE unsorted.units ({_COLUMNS}, words, numbers, address,"
    " PRIMARY KEY (is_open DESC, sort_key, sor_id)) WITHOUT ROWID"
)
COLLECT: Final = "INSERT INTO unsorted.units VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_RANK: Final = (
    "row_number() OVER (ORDER BY is_open DESC, sort_key, sor_id) * :step + iif(is_open, 0, :closed)"
)
PLACE_ALL: Final = (
    f"INSERT INTO placed (rank, {_COLUMNS}) SELECT {_RANK}, {_COLUMNS} FROM unsorted.units"  # noqa: S608  # ours
)
WRITE_ALL: Final = (
    f"INSERT INTO texts (rowid, name, numbers, address) SELECT {_RANK}, words, numbers, address"  # noqa: S608  # ours
    " FROM unsorted.units"
)
COUNT_BELOW: Final = """
WITH RECURSIVE above (id, is_open, level) AS (
    SELECT parent_id, is_open, 0 FROM placed WHERE parent_id IS NOT NULL
    UNION ALL
    SELECT parent_id, above.is_open, level + 1 FROM above JOIN placed ON sor_id = id
    WHERE parent_id IS NOT NULL AND level < 100
)
UPDATE placed SET below = counted.below, open_below = counted.open_below
FROM (SELECT id, count(*) AS below, sum(is_open) AS open_below FROM above GROUP BY id) AS counted
WHERE sor_id = counted.id
"""
# What is dead leaves the tree, and keeps its place in the order.
BURY: Final = (
    "UPDATE placed SET sor_id = NULL, parent_id = NULL, first_from = NULL, name = NULL,"
    " house = NULL, phone = NULL, email = NULL, cvr = NULL WHERE rank = ?"
)
HEIRS: Final = """
WITH RECURSIVE reached (id) AS (
    SELECT sor_id FROM placed WHERE parent_id = :id AND NOT has_number
    UNION ALL
    SELECT sor_id FROM reached JOIN placed ON parent_id = id AND NOT has_number
)
SELECT sor_id FROM reached JOIN placed ON sor_id = id WHERE inherits AND is_open ORDER BY rank
"""
COUNT_ABOVE: Final = """
WITH RECURSIVE above (id, level) AS (
    SELECT :id, 0 UNION ALL
    SELECT parent_id, level + 1 FROM above JOIN placed ON sor_id = id
    WHERE parent_id IS NOT NULL AND level < 100
)
UPDATE placed SET below = below + :below, open_below = open_below + :open
WHERE sor_id IN (SELECT id FROM above)
"""
