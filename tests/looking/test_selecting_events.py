"""Every way to select events finds what it must, and looks at no event that it need not."""

from __future__ import annotations

import sqlite3
from itertools import product
from typing import Any

import pytest

from sordiff.changelog.records import EventQuery
from sordiff.store.events import SqliteEvents
from tests.looking.rows import add_run, empty_changelog, night

TYPES = ("unit.renamed", "unit.closed", "unit.moved")
SUBJECTS = ("1", "2", "3")
HELD, NONE = 3, 5
Row = tuple[int, int, int | None, str, str]


def rows() -> list[Row]:
    """(run, order, sequence, type, subject) of five runs; the third is held, the fifth has no events."""
    made: list[Row] = []
    sequence = 0
    for run in range(1, NONE):
        for order, (name, subject) in enumerate(product(TYPES, SUBJECTS), start=1):
            if (run + order) % 4:
                sequence += run != HELD
                place = sequence if run != HELD else None
                made.append((run, order, place, name, subject))
    return made


def fill(connection: sqlite3.Connection) -> None:
    for run in range(1, NONE + 1):
        add_run(connection, run, day=night(run), state="held" if run == HELD else "accepted")
    connection.executemany(
        'INSERT INTO events (run_id, "order", sequence, id, type, subject, data)'
        " VALUES (?, ?, ?, ?, ?, ?, '{}')",
        [
            (run, order, sequence, f"{run}.{order}", name, subject)
            for run, order, sequence, name, subject in rows()
        ],
    )
    connection.execute(
        "UPDATE runs SET first_sequence = (SELECT min(sequence) FROM events WHERE run_id = runs.id),"
        " last_sequence = (SELECT max(sequence) FROM events WHERE run_id = runs.id)"
    )


def expected(wanted: EventQuery) -> list[str]:
    found = [
        f"{run}.{order}"
        for run, order, sequence, name, subject in rows()
        if (run == wanted.run if wanted.run else sequence is not None)
        and (sequence is None or sequence > wanted.since)
        and wanted.event_type in {None, name}
        and wanted.subject in {None, subject}
    ]
    return found[: wanted.limit]


QUERIES = [
    EventQuery(since=since, run=run, event_type=event_type, subject=subject, limit=limit)
    for since, run, event_type, subject, limit in product(
        (0, 9, 99), (None, 2, HELD, NONE), (None, "unit.closed", "unit.x"), (None, "2", "x"), (None, 1)
    )
]  # fmt: skip


def test_every_selection_finds_what_it_must() -> None:
    with empty_changelog() as connection:
        fill(connection)
        for wanted in QUERIES:
            found = [event.id for event in SqliteEvents(connection).select(wanted)]
            assert found == expected(wanted), wanted


class Watched:
    """A connection that also asks for the plan of what it executes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.plan: list[str] = []

    def execute(self, query: str, parameters: Any = ()) -> Any:
        steps = self.connection.execute(f"EXPLAIN QUERY PLAN {query}", parameters)
        self.plan += [step[3] for step in steps]
        return self.connection.execute(query, parameters)


@pytest.mark.parametrize("wanted", QUERIES, ids=repr)
def test_no_selection_reads_or_sorts_what_it_need_not(wanted: EventQuery) -> None:
    with empty_changelog() as connection:
        fill(connection)
        watched = Watched(connection)
        selecting = SqliteEvents(watched)  # type: ignore[arg-type]  # it only executes
        list(selecting.select(wanted))
    assert watched.plan
    few = wanted.run in {HELD, NONE} and wanted.subject is not None
    for step in watched.plan:
        assert step.startswith("SEARCH") or (few and "ORDER BY" in step), watched.plan
    [events] = [step for step in watched.plan if step.startswith("SEARCH events")]
    if wanted.subject:
        assert "subject=?" in events
    elif wanted.event_type:
        assert "type=?" in events
    elif wanted.run is not None:
        assert "run_id=?" in events or "sequence<?" in events
