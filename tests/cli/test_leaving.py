"""How a process leaves: whatever libraries want done at the end is done, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.practice import MONDAY, night, practice

SORDIFF = str(Path(sys.executable).with_name("sordiff"))
# What a library does at the end, and what a thread still does when the command is done.
AT_THE_END = """
import atexit, sys, threading, time
from pathlib import Path
from sordiff.cli.process import run_process

def work():
    time.sleep(0.3)
    Path("worked").touch()

atexit.register(Path("ended").touch)
if sys.argv.pop(1) == "beside":
    threading.Thread(target=work).start()
run_process()
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=folder, check=False, capture_output=True, text=True)


@pytest.mark.parametrize("command", [(SORDIFF,), (sys.executable, "-m", "sordiff")])
def test_all_that_is_said_arrives(tmp_path: Path, command: tuple[str, ...]) -> None:
    night(tmp_path, MONDAY, practice())
    snapshot = next(path.name for path in tmp_path.iterdir())
    assert run(tmp_path, *command, "ingest", snapshot).returncode == 0
    done = run(tmp_path, *command, "report", "--format", "html")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip().endswith("</html>")


def test_a_failure_keeps_its_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, SORDIFF, "status")
    assert done.returncode == 2
    assert "sordiff.db" in done.stderr


def test_what_is_wanted_at_the_end_is_done(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-c", AT_THE_END, "alone", "--help")
    assert done.returncode == 0
    assert (tmp_path / "ended").exists()


def test_a_thread_is_waited_for(tmp_path: Path) -> None:
    done = run(tmp_path, sys.executable, "-c", AT_THE_END, "beside", "--help")
    assert done.returncode == 0
    assert (tmp_path / "worked").exists()
    assert (tmp_path / "ended").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [SORDIFF, "config"], cwd=tmp_path, check=False, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr
