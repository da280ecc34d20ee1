"""DuckDB, which runs the SQL of the views itself, reads in them what SQLite reads."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.cli.calling import called

SCENARIOS = Path(__file__).parents[2] / "fixtures" / "scenarios"
VIEWS = ("v_runs", "v_units", "v_location_numbers", "v_changes")
# What is neither a text nor written as one in DuckDB.
FLAGS = {"is_current", "is_closed"}
NUMBERS = {
    "corrected_by",
    "compared_with",
    "corrects",
    "events",
    "first_sequence",
    "heirs",
    "last_sequence",
    "nights",
    "nights_missing",
    "open_units",
    "run",
    "sequence",
    "since_run",
    "units",
    "until_run",
}


def _attach(database: Path) -> duckdb.DuckDBPyConnection:
    """The changelog in DuckDB, with the extension that otherwise is fetched from its site."""
    folder = files("duckdb_extension_sqlite_scanner") / "extensions" / f"v{duckdb.__version__}"
    connection = duckdb.connect()
    connection.execute(f"LOAD '{folder / 'sqlite_scanner.duckdb_extension'}'")
    connection.execute(f"ATTACH '{database}' AS changelog (TYPE sqlite, READ_ONLY)")
    return connection


def _types(answer: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return {column[0]: str(column[1]) for column in answer.description or ()}


@pytest.mark.parametrize(
    "story",
    ["24-merged-and-split", "25-missing-nights", "28-shared-number", "31-rare-fields"],
)
def test_duckdb_reads_what_sqlite_reads(tmp_path: Path, story: str) -> None:
    nights = sorted(
        path for path in (SCENARIOS / story).iterdir() if path.suffix in {".zip", ".xml"}
    )
    assert called(tmp_path, "ingest", "--accept", "--reason", "so", *nights).exit == 0
    database = tmp_path / "sordiff.db"
    with closing(sqlite3.connect(database)) as lite, closing(_attach(database)) as duck:
        for view in VIEWS:
            rows: list[tuple[Any, ...]] = lite.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608  # ours
            answer = duck.execute(f"SELECT * FROM changelog.{view}")  # noqa: S608  # ours
            types = _types(answer)
            assert sorted(answer.fetchall(), key=repr) == sorted(
                map(_as_duckdb(types), rows), key=repr
            )
            assert {name for name, found in types.items() if found == "BIGINT"} <= NUMBERS
            assert {name for name, found in types.items() if found == "BOOLEAN"} <= FLAGS
            assert set(types.values()) <= {"BIGINT", "BOOLEAN", "VARCHAR"}


def _as_duckdb(types: dict[str, str]) -> Any:
    """SQLite has no booleans: 1 and 0 are compared as what DuckDB calls them."""
    flags = [found == "BOOLEAN" for found in types.values()]

    def convert(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(
            bool(value) if flag and value is not None else value
            for flag, value in zip(flags, row, strict=True)
        )

    return convert
