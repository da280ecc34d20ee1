"""Killed at any moment, or without room, the archive loses nothing that it had."""

from __future__ import annotations

import os
import resource
import signal
import time
from typing import TYPE_CHECKING

import pytest

from sordiff.archive import Archive
from sordiff.errors import ArchiveFailed
from tests.archive.keeping import contents, day_of, keep, keep_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DONE, FAILED = 0, 3


def in_child(work: Callable[[], object], kill_after: float | None = None) -> int:
    """What became of a process that does the work, and is perhaps killed."""
    process = os.fork()
    if process == 0:
        try:
            work()
            os._exit(DONE)
        except ArchiveFailed:
            os._exit(FAILED)
        finally:
            os._exit(9)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(process, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def demand_whole(folder: Path, written: list[bytes], to: Path) -> None:
    """All these nights come back, and nothing in the folder is damaged."""
    archive = Archive.open(folder)
    assert archive.verify().faults == ()
    for number, content in enumerate(written):
        archive.get(archive.find(day_of(number)), to)
        assert to.read_bytes() == content


def test_kill_9_at_any_moment(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    began = time.perf_counter()
    written = keep_all(folder, 2)
    one = (time.perf_counter() - began) / 2
    nights = list(contents(26))
    ends = []
    for number, content in enumerate(nights[2:], start=2):
        # From the first moment to a good while after the last.
        moment = one * 2 * number / len(nights)
        ends.append(in_child(lambda n=number, c=content: keep(folder, n, c), moment))  # type: ignore[misc]  # a default binds it
        kept = [night.day for night in Archive.open(folder).list_nights()]
        assert kept[:number] == [day_of(known) for known in range(number)]
        if ends[-1] == DONE:
            assert day_of(number) in kept
        keep(folder, number, content)
        written.append(content)
    assert ends.count(-signal.SIGKILL) > 3
    demand_whole(folder, written, tmp_path / "back")


@pytest.mark.parametrize("room", [0, 1, 100, 300, 1000, 2000])
def test_without_room(tmp_path: Path, room: int) -> None:
    folder = tmp_path / "archive"
    written = keep_all(folder, 3)
    manifest = (folder / "manifest.jsonl").read_bytes()
    content = list(contents(4))[3]
    (tmp_path / "Sor.xml").write_bytes(content)

    def add() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        from tests.archive.keeping import new_night

        Archive.open(folder).add(new_night(3), tmp_path / "Sor.xml")

    assert in_child(add) == FAILED
    assert (folder / "manifest.jsonl").read_bytes() == manifest
    assert not list(folder.rglob("*.part"))
    demand_whole(folder, written, tmp_path / "back")
    keep(folder, 3, content)
    demand_whole(folder, [*written, content], tmp_path / "back")
