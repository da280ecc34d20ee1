"""What SQLite alone needs for the rows of a run: `python -m benchmarks.rows_alone AFTER MADE [BEFORE]`.

Takes the rows that AFTER has and BEFORE has not into memory, and prints the seconds of a core in which they are written into a copy of
BEFORE, with its indexes, in one transaction, with the log emptied. Without BEFORE into an empty changelog, whose indexes are
made afterwards, as a first night does.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

# What references another comes behind it. All else has a few rows.
_TABLES = (
    "snapshots",
    "runs",
    "events",
    "event_texts",
    "units",
    "known_units",
    "location_number_owners",
    "state_changes",
)
_PAGE_SIZE = 8192


def main() -> None:
    """Measure and print."""
    after, made, *before = (Path(word) for word in sys.argv[1:])
    for left in made.parent.glob(f"{made.name}*"):
        left.unlink()
    if before:
        shutil.copyfile(before[0], made)
    else:
        _make_empty(after, made)
    # Else the first commit would wait for the copy, too.
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS after", [str(after)])
        rows = {table: _read_new_rows(connection, table) for table in _TABLES}
        connection.execute("DETACH after")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        begun = time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        indexes = _drop_indexes(connection) if not before else []
        for table, found in rows.items():
            _insert(connection, table, found)
        for index in indexes:
            connection.execute(index)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(time.process_time() - begun)


def _make_empty(after: Path, made: Path) -> None:
    with closing(sqlite3.connect(after)) as source, closing(sqlite3.connect(made)) as target:
        target.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        query = "SELECT sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql > '' ORDER BY rowid"
        for (statement,) in source.execute(query).fetchall():
            target.execute(statement)
        target.commit()


def _list_columns(connection: sqlite3.Connection, table: str) -> str:
    """Those that are kept; what is worked out is none of them."""
    return ", ".join(
        f'"{row[1]}"' for row in connection.execute(f"PRAGMA main.table_info({table})")
    )


def _read_new_rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    """In the order of the first column, as a night writes them."""
    columns = _list_columns(connection, table)
    query = f"SELECT {columns} FROM after.{table} EXCEPT SELECT {columns} FROM main.{table} ORDER BY 1, 2"  # noqa: S608  # ours
    return connection.execute(query).fetchall()


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'units' AND sql > ''"
    found = connection.execute(query).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [statement for _, statement in found]


def _insert(connection: sqlite3.Connection, table: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        columns, holes = _list_columns(connection, table), ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({holes})", rows)  # noqa: S608  # ours


if __name__ == "__main__":
    main()
