"""Two writers of one changelog, whatever path each was given: the second leaves with 6, or its night is compared anew."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, rows
from tests.cli.dumping import dump, write_chain
from tests.cli.forked import fork_sordiff
from tests.cli.running import sordiff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# Says when the night is judged and before it is recorded, and waits there for the word.
PAUSED = """
import sys
from sordiff.cli import main
from sordiff.service.ingest import ingest

def judge_and_wait(*given):
    judged = judge_snapshot(*given)
    print("judged", flush=True)
    sys.stdin.readline()
    return judged

judge_snapshot, ingest.judge_snapshot = ingest.judge_snapshot, judge_and_wait
main()
"""
WITHOUT_LOCKS = """
import fcntl, os, sys
from sordiff.cli import main
code = int(sys.argv.pop(1))

def refuse(*_):
    raise OSError(code, os.strerror(code))

fcntl.flock = refuse
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four nights, of which two are recorded; a second folder names the changelog by links."""
    nights = write_chain(tmp_path, units=60, nights=4)
    assert called(tmp_path, "ingest", *nights[:2]).exit == 0
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "other.db").symlink_to(tmp_path / "sordiff.db")
    return tmp_path


@contextlib.contextmanager
def paused(folder: Path, *words: str) -> Iterator[Callable[[], tuple[int, str]]]:
    """An ingest that has judged its night and not recorded it yet.

    Called, it goes on to its end: its exit code, and what it wrote to stderr.
    """
    hears, told = os.pipe()
    heard, says = os.pipe()
    with (
        os.fdopen(heard, "rb") as said,
        os.fdopen(told, "wb") as word,
        tempfile.TemporaryFile() as errors,
        fork_sordiff(
            "ingest",
            *words,
            folder=folder,
            environment=os.environ,
            stdin=hears,
            stdout=says,
            stderr=errors,
            code=PAUSED,
        ) as first,
    ):
        os.close(hears)
        os.close(says)

        def go_on() -> tuple[int, str]:
            word.write(b"go\n")
            word.flush()
            code = first.wait(60)
            errors.seek(0)
            return code, errors.read().decode()

        assert said.readline() == b"judged\n"
        yield go_on


@pytest.mark.parametrize("name", ["linked/other.db", "linked/../sordiff.db"])
def test_the_lock_belongs_to_the_file_and_not_to_its_name(folder: Path, name: str) -> None:
    with paused(folder, "night-2.xml") as go_on:
        second = sordiff(folder, "ingest", "night-3.xml", "--db", name, forked=True)
        assert (second.exit, "Another sordiff" in second.stderr) == (6, True)
        code, errors = go_on()
        assert code == 0, errors
    assert [path.name for path in (folder / "linked").iterdir()] == ["other.db"]
    assert called(folder, "ingest", "night-3.xml", "--db", name).exit == 0
    assert rows(folder, "SELECT compared_with FROM runs") == [(None,), (1,), (2,), (3,)]


@pytest.mark.parametrize("night", ["night-3.xml", "night-2.xml"], ids=["another", "the same"])
def test_a_lock_file_that_was_removed_lets_no_wrong_night_in(folder: Path, night: str) -> None:
    with paused(folder, "night-2.xml") as go_on:
        (folder / "sordiff.db.writer.lock").unlink()
        assert sordiff(folder, "ingest", night, forked=True).exit == 0
        recorded = dump(folder / "sordiff.db")
        code, errors = go_on()
    assert code == 6, errors
    assert "nothing was recorded" in errors
    assert dump(folder / "sordiff.db") == recorded
    assert rows(folder, "SELECT compared_with FROM runs") == [(None,), (1,), (2,)]


def test_a_lock_on_a_file_that_is_gone_is_none(folder: Path) -> None:
    """The lock file is removed between its opening and its lock: a new one is made and locked."""
    watch = """
import fcntl, os, sys
from sordiff.cli import main
flock, path = fcntl.flock, sys.argv.pop(1)

def remove_first(*given):
    fcntl.flock = flock
    os.unlink(path)
    flock(*given)

fcntl.flock = remove_first
main()
"""
    lock = folder / "sordiff.db.writer.lock"
    words = (lock, "ingest", "night-2.xml")
    assert sordiff(folder, *words, forked=True, script=watch).exit == 0
    assert lock.exists()


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EIO])
def test_a_share_without_locks(folder: Path, code: int) -> None:
    before = dump(folder / "sordiff.db")
    words = (str(code), "ingest", "night-2.xml")
    ran = sordiff(folder, *words, forked=True, script=WITHOUT_LOCKS)
    assert ran.exit == 2
    assert ran.stderr.startswith("sordiff: error: The lock file ")
    assert ran.stderr.count("\n") == 1
    assert "on a disk of this machine" in ran.stderr
    assert dump(folder / "sordiff.db") == before
