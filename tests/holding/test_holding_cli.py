"""Holding as people and cron meet it: exit codes, the paragraph, decisions, status, notices."""

import json
import os
import random
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.cli.calling import Called, called
from tests.cli.forked import Left, call_forked
from tests.holding.april import MONDAY, TUESDAY, imported, next_ordinary, register, written
from tests.making.plain import PlainRegister


def run(folder: Path, *words: str) -> Called:
    """Call sordiff in this folder, as a terminal without colours would."""
    with patch.dict(os.environ, {"NO_COLOR": "1"}):
        return called(folder, *words)


@pytest.fixture
def held(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> tuple[Path, Path, Called]:
    """A changelog in which Monday's import is held: its folder, the file, what was said."""
    monday = written(imported(spring[1], 500, 100_000, MONDAY), tmp_path)
    return changelog.parent, monday, run(tmp_path, "ingest", str(monday))


Held = tuple[Path, Path, Called]


def test_a_held_run_leaves_with_3_and_one_paragraph(held: Held) -> None:
    folder, monday, done = held
    assert done.exit == 3
    *warnings, paragraph = done.stderr.splitlines()
    assert all(": warning: " in line for line in warnings)
    assert "1,500 new units, where 300 is the limit" in paragraph
    number = done.stdout.split()[2]
    for command in ("report --run", "release", "reject"):
        assert f"`sordiff {command} {number}" in paragraph
    again = run(folder, "ingest", str(monday))
    assert (again.exit, again.stderr) == (3, done.stderr)
    assert f"held already: run {number}" in again.stdout.lower()


def test_its_events_can_be_read_by_run_and_by_nothing_else(held: Held) -> None:
    folder, _, done = held
    number = done.stdout.split()[2]
    lines = run(folder, "events", "--run", number).stdout.splitlines()
    assert len(lines) > 1500
    assert all("sequence" not in json.loads(line) for line in lines[:50])
    accepted = run(folder, "events", "--type", "unit.created").stdout
    assert accepted == ""


def test_a_dry_run_and_a_diff_judge_by_the_same_rules(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    monday = written(imported(spring[1], 500, 100_000, MONDAY), tmp_path)
    dry = run(tmp_path, "ingest", "--dry-run", str(monday))
    assert dry.exit == 3
    assert "would be held" in dry.stdout.lower()
    with closing(sqlite3.connect(changelog)) as connection:
        assert connection.execute("SELECT count(*) FROM runs WHERE state = 'held'").fetchone() == (
            0,
        )
    sunday = written(spring[1], tmp_path)
    compared = run(tmp_path, "diff", str(sunday), str(monday))
    assert compared.exit == 0
    assert "would be held" in compared.stderr
    assert "1,500 new units" in compared.stderr


def test_decisions_need_a_reason_and_a_run_that_waits(held: Held) -> None:
    folder, _, done = held
    number = done.stdout.split()[2]
    assert run(folder, "release", number).exit == 2
    assert run(folder, "release", number, "--reason", " ").exit == 2
    unknown = run(folder, "release", "9999", "--reason", "x")
    assert (unknown.exit, "There is no run 9999" in unknown.stderr) == (2, True)
    first = run(folder, "release", number, "--reason", "importen er varslet")
    assert first.exit == 0
    again = run(folder, "release", number, "--reason", "en gang til")
    assert (again.exit, again.stdout) == (0, first.stdout)
    assert "importen er varslet" in run(folder, "runs").stdout
    late = run(folder, "reject", number, "--reason", "for sent")
    assert (late.exit, "is released" in late.stderr) == (2, True)


def test_status_tells_the_held_run_and_the_age(held: Held) -> None:
    folder, _, done = held
    number = int(done.stdout.split()[2])
    told = run(folder, "status", "--format", "json")
    read = json.loads(told.stdout)
    assert (read["held"]["id"], read["held"]["state"]) == (number, "held")
    assert run(folder, "status", "--max-age", "30").exit == 7
    assert run(folder, "status", "--max-age", "99999999").exit == 0
    assert "held" in run(folder, "status").stdout
    assert run(folder, "status", "--db", "none.db").exit == 2


def test_changed_limits_are_tried_on_the_history(held: Held) -> None:
    folder, _, _ = held
    assert "1 held" in run(folder, "alarms", "test", "--since", "2018-04-23").stdout
    loose = (
        '[alarms.counts]\n"unit.created" = { count = 5000 }\n'
        "[alarms.units]\nleast = 100_000\n[alarms.size]\nleast = 1_000_000_000\n"
        "[alarms.unusual]\nleast = 100_000\n"
    )
    (folder / "sordiff.toml").write_text(loose, encoding="utf-8")
    loosened = run(folder, "alarms", "test", "--since", "2018-04-23")
    assert (loosened.exit, loosened.stderr) == (0, "")
    assert loosened.stdout == "1 run judged again: 0 held, 0 warned of\n"


@contextmanager
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """A webhook on loopback that refuses the first call."""
    received: list[Any] = []
    calls = 0

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            nonlocal calls
            calls += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if calls > 1:
                received.append(json.loads(body))
            self.send_response(503 if calls == 1 else 200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_run_tells_a_change_of_state_once(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    monday = written(imported(spring[1], 500, 100_000, MONDAY), tmp_path)
    tuesday = written(next_ordinary(random.Random(2), spring[1], TUESDAY), tmp_path)
    with closing(sqlite3.connect(changelog)) as connection, connection:
        connection.execute("UPDATE notices SET sent_at = at")
    with receiver() as (url, received):
        (tmp_path / "sordiff.toml").write_text(
            f'[notices]\nwebhook_url = "{url}"\nmetrics_file = "sordiff.prom"\n', encoding="utf-8"
        )
        assert run(tmp_path, "run", str(monday)).exit == 3
        assert run(tmp_path, "run", str(monday)).exit == 3
        assert [notice["kind"] for notice in received] == ["run.held"]
        assert run(tmp_path, "run", str(tuesday)).exit == 0
    assert [notice["kind"] for notice in received] == ["run.held", "alert.resolved"]
    assert "sordiff_held_runs 0" in (tmp_path / "sordiff.prom").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["release", "reject"])
def test_killed_while_deciding_it_is_decided_or_it_waits(held: Held, command: str) -> None:
    folder, _, done = held
    number = done.stdout.split()[2]
    kept = (folder / "sordiff.db").read_bytes()
    words = (command, number, "--reason", "x")

    def decide(kill_after: float) -> Left:
        with Path(os.devnull).open("wb") as nowhere:
            streams = (nowhere.fileno(), nowhere.fileno())
            return call_forked(words, folder, os.environ, streams, kill_after=kill_after)

    undisturbed = decide(120)
    assert undisturbed.code == 0
    for kill in range(5):
        for path in folder.glob("sordiff.db*"):
            path.unlink()
        (folder / "sordiff.db").write_bytes(kept)
        assert decide(undisturbed.seconds * (0.4 + 0.12 * kill)).code in {0, -signal.SIGKILL}
        with closing(sqlite3.connect(folder / "sordiff.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            query = "SELECT state FROM runs WHERE id = ?"
            assert connection.execute(query, [number]).fetchone()[0] in {
                "held",
                "released",
                "rejected",
            }
        assert run(folder, command, number, "--reason", "x").exit == 0


def test_a_small_register_can_be_tried_out_without_a_stop(tmp_path: Path) -> None:
    first = register(30, MONDAY)
    second = register(45, TUESDAY)
    files = [str(written(night, tmp_path)) for night in (first, second)]
    assert run(tmp_path, "ingest", *files).exit == 0
