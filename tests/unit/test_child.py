"""The second process: what it says arrives, and nothing of it stays behind."""

from __future__ import annotations

import mmap
import os
import signal
import time

import pytest

from sordiff.snapshot.fast.worker_process import SendPart, run_in_worker


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_what_it_passes_on_arrives_in_order() -> None:
    parts = [b"", b"one", b"\n" * 200_000, b"last"]

    def work(pass_on: SendPart) -> None:
        for part in parts:
            pass_on(part)

    with run_in_worker(work) as child:
        assert child.wait_for_success()
        assert list(child.read_parts()) == parts


def test_one_that_fails_did_not_end_well() -> None:
    def work(pass_on: SendPart) -> None:
        pass_on(b"half of it")
        raise ValueError

    with run_in_worker(work) as child:
        assert not child.wait_for_success()


def test_one_that_is_killed_did_not_end_well() -> None:
    def work(pass_on: SendPart) -> None:
        pass_on(b"half of it")
        os.kill(os.getpid(), signal.SIGKILL)

    with run_in_worker(work) as child:
        assert not child.wait_for_success()


def test_a_block_that_fails_waits_for_nobody() -> None:
    shared = mmap.mmap(-1, 8)

    def work(pass_on: SendPart) -> None:
        pass_on(b"")
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
