"""What SQLite alone needs for the units of a first night: `python -m benchmarks.rows_alone CHANGELOG MADE`.

Takes the rows of a changelog into memory, and prints the seconds in which they are written into the same table of a new
file, in the order of their ids, with its indexes made afterwards, one commit and the log emptied.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path


def main() -> None:
    """Measure and print."""
    source, made = (Path(word) for word in sys.argv[1:3])
    with closing(sqlite3.connect(source)) as connection:
        schema = "SELECT sql FROM sqlite_schema WHERE tbl_name = 'units' AND type = ? AND sql > ''"
        (table,) = connection.execute(schema, ["table"]).fetchone()
        indexes = [sql for (sql,) in connection.execute(schema, ["index"])]
        rows = connection.execute("SELECT * FROM units ORDER BY sor_id").fetchall()
    for left in made.parent.glob(f"{made.name}*"):
        left.unlink()
    with closing(sqlite3.connect(made, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(table)
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        holes = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO units VALUES ({holes})", rows)  # noqa: S608  # holes
        for index in indexes:
            connection.execute(index)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        print(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
