"""What a call has recorded is published also beside another publisher, by either of them; real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.calling import called, good
from tests.cli.product import environment
from tests.scenarios.telling import ROOT

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
HOLDING = '[publish]\nto = ["ndjson:out"]\n[alarms.counts]\n"unit.created" = { count = 0 }\n'
# Says when it has taken the lock, and waits there for the word.
BUSY = """
import sys
from sordiff.cli import main
from sordiff.service.publish import publish

def note_and_wait(*given):
    print("busy", flush=True)
    sys.stdin.readline()
    note_attempt(*given)

note_attempt, publish._note_attempt = publish._note_attempt, note_and_wait
main()
"""
# Says when it has found the other at work; and does not wait for it ten seconds, as a user would.
IMPATIENT = """
import sys
from sordiff.cli import main
from sordiff.service.publish import publish_recorded

def ask(*given):
    print("waiting", file=sys.stderr, flush=True)
    return has_waiting(*given)

has_waiting, publish_recorded.has_waiting = publish_recorded.has_waiting, ask
publish_recorded._PAUSES = int(sys.argv.pop(1))
main()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One night that is published, and one that is held."""
    (tmp_path / "sordiff.toml").write_text(HOLDING)
    good(tmp_path, "ingest", DEMO[0])
    good(tmp_path, "publish")
    assert called(tmp_path, "ingest", DEMO[1]).exit == 3
    return tmp_path


@contextmanager
def begun(folder: Path, code: str, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def busy(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another publisher, which goes on when its stdin is closed."""
    with begun(folder, BUSY, "publish") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "busy\n"
        yield other


def let_go(other: subprocess.Popen[str]) -> None:
    _, said = other.communicate(timeout=60)
    assert (other.returncode, said) == (0, "")


def kinds(folder: Path) -> list[str]:
    names = sorted(path.name for path in (folder / "out").glob("[!.]*.ndjson"))
    return [name.partition("-run-")[2].removesuffix(".ndjson") for name in names]


def test_what_the_other_has_sent_meanwhile_is_published(folder: Path) -> None:
    with (
        busy(folder) as other,
        begun(folder, IMPATIENT, "40", "release", "2", "--reason", "announced") as released,
    ):
        assert released.stderr is not None
        assert released.stderr.readline() == "waiting\n"
        let_go(other)
        told, said = released.communicate(timeout=60)
    assert (released.returncode, said.replace("waiting\n", "")) == (0, "")
    assert told.startswith("Run 2 is released")
    assert kinds(folder) == ["1", "2.run.held", "2.run.released", "2"]


@pytest.mark.parametrize(
    ("words", "told", "last"),
    [
        (("release", "2", "--reason", "announced"), "Run 2 is released", "2"),
        (("retract", "1", "--reason", "a wrong file"), "Run 1 is retracted", "1.run.retracted"),
        (("run", DEMO[2], "--accept", "--reason", "announced"), "2024-03-06", "3"),
    ],
    ids=["release", "retract", "run"],
)
def test_where_the_other_is_at_work_for_long_it_is_said_that_all_is_recorded(
    folder: Path, words: tuple[str | Path, ...], told: str, last: str
) -> None:
    with busy(folder) as other:
        with begun(folder, IMPATIENT, "2", *words) as call:
            out, err = call.communicate(timeout=60)
        assert call.returncode == 4
        assert err.endswith(
            f"waiting\nwaiting\nsordiff: error: The folder {folder / 'out'} is in use: another sordiff is still"
            " publishing there. All is recorded. What that one leaves is published by the next `sordiff publish`.\n"
        )
        assert told in out
        assert kinds(folder) == ["1"]
        let_go(other)
    assert last in kinds(folder)


def test_publish_itself_says_that_another_is_at_work(folder: Path) -> None:
    with busy(folder) as other:
        assert called(folder, "publish").exit == 6
        let_go(other)
