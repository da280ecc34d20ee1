"""When nobody can be told: stderr or stdout is closed, full, or a pipe without a reader. The exit code stays that of the command, and the steps of `run` go on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.notices.receivers import http_receiver, status

from .calling import called, good, rows
from .forked import call_forked
from .practice import MONDAY, THURSDAY, night, practice
from .running import command, sordiff

STDOUT, STDERR = 1, 2
HELD = '[alarms.counts]\n"unit.renamed" = 0\n'
FAULTY = """
import sordiff.service.ingest.ingest
def faulty(*arguments, **options): raise RuntimeError("planted")
sordiff.service.ingest.ingest.ingest_snapshots = faulty
"""


@contextmanager
def _full() -> Iterator[int]:
    full = os.open("/dev/full", os.O_WRONLY)
    yield full
    os.close(full)


@contextmanager
def _without_reader() -> Iterator[int]:
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


UNWRITABLE = {"full": _full, "without a reader": _without_reader}


def _left(folder: Path, words: tuple[str, ...], streams: tuple[int, ...], how: str) -> int:
    """How the call ends, its standard output thrown away where it is not spoiled."""

    def close() -> None:
        for number in streams:
            os.close(number)

    if how == "closed":
        nowhere = subprocess.DEVNULL
        call = command(*words)
        return subprocess.run(
            call, cwd=folder, check=False, preexec_fn=close, stdout=nowhere, stderr=nowhere
        ).returncode
    with UNWRITABLE[how]() as spoiled, Path(os.devnull).open("wb") as nowhere_else:
        usual = nowhere_else.fileno()
        out, err = (spoiled if number in streams else usual for number in (STDOUT, STDERR))
        return call_forked(words, folder, os.environ, (out, err), kill_after=60).code


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A changelog with a run, and a file that is no snapshot."""
    place = tmp_path_factory.mktemp("unheard")
    good(place, "ingest", night(place, MONDAY))
    (place / "page.xml").write_text("<html><body>Bad gateway</body></html>")
    return place


@pytest.mark.parametrize("how", [*UNWRITABLE, "closed"])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "missing.xml"), 2),
        (("run", "page.xml"), 5),
        (("ingest", "page.xml"), 5),
        (("status", "--max-age", "1"), 7),
        (("release", "9", "--reason", "x"), 2),
        (("bogus",), 2),
        (("--help",), 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_unwritable_stderr_changes_no_exit_code(
    folder: Path, words: tuple[str, ...], code: int, how: str
) -> None:
    assert _left(folder, words, (STDERR,), how) == code


@pytest.mark.parametrize(
    ("how", "code"), [("full", 2), ("without a reader", 0), ("closed", 0)], ids=str
)
@pytest.mark.parametrize("words", [("--help",), ("status",), ("--version",)], ids=" ".join)
def test_with_both_unwritable_only_lost_output_is_a_failure(
    folder: Path, words: tuple[str, ...], how: str, code: int
) -> None:
    assert _left(folder, words, (STDOUT, STDERR), how) == code


@pytest.mark.parametrize("how", [*UNWRITABLE, "closed"])
def test_run_sends_its_notices_though_nobody_reads_its_stderr(tmp_path: Path, how: str) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    held = night(tmp_path, THURSDAY, practice(name="Andre"))
    with http_receiver(status(200)) as receiver:
        _configure(tmp_path, receiver.url)
        assert _left(tmp_path, ("run", held), (STDERR,), how) == 3
    assert len(receiver.posts) == 1
    assert b'"run.held"' in receiver.posts[0].body


def test_a_fault_of_our_own_keeps_no_notice_back(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    held = night(tmp_path, THURSDAY, practice(name="Andre"))
    with http_receiver(status(200)) as receiver:
        _configure(tmp_path, receiver.url)
        assert called(tmp_path, "ingest", held).exit == 3
        (tmp_path / "sitecustomize.py").write_text(FAULTY)
        path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
        done = sordiff(tmp_path, "run", held, env={"PYTHONPATH": path})
    assert done.exit == 2
    assert "unexpected RuntimeError: planted" in done.stderr
    assert len(receiver.posts) == 1
    assert rows(tmp_path, "SELECT count(*) FROM notices WHERE sent_at IS NULL") == [(0,)]


def test_no_file_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """What a library writes to "stderr" would else land in the file that got its number."""
    night(tmp_path, MONDAY, name="one.xml")
    planted = (
        "import sordiff.cli.clock, os\nold = sordiff.cli.clock.read_clock\ndef read_clock():\n"
    )
    planted += "    open('probe', 'w').write(str(os.open('one.xml', 0)))\n    return old()\n"
    (tmp_path / "sitecustomize.py").write_text(
        f"{planted}sordiff.cli.clock.read_clock = read_clock\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])

    def close() -> None:
        for number in (0, 1, 2):
            os.close(number)

    subprocess.run(
        command("ingest", "one.xml"),
        cwd=tmp_path,
        check=True,
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=close,
    )
    assert int((tmp_path / "probe").read_text()) > STDERR


def _configure(folder: Path, url: str) -> None:
    (folder / "sordiff.toml").write_text(f'{HELD}[notices]\nwebhook_url = "{url}"\n')
