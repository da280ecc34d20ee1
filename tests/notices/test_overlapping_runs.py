"""Calls of `sordiff run` at the same time send a notice once; what a killed one had claimed is sent by the next, when its claim has expired. Real processes, and a receiver that takes its time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Event

from tests.cli.calling import called, good, rows
from tests.cli.forked import ForkedProcess, fork_sordiff
from tests.cli.practice import MONDAY, THURSDAY, night, practice
from tests.cli.running import sordiff
from tests.notices.receivers import HttpReceiver, http_receiver, status


@contextmanager
def _slow_receiver() -> Iterator[tuple[HttpReceiver, Event]]:
    """It answers when the event is set."""
    answering = Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        answering.wait(60)
        status(200)(handler)

    with http_receiver(answer) as receiver:
        try:
            yield receiver, answering
        finally:
            answering.set()


def _with_a_notice(folder: Path, receiver: HttpReceiver) -> str:
    """A held run whose notice waits; the name of its file."""
    (folder / "sordiff.toml").write_text(
        '[alarms.counts]\n"unit.renamed" = 0\n'
        f'[notices]\nwebhook_url = "{receiver.url}"\nwebhook_timeout_seconds = 60\n'
    )
    good(folder, "ingest", night(folder, MONDAY))
    name = night(folder, THURSDAY, practice(name="Andre"))
    assert called(folder, "ingest", name).exit == 3
    return name


@contextmanager
def _begun(folder: Path, name: str) -> Iterator[ForkedProcess]:
    with (
        Path(os.devnull).open("wb") as nowhere,
        fork_sordiff(
            "run", name, folder=folder, environment=os.environ, stdout=nowhere, stderr=nowhere
        ) as process,
    ):
        yield process


def _until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_overlapping_runs_send_a_notice_once(tmp_path: Path) -> None:
    with _slow_receiver() as (receiver, answering):
        name = _with_a_notice(tmp_path, receiver)
        with _begun(tmp_path, name) as first:
            _until(lambda: bool(receiver.posts))
            assert sordiff(tmp_path, "run", name, forked=True).exit == 3
            assert len(receiver.posts) == 1
            answering.set()
            assert first.wait(60) == 3
        assert sordiff(tmp_path, "run", name, forked=True).exit == 3
    assert len(receiver.posts) == 1
    assert rows(tmp_path, "SELECT count(*) FROM notices WHERE sent_at IS NULL") == [(0,)]


def test_what_a_killed_run_had_claimed_is_sent_when_the_claim_has_expired(tmp_path: Path) -> None:
    with _slow_receiver() as (receiver, answering):
        name = _with_a_notice(tmp_path, receiver)
        with _begun(tmp_path, name) as first:
            _until(lambda: bool(receiver.posts))
            first.kill()
        answering.set()
        good_code = sordiff(tmp_path, "run", name, forked=True).exit
        assert (good_code, len(receiver.posts)) == (3, 1)
        _let_claims_expire(tmp_path)
        assert sordiff(tmp_path, "run", name, forked=True).exit == 3
    bodies = [post.body for post in receiver.posts]
    assert len(bodies) == 2
    assert len(set(bodies)) == 1


def test_what_could_not_be_delivered_is_tried_again_at_once(tmp_path: Path) -> None:
    with http_receiver(status(404), status(200)) as receiver:
        name = _with_a_notice(tmp_path, receiver)
        for _ in range(3):
            assert called(tmp_path, "run", name).exit == 3
    assert len(receiver.posts) == 2


def _let_claims_expire(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        claim, now = connection.execute(
            "SELECT claimed_until, strftime('%Y-%m-%dT%H:%M:%S+00:00') FROM notices"
        ).fetchone()
        assert claim > now
        connection.execute("UPDATE notices SET claimed_until = ?", [now])
