"""Fetching that is killed at any moment: the next call goes on, and in the end there is one whole file."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.cli.calling import called, good
from tests.cli.product import COMMAND, environment
from tests.fetch.fetching import MONDAY, TUESDAY, fetched_files
from tests.fetch.site import Site, serve, wait_for

SETTINGS = '[fetch]\nattempts = 1\nclosed = ""\n'
HALF = len(MONDAY) // 2


def _configure(folder: Path, settle: float = 0) -> None:
    (folder / "sordiff.toml").write_text(f"{SETTINGS}settle_seconds = {settle}\n")


def _begin(folder: Path, *arguments: str, settle: float = 0) -> subprocess.Popen[str]:
    _configure(folder, settle)
    return subprocess.Popen(
        [*COMMAND, "fetch", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _kill_when(process: subprocess.Popen[str], happens: Callable[[], bool]) -> None:
    with process:
        try:
            wait_for(happens)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == -signal.SIGKILL


def _end(folder: Path, site: Site) -> None:
    """Nobody kills it this time."""
    _configure(folder)
    path = good(folder, "fetch", "--url", site.url).strip()
    assert (folder / path).read_bytes() == MONDAY
    assert len(fetched_files(folder / "snapshots")) == 1


def _parts(folder: Path) -> list[Path]:
    return list((folder / "snapshots" / ".partial").glob("*.part"))


def test_killed_in_the_middle_of_the_file(tmp_path: Path) -> None:
    with serve(Site(MONDAY, date=datetime.now(timezone.utc), pause_after=HALF)) as site:

        def has_half() -> bool:
            return any(part.stat().st_size == HALF for part in _parts(tmp_path))

        _kill_when(_begin(tmp_path, "--url", site.url), has_half)
        site.pause_after = None
        _end(tmp_path, site)
    assert site.gets[-1].headers["Range"] == f"bytes={HALF}-"
    assert site.gets[-1].headers["If-Range"] == site.etag


def test_killed_before_the_second_look(tmp_path: Path) -> None:
    with serve(Site(MONDAY, date=datetime.now(timezone.utc))) as site:

        def is_complete() -> bool:
            notes = (tmp_path / "snapshots" / ".partial").glob("*.json")
            return any(json.loads(note.read_text())["is_complete"] for note in notes)

        _kill_when(_begin(tmp_path, "--url", site.url, settle=600), is_complete)
        _end(tmp_path, site)
    assert len(site.gets) == 1  # all of it was there


def test_killed_before_the_second_look_and_another_file_by_then(tmp_path: Path) -> None:
    with serve(Site(TUESDAY, date=datetime.now(timezone.utc))) as site:
        _kill_when(
            _begin(tmp_path, "--url", site.url, settle=600),
            lambda: any(part.stat().st_size == len(TUESDAY) for part in _parts(tmp_path)),
        )
        site.content, site.etag, site.last_modified = MONDAY, '"two"', None
        _configure(tmp_path)
        done = called(tmp_path, "fetch", "--url", site.url)
        assert done.exit == 8
        assert "the file changed while it was fetched" in done.stderr
        _end(tmp_path, site)


@pytest.mark.parametrize("moment", range(2, 6))
def test_killed_whenever(moment: int, tmp_path: Path) -> None:
    """Between any two of its writes: each stops the process as a kill would."""
    script = (
        "import os, sys, sordiff.fetch.folder as f, sordiff.fetch.partial as p\n"
        "left = [int(sys.argv.pop(1))]\n"
        "def counted(call):\n"
        "    def wrapper(*a, **k):\n"
        "        left[0] -= 1\n"
        "        if left[0] == 0: os.kill(os.getpid(), 9)\n"
        "        return call(*a, **k)\n"
        "    return wrapper\n"
        "import pathlib\n"
        "pathlib.Path.replace = counted(pathlib.Path.replace)\n"
        "pathlib.Path.unlink = counted(pathlib.Path.unlink)\n"
        "from sordiff.cli import main\n"
        "main()\n"
    )
    with serve(Site(MONDAY, date=datetime.now(timezone.utc))) as site:
        _configure(tmp_path)
        done = subprocess.run(
            [COMMAND[0], "-c", script, str(moment), "fetch", "--url", site.url],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
        _end(tmp_path, site)
