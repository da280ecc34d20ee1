"""A sample of what `make chaos ARGS=--disk` tries in full; and what a call has on the disk when it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import PurePath

import pytest

from tests.faults.layer import build_layer, find_compiler

LAYER = "NO FAULT OF A DISK WAS TRIED: there is no C compiler here"
CALLS = """
from tests.faults.laws import undisturbed
from tests.faults.situations import SITUATIONS
from tests.faults.tries import load_modules
load_modules()
(situation,) = [one for one in SITUATIONS if one.name == "first night, archived"]
with undisturbed(situation) as known:
    print(*known.calls, sep="\\n")
"""
# The first call of that name and file, disturbed: what was said, whether the changelog is as after, what law is broken.
ONE = """
import sys
from tests.faults.laws import try_fault, undisturbed
from tests.faults.situations import SITUATIONS
from tests.faults.tries import load_modules
load_modules()
name, fault, wanted = sys.argv[1:]
(situation,) = [one for one in SITUATIONS if one.name == name]
with undisturbed(situation) as known:
    number = min(n for n, call in enumerate(known.calls, start=1) if wanted in call)
    tried = try_fault(situation, known, fault, number)
print(tried.code, tried.is_after, tried.broken)
print(tried.message)
"""

pytestmark = pytest.mark.skipif(find_compiler() is None, reason=LAYER)


def with_layer(*words: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, "LD_PRELOAD": str(build_layer())}
    return subprocess.run(
        [sys.executable, *words],
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize(
    "situation", ["a night, archived", "publish", "backup", "an older changelog"]
)
def test_a_disk_that_fails(situation: str) -> None:
    tried = with_layer("-m", "tests.faults.disk", "--sample", "--only", situation)
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "0 tries broke a law" in tried.stdout


def test_the_archive_is_on_the_disk_with_the_folders_above_it() -> None:
    """A file is there after a power cut if it, its name, and the names of the folders above it were waited for."""
    told = with_layer("-c", CALLS)
    calls = [line.split(" ", 1) for line in told.stdout.splitlines()]
    assert len(calls) > 100, told.stderr
    made = [
        (number, PurePath(path))
        for number, (name, path) in enumerate(calls)
        if name in {"mkdir", "rename"} and path.startswith("archive/") and "cache" not in path
    ]
    assert len(made) >= 4
    for number, path in made:
        assert ["fsync", str(path.parent)] in calls[number:], path


@pytest.mark.parametrize(
    ("situation", "fault", "call", "said"),
    [
        # A disk that does not confirm the end of a transaction: nobody knows, until the log is read again.
        (
            "retract",
            "a fault, once",
            "fdatasync sordiff.db-wal",
            "Whether the running step was recorded shows when it is opened again",
        ),
        ("a night, archived", "full from then on", "open64 tmp/sordiff-", "could not be unpacked"),
        ("a night, archived", "a fault, once", "unlink tmp/sordiff-", ""),
        ("a night", "no room, once", "fsync sordiff.db.mark.new", ".mark can't be written"),
        ("rebuild", "no room, once", "fsync .again.db.new.mark.new", ".mark can't be written"),
        (
            "backup",
            "dead from then on",
            "fsync .copy.db.part",
            "The copy copy.db could not be written",
        ),
    ],
)
def test_what_is_said(situation: str, fault: str, call: str, said: str) -> None:
    told = with_layer("-c", ONE, situation, fault, call)
    assert told.returncode == 0, told.stderr
    head, _, message = told.stdout.partition("\n")
    assert head.endswith("()"), told.stdout
    assert said in message
    assert said or not message.strip()
