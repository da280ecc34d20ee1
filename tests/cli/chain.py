"""A chain of nights of some 300 units, recorded undisturbed: what the changelog holds after each run."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.cli.workplace import Workplace
from tests.making.nights import random_night, random_register

if TYPE_CHECKING:
    from pathlib import Path

NIGHTS = 4
# What differs between two changelogs of the same nights: clock, people, and the name.
_OWN = {
    "changelog_id",
    "since",
    "recorded_at",
    "decided_at",
    "decided_by",
    "at",
    "notice",
    "sent_at",
}

Contents = dict[str, list[tuple[Any, ...]]]


@dataclass
class Chain:
    """after[k]: what the changelog holds when k runs are recorded; {} before the first."""

    place: Workplace
    names: list[str] = field(default_factory=list)
    after: list[Contents] = field(default_factory=list)


def recorded_chain(folder: Path) -> Chain:
    """Write the nights, and record them undisturbed, one by one."""
    chain = Chain(Workplace(folder))
    rng = random.Random(15)
    register = random_register(rng, units=300)
    for number in range(NIGHTS):
        chain.names.append(chain.place.put(register, f"night{number}"))
        register = random_night(rng, register, days=1, intensity=60)
    chain.after.append({})
    for name in chain.names:
        chain.place.ingest(name, "--db", "one-by-one.db")
        chain.after.append(stored(folder / "one-by-one.db"))
    assert len(chain.after[-1]["events"]) > 100
    return chain


def stored(database: Path) -> Contents:
    """Every row but the clock's, of a sound changelog; {} of one in which nothing is recorded yet."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        found: Contents = {}
        for (table,) in sorted(tables.fetchall()):
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            wanted = ", ".join(f'"{row[1]}"' for row in columns if row[1] not in _OWN)
            rows = connection.execute(f"SELECT {wanted} FROM {table}").fetchall()  # noqa: S608  # its own names
            found[table] = sorted(rows, key=repr)
    return found if found.get("runs") else {}


def stored_in_a_copy(database: Path, folder: Path) -> Contents:
    """The same, looked at in a copy, so that the product alone mends what a kill has left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for path in database.parent.glob(f"{database.name}*"):
        if not path.name.endswith((".lock", "-shm")):
            shutil.copy(path, folder / path.name)
    copy = folder / database.name
    return stored(copy) if copy.exists() else {}
