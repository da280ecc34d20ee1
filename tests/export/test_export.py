"""What an export holds is what the views show, in every format, read by those who will read it; and a day is what was exported on that day."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pytest

from sordiff.exported_tables import TABLES, ColumnType, ExportedTable
from tests.cli.calling import called, good, rows
from tests.cli.practice import MONDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY, night, practice, second
from tests.contract.other_databases import ORDERS, random_changelog, read_view
from tests.contract.sqlite_document import documented_columns
from tests.full_disk import no_file_larger_than
from tests.making.plain import Element
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.trees import owner

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

FORMATS: Final = ("parquet", "ndjson", "csv")
_DUCKDB: Final = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.JSON: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DAY: "DATE",
    ColumnType.TIME: "TIMESTAMP WITH TIME ZONE",
}
_TYPED: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.TEXT: str,
    ColumnType.JSON: str,
    ColumnType.INTEGER: int,
    ColumnType.BOOLEAN: bool,
    ColumnType.DAY: date.fromisoformat,
    ColumnType.TIME: datetime.fromisoformat,
}


@pytest.fixture(scope="module")
def changelog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A changelog of random nights, and its export in each format beside it."""
    folder = tmp_path_factory.mktemp("random")
    database = random_changelog(folder)
    for chosen in FORMATS:
        good(folder, "export", chosen, "--format", chosen)
    return database


def _described(folder: Path) -> dict[str, dict[str, str]]:
    """Column -> type of each table, as export.json says."""
    description = json.loads((folder / "export.json").read_bytes())
    return {file["table"]: file["columns"] for file in description["files"]}


def _as_viewed(database: Path, table: ExportedTable) -> list[tuple[Any, ...]]:
    """The rows of the view, each value of the type of its column."""
    kinds = table.columns.values()
    return [
        tuple(
            None if value is None else _TYPED[kind](value)
            for value, kind in zip(row, kinds, strict=True)
        )
        for row in read_view(database, f"v_{table.name}")
    ]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_columns_are_those_of_the_view_and_each_is_documented(
    changelog: Path, table: ExportedTable
) -> None:
    assert list(table.columns) == list(documented_columns()[f"v_{table.name}"])
    assert ", ".join(table.key) == ORDERS[f"v_{table.name}"]
    assert all(
        _described(changelog.parent / chosen)[table.name] == table.columns for chosen in FORMATS
    )


@pytest.mark.parametrize("chosen", FORMATS)
def test_duckdb_reads_what_the_views_show(changelog: Path, chosen: str) -> None:
    described = _described(changelog.parent / chosen)
    with closing(duckdb.connect()) as connection:
        for table in TABLES:
            types = {
                name: _DUCKDB[ColumnType(kind)] for name, kind in described[table.name].items()
            }
            found = connection.sql(
                _from(changelog.parent / chosen / f"{table.name}.{chosen}", types)
            )
            assert [str(kind) for kind in found.types] == list(types.values())
            # DuckDB gives a time to Python with pytz alone; so as microseconds.
            micros = [name for name, kind in types.items() if kind == _DUCKDB[ColumnType.TIME]]
            for name in micros:
                found = found.select(f"* REPLACE (make_timestamp(epoch_us({name})) AS {name})")
            assert found.fetchall() == [
                tuple(v.replace(tzinfo=None) if isinstance(v, datetime) else v for v in row)
                for row in _as_viewed(changelog, table)
            ]


def _from(file: Path, types: dict[str, str]) -> str:
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in types.items()) + "}"
    match file.suffix:
        case ".parquet":
            return f"FROM '{file}'"
        case ".ndjson":
            return f"FROM read_json('{file}', columns = {columns})"
    return f"FROM read_csv('{file}', header = true, columns = {columns})"


@pytest.mark.parametrize("chosen", FORMATS)
def test_polars_reads_what_the_views_show(changelog: Path, chosen: str) -> None:
    described = _described(changelog.parent / chosen)
    for table in TABLES:
        kinds = {name: ColumnType(kind) for name, kind in described[table.name].items()}
        frame = _read_by_polars(changelog.parent / chosen / f"{table.name}.{chosen}", kinds)
        assert frame.rows() == _as_viewed(changelog, table)


def _read_by_polars(file: Path, kinds: dict[str, ColumnType]) -> pl.DataFrame:
    """Each column of its type; days and times are read as text first, where the file has text."""
    import polars as pl  # late, for it is heavy, and each worker collects all tests

    if file.suffix == ".parquet":
        return pl.read_parquet(file)
    others = {ColumnType.INTEGER: pl.Int64, ColumnType.BOOLEAN: pl.Boolean}
    texts: dict[str, Any] = {name: others.get(kind, pl.String) for name, kind in kinds.items()}
    read = pl.read_csv if file.suffix == ".csv" else pl.read_ndjson
    return read(file, schema=texts).with_columns(
        *(pl.col(name).str.to_date() for name, kind in kinds.items() if kind is ColumnType.DAY),
        *(
            pl.col(name).str.to_datetime(time_zone="UTC", time_unit="us")
            for name, kind in kinds.items()
            if kind is ColumnType.TIME
        ),
    )


def test_a_day_is_what_was_exported_on_that_day(tmp_path: Path) -> None:
    database, days = random_changelog(tmp_path, accept=True, export="csv"), []
    with closing(sqlite3.connect(database)) as connection:
        days = [day for (day,) in connection.execute("SELECT day FROM v_runs ORDER BY run")]
    assert len(set(days)) > 2
    for run, day in enumerate(days, start=1):
        then, now = tmp_path / f"then-{run}", tmp_path / f"now-{run}"
        good(tmp_path, "export", now, "--format", "csv", "--as-of", day)
        for file in sorted(then.iterdir()):
            assert (now / file.name).read_bytes() == file.read_bytes(), (run, file.name)


