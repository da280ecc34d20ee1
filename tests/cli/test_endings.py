"""How a process ends when the world fails it: a reader that has gone, a full disk, Ctrl-C, a fault of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

import pytest

from sordiff.snapshot.source.mapped_file import map_snapshot

from .calling import dump, good
from .practice import MONDAY, TUESDAY, night, practice, second
from .running import Ran, command, sordiff

UNIT = (
    "<InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>{}</sor1:SorIdentifier>"
    "<sor1:EntityName>{}</sor1:EntityName></InstitutionOwner></InstitutionOwnerEntity>\n"
)
HEAD = (
    '<SorTree xmlns="urn:oio:nsi:2.0.0" xmlns:sor1="urn:oio:sundhedsstyrelsen:organisation:1.0.0">'
    "<sor1:CreatedAtTime>{day}T01:00:00+01:00</sor1:CreatedAtTime>"
    "<sor1:SnapshotDate>{day}</sor1:SnapshotDate>\n"
)


def large(path: Path, units: int, day: str = MONDAY, name: str = "Lægerne") -> Path:
    """A register of owners alone."""
    with path.open("w", encoding="utf-8") as out:
        out.write(HEAD.format(day=day))
        out.writelines(UNIT.format(10_000_000 + n, name) for n in range(units))
        out.write("</SorTree>")
    return path


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two nights between which all of 500 names changed, and their changelog."""
    folder = tmp_path_factory.mktemp("many")
    for day in (MONDAY, TUESDAY):
        large(folder / f"{day}.xml", 500, day, f"Lægerne {day}")
    good(folder, "ingest", f"{MONDAY}.xml", f"{TUESDAY}.xml")
    return folder


