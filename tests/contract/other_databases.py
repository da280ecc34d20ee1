"""Changelogs as DuckDB sees them, and a changelog with much in it."""

from __future__ import annotations

import importlib.util
import random
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tests.cli.calling import called, good
from tests.making.nights import random_night, random_register
from tests.making.xml import write_data_types, write_snapshot, write_zip

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each view, with columns that name its rows.
ORDERS = {
    "v_runs": "run",
    "v_units": "sor_id",
    "v_location_numbers": "number, unit_id, since_run",
    "v_changes": "sequence",
}


def random_changelog(folder: Path, *, accept: bool = False, export: str = "") -> Path:
    """Some nights of a random register, of which some are held unless each is accepted.

    With `export`, what stands after each night is exported to then-1, then-2 …, in that format.
    """
    rng = random.Random(21)
    register = random_register(rng, units=60)
    for night in range(4):
        lists = None if register.lists is None else write_data_types(register.lists)
        path = write_zip(folder / f"{night}.zip", write_snapshot(register), lists)
        how = ("--accept", "--reason", "x") if accept else ()
        assert called(folder, "ingest", path, *how).exit in {0, 3}
        if export:
            good(folder, "export", f"then-{night + 1}", "--format", export)
        register = random_night(rng, register, intensity=40)
    return folder / "sordiff.db"


@contextmanager
def duckdb_over(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the changelog attached, as docs/sqlite.md says; its extension comes from a wheel, not from the net."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"LOAD '{_sqlite_extension()}'")
        connection.execute(f"ATTACH '{database}' AS sordiff (TYPE sqlite, READ_ONLY)")
        connection.execute("USE sordiff")
        yield connection


def _sqlite_extension() -> Path:
    found = importlib.util.find_spec("duckdb_extension_sqlite_scanner")
    assert found is not None
    assert found.origin is not None
    (extension,) = Path(found.origin).parent.glob("extensions/*/*.duckdb_extension")
    return extension


def read_view(database: Path, view: str) -> list[tuple[Any, ...]]:
    """All rows of a view by SQLite, in their order."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(f"SELECT * FROM {view} ORDER BY {ORDERS[view]}").fetchall()  # noqa: S608  # ours
