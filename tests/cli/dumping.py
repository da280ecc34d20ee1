"""All that a changelog holds, read beside it, and the chain of nights that the durability tests record."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.making.growing import random_register
from tests.making.nights import random_night
from tests.making.xml import write_snapshot

Dump = dict[str, list[str]]
# What differs between two recordings of the same night.
_CLOCK = {"recorded_at", "decided_at"}


def write_chain(folder: Path, *, units: int, nights: int) -> list[str]:
    """Files of so many nights, each with some thirty changes; their names in order."""
    rng = random.Random(8)
    register = random_register(rng, units=units)
    names = []
    for number in range(nights):
        names.append(f"night-{number}.xml")
        (folder / names[-1]).write_bytes(write_snapshot(register))
        register = random_night(rng, register, days=1, intensity=60)
    return names


def dump(database: Path) -> Dump:
    """Every row of every table, but for the clock. It reads a copy: the changelog itself stays as it was left.

    That the database is whole and its sequences gapless is judged along the way.
    """
    if not database.exists():
        return {}
    with tempfile.TemporaryDirectory() as aside:
        copy = Path(aside) / database.name
        for end in ("", "-wal"):
            if (whole := database.with_name(database.name + end)).exists():
                shutil.copy(whole, f"{copy}{end}")
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            found = {name: _rows(connection, name) for (name,) in tables}
            if "events" in found:
                query = 'SELECT sequence FROM events ORDER BY run_id, "order"'
                sequences = [sequence for (sequence,) in connection.execute(query)]
                assert sequences == [*range(1, len(sequences) + 1)]
            return found if found.get("runs") else {}


def _rows(connection: sqlite3.Connection, table: str) -> list[str]:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    kept = ", ".join(f'"{column}"' for column in columns if column not in _CLOCK)
    return sorted(repr(row) for row in connection.execute(f"SELECT {kept} FROM {table}"))  # noqa: S608