READING = [
    ["events"],
    ["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml"],
    ["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml", "--format", "jsonl", "--exit-code"],
    ["check", f"{MONDAY}.xml", "--format", "json"],
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_reader_that_has_enough_is_no_failure(many: Path, words: list[str]) -> None:
    with subprocess.Popen(
        command(*words), cwd=many, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert os.read(process.stdout.fileno(), 10)
        process.stdout.close()
        said = process.stderr.read()
        process.wait(20)
    assert (process.returncode, said) == (0, b"")


def _into(stdout: IO[bytes] | int, folder: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        command(*words), cwd=folder, stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("words", [*READING, ["runs"]], ids=" ".join)
def test_a_full_disk_is_a_failure(many: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = _into(full, many, *words)
    assert code == 2
    assert "could not be written" in said
    assert "unexpected" not in said
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_what_was_recorded_stays_recorded_when_nobody_can_be_told(tmp_path: Path) -> None:
    night(tmp_path, MONDAY, name="one.xml")
    with Path("/dev/full").open("wb") as full:
        code, said = _into(full, tmp_path, "ingest", "one.xml")
    assert code == 2
    assert "unexpected" not in said
    assert sordiff(tmp_path, "ingest", "one.xml").exit == 0


@pytest.mark.parametrize("words", [["check"], ["ingest"], ["ingest", "--dry-run"]], ids=" ".join)
def test_ctrl_c_leaves_with_130_and_nothing_half_done(tmp_path: Path, words: list[str]) -> None:
    night(tmp_path, MONDAY, practice(), second(), name="first.xml")
    good(tmp_path, "ingest", "first.xml")
    before = dump(tmp_path)
    file = large(tmp_path / "large.xml", 100_000, TUESDAY)
    with subprocess.Popen(
        command(*words, "large.xml"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        _until_open(process.pid, file)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert out == b""
    assert b"Traceback" not in said
    assert dump(tmp_path) == before


def test_ctrl_c_is_said(tmp_path: Path) -> None:
    file = large(tmp_path / "large.xml", 100_000)
    with subprocess.Popen(
        command("check", "large.xml"),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        _until_open(process.pid, file)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=20)[1]
    assert process.returncode == 130, said
    assert b"interrupted" in said


def test_ctrl_c_while_hashing_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes when the thread runs and nobody knows of it yet: the map stays until it has ended."""
    file = tmp_path / "Sor.xml"
    file.write_bytes(bytes(1_000))
    begun, may_read = threading.Event(), threading.Event()
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    start, run = threading.Thread.start, threading.Thread.run

    def interrupted(thread: threading.Thread) -> None:
        start(thread)
        begun.wait()
        raise KeyboardInterrupt

    def late(thread: threading.Thread) -> None:
        begun.set()
        may_read.wait()
        run(thread)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    monkeypatch.setattr(threading.Thread, "run", late)

    def read() -> None:
        with map_snapshot(file) as mapped:
            assert mapped is not None
            mapped.start_hashing()

    with pytest.raises(KeyboardInterrupt):
        read()
    may_read.set()
    (thread,) = (one for one in threading.enumerate() if one.name == "sha256")
    thread.join()
    assert not faults


def _until_open(pid: int, file: Path) -> None:
    """Wait until the process has begun to read the file."""
    ends = time.monotonic() + 20
    links = Path(f"/proc/{pid}/fd")
    while time.monotonic() < ends:
        for link in list(links.iterdir()):
            try:
                if link.readlink() == file:
                    return
            except OSError:  # closed meanwhile
                continue
        time.sleep(0.005)
    raise AssertionError(f"{file} was not opened")


FAULTY = """
import sordiff.service.ingest.check
def faulty(*arguments, **options): raise RuntimeError("a\\x9bb")
sordiff.service.ingest.check.check_snapshot = faulty
"""


def _faulty(folder: Path, debug: str) -> Ran:
    """`sordiff check` with a fault planted in it."""
    night(folder, MONDAY, name="one.xml")
    (folder / "sitecustomize.py").write_text(FAULTY)
    path = os.pathsep.join([str(folder), str(Path(__file__).parents[2])])
    return sordiff(folder, "check", "one.xml", env={"PYTHONPATH": path, "SORDIFF_DEBUG": debug})


def test_a_fault_of_our_own_is_one_sentence(tmp_path: Path) -> None:
    done = _faulty(tmp_path, "")
    assert (done.exit, done.stdout) == (2, "")
    assert "RuntimeError" in done.stderr
    assert "SORDIFF_DEBUG" in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x9b" not in done.stderr


def test_with_debug_a_fault_shows_its_place(tmp_path: Path) -> None:
    done = _faulty(tmp_path, "1")
    assert done.exit != 0
    assert "Traceback" in done.stderr
    assert "in faulty" in done.stderr


def test_with_debug_a_crash_does_not_exit_1_either(tmp_path: Path) -> None:
    assert _faulty(tmp_path, "1").exit == 2


_INTERRUPTED_IN_A_CALLBACK = """
import signal, time, weakref
from sordiff.cli.process import keep_interrupts
keep_interrupts()
class Kept: pass
kept = Kept()
watched = weakref.ref(kept, lambda _: [signal.raise_signal(signal.SIGINT), *map(str, range(9))])
try:
    del kept
    time.sleep(20)
except KeyboardInterrupt:
    print("interrupted")
"""


INTERRUPTED_WHILE_LXML_LOADS = """
import os, signal, sys

def watch(frame, event, argument):
    code = frame.f_code
    if event == "call" and code.co_name == "register" and "lxml.etree" in sys.modules and not sent:
        sent.append(code)
        os.kill(os.getpid(), signal.SIGINT)

sent = []
sys.setprofile(watch)
from sordiff.cli.process import run_process
run_process()
"""


def test_an_interruption_while_lxml_is_loaded_is_heard(tmp_path: Path) -> None:
    night(tmp_path, MONDAY, practice(), name="one.xml")
    for words in (("check", "one.xml"), ("ingest", "one.xml"), ("diff", "one.xml", "one.xml")):
        ended = subprocess.run(
            (sys.executable, "-c", INTERRUPTED_WHILE_LXML_LOADS, *words),
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert (ended.returncode, ended.stdout) == (130, b""), ended


def test_an_interruption_that_python_drops_comes_again() -> None:
    """What a callback raises Python shows, and goes on: a Ctrl-C amid an import was lost so."""
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED_IN_A_CALLBACK],
        check=True,
        capture_output=True,
        timeout=15,
    )
    assert (done.stdout, done.stderr) == (b"interrupted\n", b"")
