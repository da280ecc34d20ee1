"""The worker process: what it sends arrives, and no process stays behind."""

from __future__ import annotations

import mmap
import os
import signal
import tempfile
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest

from sordiff.computing_beside import compute_beside
from sordiff.store.locks import hold_lock
from sordiff.worker_process import (
    AskedWorker,
    SendPart,
    ask_worker,
    can_run_worker,
    has_second_core,
    run_in_worker,
    stream_from_worker,
)

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


def test_parts_come_while_the_worker_goes_on() -> None:
    shared = mmap.mmap(-1, 1)

    def work(send_part: SendPart) -> None:
        send_part(b"one")
        while not shared[0]:
            time.sleep(0.01)
        send_part(b"\n" * 200_000)  # more than a pipe holds

    with stream_from_worker(work) as stream:
        assert stream.read_part() == b"one"
        shared[0] = 1
        assert stream.read_part() == b"\n" * 200_000
        assert stream.read_part() is None
        assert stream.read_part() is None


@pytest.mark.parametrize("whole", [True, False])
def test_a_stream_ends_with_the_last_part_that_came_whole(whole: bool) -> None:
    def work(send_part: SendPart) -> None:
        send_part(b"one")
        if not whole:  # the length of a part, and less than that
            for number in range(3, 100):
                with suppress(OSError):
                    os.write(number, (9).to_bytes(8, "big") + b"half")
        raise ValueError

    with stream_from_worker(work) as stream:
        assert stream.read_part() == b"one"
        assert stream.read_part() is None


def test_a_worker_stays_only_a_few_parts_ahead_and_ends_with_the_block() -> None:
    shared = mmap.mmap(-1, 16)

    def work(send_part: SendPart) -> None:
        shared[:8] = os.getpid().to_bytes(8, "big")
        for number in range(1_000):
            send_part(b"\n" * 100_000)
            shared[8:] = number.to_bytes(8, "big")

    with stream_from_worker(work) as stream:
        assert stream.read_part()
        time.sleep(0.2)
        worker = int.from_bytes(shared[:8], "big")
        assert not _is_gone(worker)
        assert int.from_bytes(shared[8:], "big") < 30
    assert _is_gone(worker)


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


def _take(worker: AskedWorker) -> tuple[list[bytes], bool]:
    """The parts of an answer, and whether it is whole."""
    parts = []
    answer = worker.take_answer()
    while True:
        try:
            parts.append(next(answer))
        except StopIteration as ended:
            return parts, ended.value


def test_a_worker_answers_one_question_after_the_other() -> None:
    def answer(question: bytes, send_part: SendPart) -> None:
        for _ in range(int(question)):
            send_part(question * 70_000)  # more than a pipe holds

    with ask_worker(answer) as worker:
        for count in (2, 0, 3):
            assert worker.ask(b"%d" % count)
            assert _take(worker) == ([b"%d" % count * 70_000] * count, True)


@pytest.mark.parametrize("dies", [True, False])
def test_an_answer_is_not_whole_where_the_worker_ends(dies: bool) -> None:
    def answer(question: bytes, send_part: SendPart) -> None:
        send_part(question)
        if dies:
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError

    with ask_worker(answer) as worker:
        assert worker.ask(b"half of it")
        assert _take(worker) == ([b"half of it"], False)
        worker.ask(b"once more")  # it may not be gone yet, and then hears it no more
        assert _take(worker) == ([], False)


@pytest.mark.parametrize("asked", [True, False])
def test_a_worker_that_waits_or_works_ends_when_it_is_told_to(asked: bool) -> None:
    shared = mmap.mmap(-1, 8)

    def answer(question: bytes, send_part: SendPart) -> None:
        send_part(question)
        shared[:] = os.getpid().to_bytes(8, "big")
        signal.pause()

    with ask_worker(answer) as worker:
        if asked:
            worker.ask(b"one")
            while not int.from_bytes(shared[:], "big"):
                time.sleep(0.01)
        worker.stop()
        assert not worker.ask(b"another")
        if asked:
            assert _is_gone(int.from_bytes(shared[:], "big"))


