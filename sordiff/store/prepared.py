"""Rows that another process has prepared, as small databases of SQLite.

To copy them takes less time than to take each value out of its object and to bind it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Final

# The name under which a database of prepared rows is attached.
PREPARED: Final = "prepared"


def prepare_rows(make: str, fill: Callable[[sqlite3.Connection], object]) -> bytes:
    """A database as bytes: what `make` makes, with what `fill` writes into it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as aside:
        aside.executescript(f"PRAGMA page_size = 16384;{make}")
        aside.execute("BEGIN")
        fill(aside)
        aside.execute("COMMIT")
        return aside.serialize()


def attach_each(connection: sqlite3.Connection, parts: Iterable[bytes]) -> Iterator[None]:
    """Attach one database after the other, each in place of the last, as PREPARED."""
    # It can't be detached before the transaction ends, and is there again for the next rows.
    if PREPARED not in {name for _, name, _ in connection.execute("PRAGMA database_list")}:
        connection.execute(f"ATTACH ':memory:' AS {PREPARED}")
    for content in parts:
        connection.deserialize(content, name=PREPARED)
        yield
    # To give its memory back.
    connection.deserialize(prepare_rows("CREATE TABLE empty (row)", lambda _: None), name=PREPARED)
