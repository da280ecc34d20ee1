"""Several snapshots at once are taken in the order of their nights, and not in that of a shell."""

from __future__ import annotations

import gzip
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.making.plain import PlainRegister
from tests.making.tables import sor2_rows, write_sor2
from tests.making.xml import write_data_types

from .calling import called, good, rows
from .practice import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, night, practice, types, xml

if TYPE_CHECKING:
    from pathlib import Path

_DAYS = (
    "SELECT snapshot_date FROM runs JOIN snapshots ON snapshots.id = snapshot_id ORDER BY runs.id"
)


@pytest.fixture(scope="module")
def shell_order(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the first night comes last by its name, each in another kind of file."""
    folder = tmp_path_factory.mktemp("nights")
    nights = [xml(day, practice(name=day)) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    (folder / "Sor_9-3.xml").write_bytes(nights[0])
    night(folder, TUESDAY, practice(name=TUESDAY), lists=[types()], name="Sor_10-3.zip")
    (folder / "Sor_11-3.xml.gz").write_bytes(gzip.compress(nights[2]))
    return folder


def _copy(folder: Path, to: Path) -> list[str]:
    shutil.copytree(folder, to, dirs_exist_ok=True)
    return sorted(path.name for path in to.iterdir())


@pytest.mark.parametrize("command", ["ingest", "run"])
def test_the_first_night_is_taken_first(tmp_path: Path, shell_order: Path, command: str) -> None:
    names = _copy(shell_order, tmp_path)
    assert names[-1] == "Sor_9-3.xml"
    good(tmp_path, command, *names)
    assert rows(tmp_path, _DAYS) == [(MONDAY,), (TUESDAY,), (WEDNESDAY,)]
    # The next call finds all of them known.
    good(tmp_path, command, *names)
    assert len(rows(tmp_path, _DAYS)) == 3


@pytest.mark.parametrize("command", ["ingest", "run"])
def test_as_given_they_are_refused_as_before(
    tmp_path: Path, shell_order: Path, command: str
) -> None:
    done = called(tmp_path, command, "--as-given", *_copy(shell_order, tmp_path))
    assert done.exit == 5
    assert "Sor_9-3.xml" in done.stderr
    assert rows(tmp_path, _DAYS) == [(TUESDAY,), (WEDNESDAY,)]


def test_a_reissue_comes_after_what_it_replaces(tmp_path: Path) -> None:
    later = night(tmp_path, MONDAY, practice(name="B"), at=f"{MONDAY}T01:30:00Z", name="a.xml")
    first = night(tmp_path, MONDAY, at=f"{MONDAY}T01:30:00+01:00", name="b.xml")
    good(tmp_path, "ingest", later, first)
    assert rows(tmp_path, "SELECT kind FROM runs ORDER BY id") == [("baseline",), ("reissue",)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.xml", b"<html><title>Request Rejected</title></html>", 5),
        ("empty.xml", b"", 5),
        ("cut.xml", xml(TUESDAY)[:200], 5),
        ("undated.xml", xml(TUESDAY).replace(b"SnapshotDate", b"Day"), 5),
        ("table.csv", b"SorId;SorType;EntityName\n", 5),
        ("away.xml", None, 2),
    ],
)
def test_nothing_is_recorded_past_a_file_without_a_day(
    tmp_path: Path, name: str, content: bytes | None, code: int
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = called(tmp_path, "ingest", night(tmp_path, MONDAY), name, night(tmp_path, WEDNESDAY))
    assert (done.exit, done.stdout) == (code, "")
    assert name in done.stderr
    assert not (tmp_path / "sordiff.db").exists()


def test_lists_among_the_snapshots_are_told_from_them(tmp_path: Path) -> None:
    """As a shell's Sor*.xml gives them."""
    (tmp_path / "SorDataTypes.xml").write_bytes(write_data_types([types()]))
    done = called(tmp_path, "ingest", "SorDataTypes.xml", night(tmp_path, MONDAY))
    assert (done.exit, done.stdout) == (5, "")
    assert "--data-types" in done.stderr
    good(tmp_path, "ingest", night(tmp_path, MONDAY), "--data-types", "SorDataTypes.xml")


def test_a_header_behind_the_units_is_found(tmp_path: Path) -> None:
    whole = xml(MONDAY)
    header = b"".join(
        re.findall(rb"<sor1:(?:CreatedAtTime|SnapshotDate)>.*?</[\w:]+>\s*", whole, re.S)
    )
    bare = re.sub(rb"<sor1:(?:CreatedAtTime|SnapshotDate)>.*?</[\w:]+>\s*", b"", whole, flags=re.S)
    assert header
    (tmp_path / "z.xml").write_bytes(bare.replace(b"</SorTree>", header + b"</SorTree>"))
    good(tmp_path, "ingest", night(tmp_path, TUESDAY), "z.xml")
    assert rows(tmp_path, _DAYS) == [(MONDAY,), (TUESDAY,)]


def test_the_day_beside_the_name_of_a_table_counts(tmp_path: Path) -> None:
    register = PlainRegister(
        created_at=f"{MONDAY}T00:00:00Z", snapshot_date=MONDAY, units=[practice()]
    )
    (tmp_path / "a.csv").write_bytes(write_sor2(sor2_rows(register)))
    good(tmp_path, "ingest", f"a.csv@{THURSDAY}", f"a.csv@{TUESDAY}")
    assert rows(tmp_path, _DAYS) == [(TUESDAY,), (THURSDAY,)]


def test_a_pipe_is_read_once_and_leaves_the_order(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    # The file given first is missing, so that the pipe, into which nobody writes, is not opened.
    done = called(tmp_path, "ingest", "away.xml", "pipe")
    assert done.exit == 2
    assert "pipe is a pipe" in done.stderr
    assert "away.xml" in done.stderr
