"""The coverage that is recorded with each run: as it would be counted anew, and never that of a held night."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sordiff.coverage.counts import count_coverage
from sordiff.snapshot import read_snapshot
from sordiff.store.coverage import SqliteCoverages
from tests.cli.calling import called, events, good
from tests.coverage.nights import ELEMENTS, done_to, full_unit, nights, register
from tests.making.xml import write_snapshot


def _recorded(folder: Path, run: int) -> object:
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection:
        return SqliteCoverages(connection).read(run)


def _write(folder: Path, day: str, content: bytes) -> Path:
    file = folder / f"{day}.xml"
    file.write_bytes(content)
    return file


def test_each_run_has_what_its_snapshot_has(tmp_path: Path) -> None:
    one, two, three = (register(f"2024-05-0{day}") for day in (2, 3, 4))
    two.units[0].children[3].shak = None
    two.units[0].children[5].cvr = None
    two.units[0].children[7].contact = None
    del three.units[0].children[10:14]
    three.units[0].children.append(
        full_unit(90, "institution", full_unit(91, "organizational_unit"))
    )
    for night, options in ((one, ()), (two, ()), (three, ("--accept", "--reason", "so it is"))):
        file = _write(tmp_path, night.snapshot_date, write_snapshot(night))
        good(tmp_path, "ingest", *options, file)
    for run, day in enumerate(("2024-05-02", "2024-05-03", "2024-05-04"), start=1):
        units = read_snapshot(tmp_path / f"{day}.xml").units.values()
        assert _recorded(tmp_path, run) == count_coverage(units)


def test_a_rebaseline_has_it_too(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    good(tmp_path, "ingest", old)
    good(tmp_path, "ingest", "--rebaseline", "--reason", "a conversion", new)
    assert _recorded(tmp_path, 2) == count_coverage(read_snapshot(new).units.values())


def test_a_held_night_is_never_the_reference(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    good(tmp_path, "ingest", old)
    assert called(tmp_path, "ingest", new).exit == 3
    assert _recorded(tmp_path, 2) == count_coverage(read_snapshot(new).units.values())
    tonight = done_to(write_snapshot(register("2024-05-04")), ("ShakIdentifier",), "gone")
    again = called(tmp_path, "ingest", _write(tmp_path, "2024-05-04", tonight))
    assert again.exit == 3
    assert (
        "59 units carried shak on 2024-05-02, and 0 of them still do" in again.stderr + again.stdout
    )
    # The healed night goes on as if nothing had been: 25 of 59 are too few for a loss.
    healed = register("2024-05-05")
    for unit in healed.units[0].children[:25]:
        unit.shak = None
    good(tmp_path, "ingest", _write(tmp_path, "2024-05-05", write_snapshot(healed)))
    assert len(events(tmp_path)) == 25


def test_a_released_night_is(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    good(tmp_path, "ingest", old)
    assert called(tmp_path, "ingest", new).exit == 3
    good(tmp_path, "release", "2", "--reason", "SHAK has ended")
    tonight = done_to(write_snapshot(register("2024-05-04")), ("ShakIdentifier",), "gone")
    good(tmp_path, "ingest", _write(tmp_path, "2024-05-04", tonight))


@pytest.mark.parametrize("way", ["gone", "renamed"])
def test_a_changelog_from_before_counts_once(tmp_path: Path, way: str) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone" if way == "gone" else "renamed")
    good(tmp_path, "ingest", old)
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection, connection:
        connection.execute("DELETE FROM coverage")
    assert called(tmp_path, "ingest", new).exit == 3
    assert _recorded(tmp_path, 2) == count_coverage(read_snapshot(new).units.values())


def test_a_held_night_is_judged_anew_once_the_field_is_mapped(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "renamed")
    good(tmp_path, "ingest", old)
    assert called(tmp_path, "ingest", new).exit == 3
    assert called(tmp_path, "ingest", new).exit == 3
    (tmp_path / "sordiff.toml").write_text('[fields]\nshak = ["NewShakIdentifier"]\n')
    good(tmp_path, "ingest", new)
    assert events(tmp_path) == []
    assert [line.split()[1] for line in good(tmp_path, "runs").splitlines()[-3:]] != []
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection:
        rows = connection.execute("SELECT state FROM runs ORDER BY id").fetchall()
    assert rows == [("accepted",), ("superseded",), ("accepted",)]


def test_a_field_that_is_known_to_end_is_only_warned_of(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    good(tmp_path, "ingest", old)
    (tmp_path / "sordiff.toml").write_text('[anomalies.coverage]\nending = ["shak"]\n')
    done = called(tmp_path, "ingest", new)
    assert done.exit == 0
    assert "carried shak" in done.stderr + done.stdout
    assert len(events(tmp_path, "--type", "unit.shak_changed")) == 59


def test_a_wrong_name_in_the_rules_is_refused(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone")
    (tmp_path / "sordiff.toml").write_text('[anomalies.coverage]\nending = ["shack"]\n')
    done = called(tmp_path, "diff", old, new)
    assert (done.exit, "there is no field shack" in done.stderr) == (2, True)
