"""A changelog that says something in two ways is found, whatever was changed in it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, good
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
# What is changed, and what is said of it.
CHANGES = {
    "data": (
        (
            "UPDATE events SET data = replace(data, '\"order\":4', '\"order\":5')"
            ' WHERE run_id = 2 AND "order" = 4'
        ),
        "Run 2: its events are not those of its digest",
    ),
    "id": (
        "UPDATE events SET id = 'another' WHERE run_id = 2 AND \"order\" = 3",
        "Run 2: the id another of its event 3 is not the one that follows",
    ),
    "subject": (
        "UPDATE events SET subject = '1' || subject WHERE run_id = 3 AND \"order\" = 1",
        "Run 3: the id",
    ),
    "created": (
        "UPDATE snapshots SET created_at = '2024-03-05T01:00:00+01:00' WHERE id = 2",
        "Run 2: the id",
    ),
    "gap": (
        (
            "UPDATE events SET sequence = sequence + 100 WHERE run_id = 3; UPDATE runs SET"
            " first_sequence = first_sequence + 100, last_sequence = last_sequence + 100 WHERE id = 3"
        ),
        "Run 3: its first sequence is 114, and 14 is next",
    ),
    "sequence": (
        (
            "UPDATE events SET sequence = 1000 WHERE sequence = 20;"
            " UPDATE runs SET last_sequence = 1000 WHERE id = 3"
        ),
        "Run 3: its event 7 has the sequence 1000",
    ),
    "event gone": (
        'DELETE FROM events WHERE run_id = 2 AND "order" = 13;',
        "Run 2: it has 12 events, and says 13",
    ),
    "unit": (
        (
            "UPDATE units SET record = json_set(record, '$.name', 'En anden') WHERE sor_id ="
            " (SELECT subject FROM events WHERE run_id = 3 AND type = 'unit.renamed' LIMIT 1)"
        ),
        "Run 3: its events do not lead to what the state has of",
    ),
    "unit gone": (
        (
            "DELETE FROM units WHERE sor_id ="
            " (SELECT subject FROM events WHERE run_id = 3 AND type = 'unit.closed' LIMIT 1)"
        ),
        "Run 3: the state after it has 65 units, and it says 66",
    ),
    "open units": (
        "UPDATE runs SET open_units = open_units + 1 WHERE id = 3",
        "Run 3: the state after it has 63 open units, and it says",
    ),
    "text": (
        (
            "UPDATE classification_entries SET text = 'en anden' WHERE list || '/' || code ="
            " (SELECT subject FROM events WHERE type = 'classification.text_changed' LIMIT 1)"
        ),
        "Run 3: its events do not lead to what the state has of",
    ),
    "column of a unit": (
        (
            "UPDATE units SET provider_number = '1' WHERE sor_id ="
            " (SELECT min(sor_id) FROM units WHERE provider_number IS NULL)"
        ),
        "Run 3: the columns of unit ",
    ),
    "text of an event": (
        "UPDATE event_texts SET after = 'noget andet' WHERE run_id = 2 AND \"order\" = 2",
        "Run 2: the texts of its event 2 are not what the event says",
    ),
    "no texts of an event": (
        'DELETE FROM event_texts WHERE run_id = 3 AND "order" = 7',
        "Run 3: the texts of its event 7 are not what the event says",
    ),
    "text of a run": (
        "UPDATE runs SET alert_texts = 'mange' WHERE id = 2",
        "Run 2: the texts of its warnings or alerts are not what they say",
    ),
    "outbox": (
        "DELETE FROM outbox WHERE run_id = 2 AND kind = 'run'",
        "Run 2: the outbox has it 0 times for kafka, and not 1",
    ),
    "hidden": (
        "UPDATE runs SET publish = 0 WHERE id = 3",
        "Run 3: the outbox has its run, and it is published otherwise",
    ),
    "order": (
        (
            "INSERT INTO sinks (sink, since) VALUES ('kafka', '2024'); INSERT INTO outbox_marks"
            " (sink, outbox_id, published_at) SELECT 'kafka', id, '2024' FROM outbox"
            " WHERE run_id = 3 AND kind = 'run'"
        ),
        "Run 2: it waits for kafka, though run 3 after it is published there",
    ),
}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    good(folder, "ingest", *DEMO)
    return folder / "sordiff.db"


def test_a_sound_changelog(recorded: Path) -> None:
    said = good(recorded.parent, "verify")
    assert said == "sordiff.db is sound: 3 runs, 46 events, 66 units; the last sequence is 46.\n"
    assert "er i orden" in good(recorded.parent, "verify", "--lang", "da")


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_found(recorded: Path, tmp_path: Path, what: str) -> None:
    shutil.copy(recorded, tmp_path / "sordiff.db")
    change, expected = CHANGES[what]
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection:
        assert connection.executescript(change)
        assert connection.total_changes
        connection.commit()
    done = called(tmp_path, "verify")
    assert done.exit == 2
    assert any(line.startswith(expected) for line in done.stdout.splitlines()), done
    assert "contradicts itself" in done.stderr
    danish = called(tmp_path, "verify", "--lang", "da").stdout
    assert danish.startswith("Kørsel ")
    assert expected.partition(": ")[2] not in danish


def test_a_damaged_file_is_found(recorded: Path, tmp_path: Path) -> None:
    database = tmp_path / "sordiff.db"
    content = bytearray(recorded.read_bytes())
    content[8192 * 20 : 8192 * 21] = bytes(8192)
    database.write_bytes(content)
    done = called(tmp_path, "verify")
    assert done.exit == 2
    assert "is damaged" in done.stderr


def test_where_there_is_none(tmp_path: Path) -> None:
    assert called(tmp_path, "verify").exit == 2
    assert list(tmp_path.iterdir()) == []
