"""CSV files in the archive: kept byte for byte, and a changelog made anew of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sordiff.archive import Archive
from sordiff.errors import ArchiveFailed
from sordiff.model import Day
from sordiff.service.archive.keep import keep_snapshot
from sordiff.snapshot import ReadOptions, read_snapshot
from tests.archive.year import tables
from tests.cli.calling import called, good, rows
from tests.making.tables import BOM, write_complete, write_old, write_sor2
from tests.scenarios.telling import ROOT
from tests.tables.rows import hospital, old, sor2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
# Whatever is renamed is too much.
SETTINGS = '[archive]\ndir = "archive"\n[alarms.counts]\n"unit.renamed" = 0\n'


def daily(name: str, **cells: str) -> bytes:
    return write_sor2([*hospital(**cells), sor2(5, "OE", name, 2, ToDate="2026-03-06")])


def complete(name: str, **cells: str) -> bytes:
    beside = {
        "SORReplacedEntities": BOM + b"SorId;ReplacedBySorId;FromDate\r\n",
        "SORClassifications": BOM + f"Id;Name\r\n1;region\r\n3;{name}\r\n".encode(),
        "Geolocations": BOM + b"SorId;X;Y\r\n1;2;3\r\n",
    }
    rows = [*hospital(**cells), sor2(5, "OE", name, 2)]
    return write_complete(rows, **beside)


def danish(name: str, street: str = "Testgade") -> bytes:
    above = old(1, "IE", "Region Prøve", Enhedstype="region")
    return write_old([above, old(2, "SI", name, 1, Enhedstype=street)])


WRITERS: dict[str, Callable[..., bytes]] = {
    "sor2-daily": daily,
    "sor2-complete": complete,
    "sor-csv": danish,
}


@pytest.fixture(params=WRITERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def demand_same_rebuilt(folder: Path, *, but: str = "") -> None:
    """A changelog made anew holds the same, table by table."""
    good(folder, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    before, after = tables(folder / "sordiff.db"), tables(folder / "new.db")
    for name in before.keys() - {but}:
        assert after[name] == before[name], name


def test_a_changelog_of_tables_is_made_anew(tmp_path: Path, kind: str) -> None:
    (tmp_path / "sordiff.toml").write_text(SETTINGS)
    write = WRITERS[kind]
    nights = {
        "2026-03-02": write("Navn"),
        "2026-03-03": write("Navn"),  # the same bytes on another day
        "2026-03-05": write("Andet navn"),
        "2026-03-06": write("Tredje navn"),
        "2026-03-07": write("Andet navn", street="Nygade"),
    }
    for number, (day, content) in enumerate(nights.items(), start=1):
        (tmp_path / f"{number}.csv").write_bytes(content)
        done = called(tmp_path, "ingest", f"{number}.csv@{day}")
        if day in {"2026-03-05", "2026-03-06"}:
            assert done.exit == 3, done
            word = "release" if day == "2026-03-05" else "reject"
            good(tmp_path, word, str(number), "--reason", f"grund {day}")
        else:
            assert done.exit == 0, done
    (tmp_path / "6.csv").write_bytes(write("Fjerde navn", street="Nygade"))
    good(tmp_path, "ingest", "6.csv@2026-03-07", "--correct", "5", "--reason", "forkert")
    demand_same_rebuilt(tmp_path)
    assert good(tmp_path, "events") == good(tmp_path, "events", "--db", "new.db") != ""
    ((sha256,),) = rows(tmp_path, "SELECT sha256 FROM snapshots WHERE id = 2")
    good(tmp_path, "archive", "get", sha256, "-o", "back")  # as runs show it
    assert "is sound" in good(tmp_path, "verify", "--db", "new.db")
    archive = Archive.open(tmp_path / "archive")
    assert [(night.day, night.table) for night in archive.list_nights()] == [
        (day, kind) for day in [*nights, "2026-03-07"]
    ]
    assert archive.verify().faults == ()


def test_an_archive_holds_extracts_and_tables(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text('[archive]\ndir = "archive"\ncache = "cache"\n')
    for path in DEMO[:2]:
        good(tmp_path, "ingest", path)
    words = ("--rebaseline", "--reason", "kun CSV herefter")
    for day in range(7, 10):
        (tmp_path / "f.csv").write_bytes(daily(f"Navn {day}"))
        good(tmp_path, "ingest", f"f.csv@2026-03-{day:02d}", *(words if day == 7 else ()))
    demand_same_rebuilt(tmp_path)
    lean = [night.leans_on is None for night in Archive.open(tmp_path / "archive").list_nights()]
    assert lean == [True, False, True, False, False]


@pytest.mark.parametrize("name", ["sor2-daily", "sor-csv"])
def test_a_table_comes_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    content = WRITERS[name]("Prøve")
    (tmp_path / "f.csv").write_bytes(content)
    added = good(tmp_path, "archive", "add", "--archive", "archive", "f.csv@2026-03-02")
    assert "2026-03-02" in added
    good(tmp_path, "archive", "get", "2026-03-02", "--archive", "archive", "-o", "back")
    assert (tmp_path / "back").read_bytes() == content
    assert called(tmp_path, "archive", "add", "--archive", "archive", "f.csv").exit == 5


def test_what_came_with_a_table_comes_back_beside_it(tmp_path: Path) -> None:
    (tmp_path / "f.zip").write_bytes(complete("Navn"))
    good(tmp_path, "archive", "add", "--archive", "archive", "f.zip@2026-03-02")
    done = called(tmp_path, "archive", "get", "2026-03-02", "--archive", "archive", "-o", "back")
    assert (done.exit, "--beside DIR" in done.stderr) == (0, True)
    words = ("--archive", "archive", "-o", "back", "--beside", "tables")
    good(tmp_path, "archive", "get", "2026-03-02", *words)
    found = {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()}
    assert found.keys() == {
        "SORReplacedEntities.csv",
        "SORClassifications.csv",
        "Geolocations.csv",
    }
    assert found["Geolocations.csv"] == BOM + b"SorId;X;Y\r\n1;2;3\r\n"
    (listed,) = good(
        tmp_path, "archive", "list", "--archive", "archive", "--format", "json"
    ).splitlines()
    assert (json.loads(listed)["table"], len(json.loads(listed)["beside"])) == ("sor2-complete", 3)


def test_the_nights_of_a_history_are_kept_in_one_file(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text('[archive]\ndir = "archive"\n')
    moved = [row | {"FromDate": "2020-01-10", "EntityName": "Nyt navn"} for row in hospital()[3:]]
    (tmp_path / "f").write_bytes(write_sor2([*hospital(), *moved]))
    good(tmp_path, "ingest", "f", "--history", "2020-01-08..2020-01-12")
    archive = Archive.open(tmp_path / "archive")
    assert [night.day for night in archive.list_nights()] == [f"2020-01-{n:02d}" for n in range(8, 13)]  # fmt: skip
    assert len({night.file for night in archive.list_nights()}) == 1
    good(tmp_path, "publish", "--history", "--to", "ndjson:out")
    # Which rows the next night need not read again is no record: a pass over years keeps none.
    demand_same_rebuilt(tmp_path, but="row_index")
    assert rows(tmp_path, "SELECT count(*) FROM events", "new.db") == [(1,)]
    # What is there is known again when something waits, and nothing is sent twice.
    (tmp_path / "f").write_bytes(write_sor2([*hospital(), *moved, sor2(5, "OE", "Nyt afsnit", 2)]))
    good(tmp_path, "ingest", "f@2020-01-13", "--db", "new.db")
    said = good(tmp_path, "publish", "--to", "ndjson:out", "--db", "new.db")
    assert (said.count("had arrived before"), len(said.splitlines())) == (5, 6)


def test_a_table_that_was_written_to_meanwhile_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(daily("Navn"))
    header = read_snapshot(path, ReadOptions(snapshot_date=Day("2026-03-02"))).header
    path.write_bytes(daily("Andet navn"))
    archive = Archive.open(tmp_path / "archive")
    with pytest.raises(ArchiveFailed, match="written to meanwhile"):
        keep_snapshot(archive, path, header, at="2026-03-02T06:00:00+00:00")
    assert archive.list_nights() == []
