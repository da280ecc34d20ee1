"""What lies beside SOREntity.csv in Sor_complete.zip is part of what a night says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.calling import called, events, good, rows
from tests.making.numbers import valid_sor_id
from tests.making.tables import BOM, write_complete
from tests.tables.rows import CLINIC, NEW, NUMBER, OLD, WARD, hospital, sor2

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "SorId;ReplacedBySorId;FromDate\r\n"
REPLACED = f"{HEADER}{WARD};{CLINIC};2020-01-01\r\n"
OTHER = f"{HEADER}{WARD};{valid_sor_id(5)};2020-01-01\r\n"
CODES = f"EanLocationCode;SystemTypeId\r\n{NUMBER};162\r\n"
ROWS = [*hospital(), *(sor2(n, "OE", f"Afsnit {n}", 2) for n in range(5, 50))]


def put(folder: Path, name: str, replaced: str = REPLACED, **beside: str) -> None:
    tables = {key: BOM + text.encode() for key, text in beside.items()}
    content = write_complete(ROWS, SORReplacedEntities=BOM + replaced.encode(), **tables)
    (folder / name).write_bytes(content)


def test_other_tables_beside_the_same_units_are_other_content(tmp_path: Path) -> None:
    put(tmp_path, "first", LocationsCodes=CODES)
    put(tmp_path, "second", OTHER, LocationsCodes=CODES)
    put(tmp_path, "third", LocationsCodes=CODES.replace("162", "163"))
    good(tmp_path, "ingest", f"first@{NEW}")
    for name in ("second", "third"):
        other = called(tmp_path, "ingest", f"{name}@{NEW}")
        assert (other.exit, "other bytes" in other.stderr) == (5, True), other
    again = good(tmp_path, "ingest", f"first@{NEW}")
    assert "already recorded" in again
    good(tmp_path, "ingest", f"second@{NEW}", "--correct", "1", "--reason", "forkert tabel")
    assert [each["data"]["after"] for each in events(tmp_path)] == [[valid_sor_id(5)]]


def test_what_says_nothing_of_a_unit_makes_no_other_content(tmp_path: Path) -> None:
    put(tmp_path, "first", SORClassifications="Id;Name\r\n1;a\r\n2;b\r\n")
    put(tmp_path, "second", Geolocations="SorId;X\r\n1;2\r\n")
    good(tmp_path, "ingest", f"first@{NEW}")
    assert "already recorded" in good(tmp_path, "ingest", f"second@{NEW}")


def test_a_held_night_gives_way_to_its_mended_tables(tmp_path: Path) -> None:
    """The units are delivered once more with the table that was empty."""
    pairs = "".join(f"{valid_sor_id(n)};{valid_sor_id(n + 1)};\r\n" for n in range(5, 40))
    put(tmp_path, "old", HEADER + pairs)
    put(tmp_path, "empty", HEADER)
    good(tmp_path, "ingest", f"old@{OLD}")
    assert called(tmp_path, "ingest", f"empty@{NEW}").exit == 3
    good(tmp_path, "ingest", f"old@{NEW}")
    assert events(tmp_path) == []
    assert rows(tmp_path, "SELECT state FROM runs") == [
        ("accepted",),
        ("superseded",),
        ("accepted",),
    ]


def test_a_night_with_other_tables_is_kept_and_made_anew(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text('[archive]\ndir = "archive"\n')
    put(tmp_path, "first")
    put(tmp_path, "second", OTHER)
    good(tmp_path, "ingest", f"first@{OLD}")
    good(tmp_path, "ingest", f"first@{NEW}")
    good(tmp_path, "ingest", f"second@{NEW}", "--correct", "2", "--reason", "forkert tabel")
    good(tmp_path, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    names = "SELECT sha256 FROM snapshots ORDER BY id"
    assert rows(tmp_path, names, "new.db") == rows(tmp_path, names)
    assert "is sound" in good(tmp_path, "verify", "--db", "new.db")


def test_a_history_is_known_by_its_tables_too(tmp_path: Path) -> None:
    put(tmp_path, "first")
    span = ("--history", f"{OLD}..{NEW}")
    good(tmp_path, "ingest", "first", *span)
    assert good(tmp_path, "ingest", "first", *span).count("already recorded") == 2
    put(tmp_path, "first", OTHER)
    assert called(tmp_path, "ingest", "first", *span).exit == 5


def test_what_is_odd_in_the_file_of_a_history_is_said_once(tmp_path: Path) -> None:
    put(tmp_path, "first", "A;B\r\n1;2\r\n")
    of_history = called(tmp_path, "ingest", "first", "--history", f"{OLD}..{NEW}")
    assert of_history.exit == 0
    assert "Run 2 " in of_history.stdout
    assert of_history.stderr.count("SORReplacedEntities.csv is not read") == 1
