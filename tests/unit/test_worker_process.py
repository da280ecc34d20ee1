"""The worker process: what it sends arrives, and no process stays behind."""

from __future__ import annotations

import mmap
import os
import signal
import tempfile
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from sordiff.store.locks import hold_lock
from sordiff.worker_process import SendPart, can_run_worker, has_second_core, run_in_worker

if TYPE_CHECKING:
    from pathlib import Path


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_it_sends_arrives_in_order() -> None:
    parts = [b"", b"one", b"\n" * 200_000, b"last"]

    def work(send_part: SendPart) -> None:
        for part in parts:
            send_part(part)

    with run_in_worker(work) as worker:
        assert worker.wait_for_success()
        assert list(worker.read_parts()) == parts


def test_a_worker_that_fails_has_no_success() -> None:
    def work(send_part: SendPart) -> None:
        send_part(b"half of it")
        raise ValueError

    with run_in_worker(work) as worker:
        assert not worker.wait_for_success()


def test_a_worker_that_is_killed_has_no_success() -> None:
    def work(send_part: SendPart) -> None:
        send_part(b"half of it")
        os.kill(os.getpid(), signal.SIGKILL)

    with run_in_worker(work) as worker:
        assert not worker.wait_for_success()


def test_a_block_that_fails_kills_the_worker() -> None:
    shared = mmap.mmap(-1, 8)

    def work(send_part: SendPart) -> None:
        send_part(b"")
        shared[:] = os.getpid().to_bytes(8, "big")
        signal.pause()

    def interrupted() -> None:
        with run_in_worker(work):
            while not (began := int.from_bytes(shared[:], "big")):
                time.sleep(0.01)
            assert not _is_gone(began)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _is_gone(int.from_bytes(shared[:], "big"))


def test_a_worker_does_not_hold_the_lock_of_the_changelog(tmp_path: Path) -> None:
    """If its parent is killed, it works on for a moment; the next call must not find the changelog locked."""
    shared = mmap.mmap(-1, 8)

    def work(send_part: SendPart) -> None:
        send_part(b"")
        shared[:] = os.getpid().to_bytes(8, "big")
        signal.pause()

    with ExitStack() as lock:
        lock.enter_context(hold_lock(tmp_path / "sordiff.db", "writer"))
        with run_in_worker(work):
            while not int.from_bytes(shared[:], "big"):
                time.sleep(0.01)
            lock.close()  # as the end of a process does, without a word to the lock
            with hold_lock(tmp_path / "sordiff.db", "writer"):
                pass


def test_without_a_folder_for_its_file_there_is_no_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert can_run_worker() is has_second_core()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [str(tmp_path / "missing")])
    assert not can_run_worker()