def test_a_worker_ends_by_itself_when_nobody_is_there_to_ask() -> None:
    shared = mmap.mmap(-1, 8)

    def answer(question: bytes, send_part: SendPart) -> None:
        shared[:] = os.getpid().to_bytes(8, "big")
        send_part(question)

    if (process := os.fork()) == 0:  # who asks, and is killed
        with ask_worker(answer) as worker:
            worker.ask(b"one")
            _take(worker)
            os._exit(0)
    os.waitpid(process, 0)
    until = time.monotonic() + 10
    while not _is_gone(int.from_bytes(shared[:], "big")) and time.monotonic() < until:
        time.sleep(0.01)
    assert _is_gone(int.from_bytes(shared[:], "big"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_a_worker_forgets_the_file_that_wakes_its_parent(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Its number is that of another file there: a signal would be written into it."""
    end, wakes = os.pipe()
    os.set_blocking(wakes, False)
    heard: list[int] = []
    handler = signal.signal(number, lambda *_: heard.append(1))
    before = signal.set_wakeup_fd(wakes)
    written = tmp_path / "log"
    written.write_bytes(b"whole")
    shared = mmap.mmap(-1, 8)

    def work(send_part: SendPart) -> None:
        with written.open("r+b") as file:
            os.dup2(file.fileno(), wakes)  # as the first file that is opened there gets its number
            shared[:] = os.getpid().to_bytes(8, "big")
            send_part(b"at work")
            for _ in range(500):  # not for ever, if the signal came before
                if heard:
                    break
                time.sleep(0.01)

    try:
        with stream_from_worker(work) as stream:
            assert stream.read_part() == b"at work"
            os.kill(int.from_bytes(shared[:], "big"), number)
            assert stream.read_part() is None  # it has ended
            os.kill(os.getpid(), number)
            assert os.read(end, 9) == bytes([number]), "this process is still woken"
    finally:
        signal.set_wakeup_fd(before)
        signal.signal(number, handler)
        os.close(end)
        os.close(wakes)
    assert heard == [1]
    assert written.read_bytes() == b"whole"


def test_a_long_question_arrives_whole_although_its_writer_is_stopped() -> None:
    """A write that is interrupted, as by Ctrl-Z and fg, gives back that it wrote a part."""
    question = b"\n" * 20_000_000

    def answer(heard: bytes, send_part: SendPart) -> None:
        send_part(len(heard).to_bytes(8, "big"))

    if (process := os.fork()) == 0:
        with ask_worker(answer) as worker:
            worker.ask(question)
            whole = _take(worker) == ([len(question).to_bytes(8, "big")], True)
            os._exit(0 if whole else 1)
    for _ in range(50):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGSTOP)
            time.sleep(0.002)
            os.kill(process, signal.SIGCONT)
            time.sleep(0.002)
    until = time.monotonic() + 20
    while (ended := os.waitpid(process, os.WNOHANG)) == (0, 0) and time.monotonic() < until:
        time.sleep(0.01)
    if ended == (0, 0):
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    assert ended == (process, 0)


@pytest.fixture
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def fork() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)


@pytest.mark.usefixtures("no_process")
def test_where_no_process_can_be_had_it_is_as_if_the_worker_had_failed() -> None:
    with run_in_worker(lambda send_part: send_part(b"a")) as worker:
        assert not worker.wait_for_success()
    with stream_from_worker(lambda send_part: send_part(b"a")) as stream:
        assert stream.read_part() is None
    with ask_worker(lambda question, send_part: send_part(question)) as asked:
        asked.ask(b"a")
        assert _take(asked) == ([], False)
    with compute_beside(lambda: 7, lambda _: [b"8"], lambda _: 8) as wait:
        assert wait() == 7


def test_a_worker_whose_end_nobody_is_told_has_no_success() -> None:
    """Who starts a process may have it hear of no child."""
    handler = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with run_in_worker(lambda send_part: send_part(b"a")) as worker:
            assert not worker.wait_for_success()
    finally:
        signal.signal(signal.SIGCHLD, handler)