def test_what_is_unknown_stands_in_one_order(tmp_path: Path) -> None:
    first = [Element("urn:x", "Zulu", "1"), Element("urn:x", "Alfa", "2")]
    nights = {MONDAY: first, TUESDAY: first[:1], WEDNESDAY: [*first, Element("urn:x", "Kilo", "3")]}
    for day, unknown in nights.items():
        good(tmp_path, "ingest", night(tmp_path, day, practice(unknown=[*unknown])))
        good(tmp_path, "export", f"then-{day}", "--format", "ndjson")
    for day in nights:
        good(tmp_path, "export", f"now-{day}", "--format", "ndjson", "--as-of", day)
        then, now = (tmp_path / f"{when}-{day}" / "units.ndjson" for when in ("then", "now"))
        assert now.read_bytes() == then.read_bytes(), day


def test_a_folder_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    (tmp_path / "out").mkdir()
    for there in ("out", "sordiff.db"):
        done = called(tmp_path, "export", there, "--format", "csv")
        assert done.exit == 2
        assert f"file or folder {there} already" in done.stderr
    assert not list((tmp_path / "out").iterdir())
    nowhere = called(tmp_path, "export", "no/where", "--format", "csv")
    assert (nowhere.exit, "could not be written" in nowhere.stderr) == (2, True)


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    # The texts of a run are no time: as in a changelog into which somebody wrote.
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection, connection:
        connection.execute("UPDATE runs SET recorded_at = 'sent'")
    assert called(tmp_path, "export", "out").exit == 2
    assert not [*tmp_path.glob("out"), *tmp_path.glob(".out*")]
    monkeypatch.setattr("sordiff.table_files.parquet.find_spec", lambda _: None)
    done = called(tmp_path, "export", "out")
    assert (done.exit, "sordiff[export]" in done.stderr) == (2, True)
    assert not [*tmp_path.glob("out"), *tmp_path.glob(".out*")]


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY), night(tmp_path, TUESDAY, practice(name="Ny")))
    assert good(tmp_path, "export", "out", "--format", "csv") == (
        "out has the tables of 2024-03-05 (run 2): 3 units, 1 location number, 1 change, 2 runs.\n"
    )
    done = good(tmp_path, "export", "ud", "--format", "csv", "--as-of", MONDAY, "--lang", "da")
    assert done.startswith("ud indeholder tabellerne pr. 2024-03-04 (kørsel 1): 3 enheder")
    early = called(tmp_path, "export", "x", "--as-of", "2024-03-01")
    assert (early.exit, "begins with 2024-03-04" in early.stderr) == (2, True)


def test_what_awaits_a_decision_is_among_the_runs(tmp_path: Path) -> None:
    """A run that is held or rejected after the last accepted one is a row of the view."""
    many = [owner(9000 + n, f"Ejer {n}", codes.PRIVAT) for n in range(60)]
    nights = [(MONDAY, many), (TUESDAY, many), (WEDNESDAY, []), (THURSDAY, []), (SUNDAY, many)]
    for day, others in nights[:4]:
        taken = called(tmp_path, "ingest", night(tmp_path, day, practice(name=day), *others))
        assert taken.exit == (0 if others else 3)
    good(tmp_path, "export", "held", "--format", "csv")
    assert _days_and_states(tmp_path / "held") == _viewed_days_and_states(tmp_path)
    # By an accepted night later on, the day is as it was, but for what was decided since.
    good(tmp_path, "ingest", night(tmp_path, SUNDAY, practice(name=SUNDAY), *many))
    for day, runs in ((TUESDAY, 2), (WEDNESDAY, 3), (THURSDAY, 4), (SUNDAY, 5)):
        good(tmp_path, "export", day, "--format", "csv", "--as-of", day)
        assert _days_and_states(tmp_path / day) == _viewed_days_and_states(tmp_path)[:runs]


def _days_and_states(folder: Path) -> list[tuple[str, str]]:
    with (folder / "runs.csv").open(encoding="utf-8", newline="") as file:
        return [(row["day"], row["state"]) for row in csv.DictReader(file)]


def _viewed_days_and_states(folder: Path) -> list[tuple[str, str]]:
    return rows(folder, "SELECT day, state FROM v_runs ORDER BY run")


def test_a_full_folder_for_temporary_files_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY), night(tmp_path, TUESDAY, practice(name="Ny")))
    (tmp_path / "small").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "small"))
    with no_file_larger_than(64 * 1024):
        done = called(tmp_path, "export", "out", "--as-of", MONDAY, "--format", "csv")
    assert (done.exit, done.stdout) == (2, "")
    assert str(tmp_path / "small") in done.stderr
    assert "TMPDIR" in done.stderr
    assert not [*tmp_path.glob("out"), *tmp_path.glob(".out*"), *tmp_path.glob("small/*")]


@pytest.mark.parametrize("form", FORMATS)
def test_a_full_disk_is_said_in_the_words_of_the_system(tmp_path: Path, form: str) -> None:
    # More than SQLite needs beside the changelog, and not to be compressed.
    one, two = (random.Random(seed).randbytes(30_000).hex() for seed in range(2))
    good(tmp_path, "ingest", night(tmp_path, MONDAY, practice(name=one), second(name=two)))
    with no_file_larger_than(36 * 1024):
        done = called(tmp_path, "export", "out", "--format", form, "--lang", "da")
    assert (done.exit, done.stdout) == (2, "")
    assert "Eksporten out kunne ikke skrives: filen er for stor. " in done.stderr
    assert not [*tmp_path.glob("out"), *tmp_path.glob(".out*")]
