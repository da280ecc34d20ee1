"""What sordiff writes: nobody but its user and group may change it, whatever the umask, and a copy is no more open than what it is of."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, good

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = sorted((Path(__file__).parents[2] / "fixtures" / "demo").glob("*.zip"))
SETTINGS = """
[archive]
dir = "archive"
[publish]
to = ["ndjson:out"]
[notices]
metrics_file = "sordiff.prom"
"""
# For the exporter of Prometheus, which runs as another user: see docs/notices.md.
FOR_OTHERS = {"sordiff.prom"}


@pytest.fixture(params=[0o022, 0o027, 0o077, 0o000], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    try:
        yield request.param
    finally:
        os.umask(before)


def write_everything(folder: Path) -> None:
    """A call of each kind that leaves files."""
    (folder / "sordiff.toml").write_text(SETTINGS)
    assert called(folder, "run", *DEMO[:2]).exit == 0
    good(folder, "backup", "copy.db")
    good(folder, "rebuild", "--archive", "archive", "--db", "again.db")
    good(folder, "export", "tables")
    good(folder, "archive", "get", "2024-03-05", "-o", "night.xml")
    good(folder, "report", "--format", "html", "-o", "report.html")
    good(folder, "schemas", "export", "schemas")
    good(folder, "serve", "token", "add", "anna", "--role", "read")


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.stat().st_mode)
        for path in folder.rglob("*")
        if path.name != "sordiff.toml"
    }


def test_nothing_is_more_open_than_the_umask_says(tmp_path: Path, umask: int) -> None:
    write_everything(tmp_path)
    found = modes(tmp_path)
    assert len(found) > 20
    closed = umask | 0o002
    opened = {
        name: oct(mode) for name, mode in found.items() if mode & closed and name not in FOR_OTHERS
    }
    assert opened == {}
    assert not found["sordiff.prom"] & 0o022
    tokens = [mode for name, mode in found.items() if "token" in name and "lock" not in name]
    assert tokens == [0o600]
    # And it works: whoever may read by the umask can read all of a night.
    for name in ("sordiff.db", "archive/manifest.jsonl", "report.html", "out", "tables"):
        assert found[name] & 0o444 & ~umask == 0o444 & ~umask, name


def test_a_backup_is_as_private_as_its_changelog(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    (tmp_path / "sordiff.db").chmod(0o600)
    good(tmp_path, "backup", "copy.db")
    good(tmp_path, "ingest", DEMO[1])
    assert {
        name: oct(mode)
        for name, mode in modes(tmp_path).items()
        if mode & 0o077 and ".db" in name and "lock" not in name
    } == {}
