"""A new changelog is what the migrations make, step by step, but for its name and the clock."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sordiff.store.database import open_to_write
from sordiff.store.migrations import MIGRATIONS
from sordiff.store.newest_schema import generate_newest_schema

if TYPE_CHECKING:
    from pathlib import Path


def migrated(path: Path) -> Path:
    """As it would be if each version of sordiff had been run in turn."""
    with closing(sqlite3.connect(path)) as connection:
        for script in MIGRATIONS:
            connection.executescript(script)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    return path


def new(path: Path) -> Path:
    with open_to_write(path):
        return path


def statements(path: Path) -> set[str]:
    """By which its tables, indexes and views were made; SQLite's releases differ in quotes and blanks."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT coalesce(sql, name) FROM sqlite_master").fetchall()
    return {"".join(sql.replace('"', "").split()) for (sql,) in found}


def rows(path: Path) -> dict[str, list[object]]:
    """What the tables hold from the beginning: no more than the changelog's name, told here without it."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        found = {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608  # its own names
            for (table,) in tables.fetchall()
        }
    found["changelogs"] = [(role, end) for _, role, _, end in found["changelogs"]]
    return found


def pragmas(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        names = ("application_id", "user_version")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]


def test_a_new_changelog_is_what_all_the_migrations_make(tmp_path: Path) -> None:
    first, second = migrated(tmp_path / "migrated.db"), new(tmp_path / "new.db")
    assert statements(second) == statements(first), "run `make schemas` and read the difference"
    assert rows(second) == rows(first)
    assert pragmas(second) == pragmas(first)


def test_what_is_generated_from_the_migrations_gives_the_same_tables(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "generated.db")) as connection:
        connection.executescript(generate_newest_schema())
    assert statements(tmp_path / "generated.db") == statements(migrated(tmp_path / "migrated.db"))


def test_each_new_changelog_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = set()
    for number in range(3):
        with closing(sqlite3.connect(new(tmp_path / f"{number}.db"))) as connection:
            names |= {*connection.execute("SELECT changelog_id, role FROM changelogs")}
    assert len(names) == 3
    assert {role for _, role in names} == {"own"}
