"""Runs that were held, rejected or superseded: what a snapshot with the same content meets.

What other commands will decide is put there by hand: the run of another changelog, in that state.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from .calling import called, dump, events, good, rows, said
from .practice import CLINIC, MONDAY, OWNER, THURSDAY, TUESDAY, clinic, doctor, night, practice

if TYPE_CHECKING:
    from pathlib import Path

RENAMED = ("unit.renamed", OWNER)


def _planted(folder: Path, state: str) -> str:
    """A baseline, and a run 2 in this state that left the register's state as it was; the file of run 2."""
    file = night(folder, TUESDAY, practice(name="Lægerne A/S"))
    good(folder, "ingest", night(folder, MONDAY))
    shutil.copy(folder / "sordiff.db", folder / "other.db")
    good(folder, "ingest", file, "--db", "other.db")
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute(
            "ATTACH 'file:other.db' AS other".replace("other.db", f"{folder}/other.db")
        )
        connection.execute("INSERT INTO snapshots SELECT * FROM other.snapshots WHERE id = 2")
        connection.execute("INSERT INTO runs SELECT * FROM other.runs WHERE id = 2")
        connection.execute(
            'INSERT INTO events SELECT run_id, "order", NULL, id, type, subject, data'
            " FROM other.events"
        )
        connection.execute(
            "UPDATE runs SET state = ?, decided_by = 'inger', reason = 'en fejl i udtrækket',"
            " first_sequence = NULL, last_sequence = NULL WHERE id = 2",
            [state],
        )
    return file


def test_equal_to_a_rejected_one_is_refused_with_who_and_why(tmp_path: Path) -> None:
    file = _planted(tmp_path, "rejected")
    before = dump(tmp_path)
    done = called(tmp_path, "ingest", file)
    assert done.exit == 5
    assert "inger" in done.stderr
    assert "en fejl i udtrækket" in done.stderr
    assert "--accept" in done.stderr
    assert called(tmp_path, "ingest", file, "--dry-run").exit == 5
    assert dump(tmp_path) == before


def test_equal_to_a_rejected_one_is_taken_with_accept(tmp_path: Path) -> None:
    file = _planted(tmp_path, "rejected")
    good(tmp_path, "ingest", file, "--accept", "--reason", "den var god nok")
    assert rows(tmp_path, "SELECT state, compared_with, reason FROM runs WHERE id > 1") == [
        ("rejected", 1, "en fejl i udtrækket"),
        ("accepted", 1, "den var god nok"),
    ]
    assert [event["sequence"] for event in events(tmp_path)] == ["1".zfill(20)]
    assert "already recorded" in good(tmp_path, "ingest", file)


def test_equal_to_a_superseded_one_is_judged_anew(tmp_path: Path) -> None:
    file = _planted(tmp_path, "superseded")
    good(tmp_path, "ingest", file)
    assert rows(tmp_path, "SELECT id, state FROM runs WHERE id > 1") == [
        (2, "superseded"),
        (3, "accepted"),
    ]
    assert said(events(tmp_path)) == [RENAMED]


def test_equal_to_the_held_one_is_held(tmp_path: Path) -> None:
    file = _planted(tmp_path, "held")
    before = dump(tmp_path)
    assert called(tmp_path, "ingest", file).exit == 3
    assert dump(tmp_path) == before


@pytest.mark.parametrize("state", ["held", "rejected", "superseded"])
def test_what_was_not_accepted_is_not_compared_with(tmp_path: Path, state: str) -> None:
    _planted(tmp_path, state)
    later = night(tmp_path, THURSDAY, practice(clinic(doctor(), name="Nyt navn")))
    good(tmp_path, "ingest", later)
    assert rows(tmp_path, "SELECT compared_with, nights FROM runs WHERE id = 3") == [(1, 3)]
    (event,) = events(tmp_path)
    assert said([event]) == [("unit.renamed", CLINIC)]
    assert int(event["sequence"]) == 1
    # A run that was not accepted is shown where it is named.
    (planted,) = events(tmp_path, "--run", "2")
    assert said([planted]) == [RENAMED]
    assert "sequence" not in planted
