"""Runs and events written straight into a changelog, where there must be many of them and nothing else counts."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.store.database import open_copy

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = date(2020, 1, 1)


@contextmanager
def empty_changelog() -> Iterator[sqlite3.Connection]:
    with open_copy(Path("/nowhere/at/all.db")) as connection:
        yield connection


def add_run(
    connection: sqlite3.Connection,
    run_id: int,
    *,
    day: date,
    kind: str = "night",
    state: str = "accepted",
    exceptional: bool = False,
    counts: dict[str, int] | None = None,
) -> None:
    snapshot = {
        "id": run_id,
        "sha256": f"{run_id:064}",
        "snapshot_date": day.isoformat(),
        "created_at": f"{day}T01:00:00+01:00",
        "instant": f"{day}T00:00:00.0000000",
        "version": "2.0.0",
        "size": 1000,
        "units": 10,
        "other": "{}",
        "file": "Sor.zip",
    }
    run = {
        "id": run_id,
        "kind": kind,
        "state": state,
        "snapshot_id": run_id,
        "source": "urn:sordiff:sor",
        "nights": 0 if kind == "reissue" else 1,
        "event_count": 0,
        "digest": "",
        "warnings": "[]",
        "recorded_at": f"{day}T02:00:00+00:00",
        "exceptional": exceptional,
    }
    for table, row in (("snapshots", snapshot), ("runs", run)):
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608  # our own names
            list(row.values()),
        )
    connection.executemany(
        "INSERT INTO run_counts (run_id, name, count) VALUES (?, ?, ?)",
        [(run_id, name, count) for name, count in (counts or {}).items()],
    )


def night(number: int) -> date:
    return FIRST + timedelta(days=number)
