"""`sordiff fetch`, and `sordiff run` without a file: night after night from a server, with everything that may come between."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from sordiff.errors import Exit, worst
from tests.cli.calling import called, events, good, rows
from tests.fetch.fetching import MONDAY, TUESDAY, fetched_files
from tests.fetch.site import Site, cut, serve, status
from tests.making.demo import DEMO
from tests.notices.receivers import http_receiver
from tests.notices.receivers import status as answer

WEDNESDAY = (DEMO / "2024-03-06.zip").read_bytes()
PAGE = b"<html><title>Request Rejected</title></html>"
QUICK = '[alarms.quiet]\nwarn = false\n[fetch]\nattempts = 1\nsettle_seconds = 0\nclosed = ""\n'
BROKEN = b"<SorTree xmlns='urn:oio:nsi:2.0.0'></SorTree>"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Monday's night, and a folder whose `sordiff run` fetches it."""
    with serve(Site(MONDAY, date=datetime.now(timezone.utc))) as found:
        (tmp_path / "sordiff.toml").write_text(f'{QUICK}urls = ["{found.url}"]\n')
        yield found


def _next(site: Site, content: bytes) -> None:
    site.content, site.etag = content, f'"{len(content)}"'


def _outcomes(log: str) -> list[tuple[str, str, str]]:
    """(step, outcome, run) of each line of a log in JSON that tells of a step."""
    lines = [json.loads(line) for line in log.splitlines()]
    return [(l["step"], l["outcome"], str(l.get("run", ""))) for l in lines if "outcome" in l]  # noqa: E741


def test_fetch_prints_the_path_and_nothing_else(tmp_path: Path, site: Site) -> None:
    first = called(tmp_path, "fetch", "--to", "here")
    assert re.fullmatch(r"here/Sor-\d{4}-\d\d-\d\d\.zip\n", first.stdout)
    assert first.stderr == f"sordiff: fetched 0.1 MB from {site.url}\n"
    again = called(tmp_path, "fetch", "--to", "here")
    assert (again.exit, again.stdout) == (0, first.stdout)
    assert again.stderr == f"sordiff: nothing new at {site.url}\n"
    assert not (tmp_path / "sordiff.db").exists()


def test_fetch_leaves_with_eight_where_nothing_can_be_fetched(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(QUICK)
    done = called(tmp_path, "fetch", "--url", "http://127.0.0.1:9/x", "--lang", "da")
    assert (done.exit, done.stdout) == (8, "")
    assert done.stderr == (
        "sordiff: fejl: Intet kunne hentes fra http://127.0.0.1:9/x: ingen forbindelse: "
        "forbindelsen blev afvist. Prøv igen senere; det er ufarligt.\n"
    )


def test_fetch_leaves_with_five_where_it_is_no_snapshot(tmp_path: Path, site: Site) -> None:
    _next(site, PAGE)
    done = called(tmp_path, "fetch")
    assert (done.exit, done.stdout) == (5, "")
    assert (
        f"refused: {site.url}: what came is no snapshot but an HTML page with the title Requ"
        in (done.stderr)
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fetch", "--url", "ftp://x/y"], "an address must be an http or https URL in ASCII."),
        (["fetch", "--url", "http://me:pw@x/y"], "an address must hold no user and no password."),
        (["fetch"], "There is no address to fetch from."),
        (["run"], "There is no address to fetch from."),
    ],
)
def test_an_address_that_is_none_is_a_mistake(words: list[str], said: str, tmp_path: Path) -> None:
    done = called(tmp_path, *words)
    assert done.exit == 2
    assert said in done.stderr
    assert "pw" not in done.stderr


def test_a_folder_that_cannot_be_written_is_no_failure_of_the_server(tmp_path: Path) -> None:
    (tmp_path / "here").symlink_to("/dev/full")
    done = called(tmp_path, "fetch", "--to", "here", "--url", "http://127.0.0.1:9/x")
    assert done.exit == 2
    assert "can't be written to" in done.stderr


def test_run_takes_a_night_after_the_other(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    _next(site, TUESDAY)
    assert "sequence 1–13" in good(tmp_path, "run")
    assert "already recorded" in good(tmp_path, "run")
    assert rows(tmp_path, "SELECT kind, state FROM runs") == [
        ("baseline", "accepted"),
        ("night", "accepted"),
    ]
    assert len(events(tmp_path)) == 13


def test_a_night_whose_run_was_killed_is_taken_by_the_next_one(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    _next(site, TUESDAY)
    good(tmp_path, "fetch")  # and then nothing more: so a killed run leaves the folder
    _next(site, WEDNESDAY)
    log = called(tmp_path, "run", "--log-format", "json")
    assert _outcomes(log.stderr) == [
        ("fetch", "fetched", ""),
        ("ingest", "recorded", "2"),
        ("ingest", "recorded", "3"),
        ("notices", "sent", ""),
        ("run", "done", ""),
    ]
    assert log.stdout == ""


def test_a_night_that_waits_is_taken_though_nothing_can_be_fetched(
    tmp_path: Path, site: Site
) -> None:
    good(tmp_path, "fetch")
    site.answers = [status(500)] * 2
    done = called(tmp_path, "run")
    assert done.exit == 8
    assert "Run 1 · baseline" in done.stdout
    assert "already recorded" not in called(tmp_path, "run").stdout


def test_a_night_that_cannot_be_recorded_yet_waits(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    _next(site, TUESDAY)
    (tmp_path / "other.toml").write_text(
        f'source = "urn:x:other"\n{(tmp_path / "sordiff.toml").read_text()}'
    )
    assert called(tmp_path, "run", "--config", "other.toml").exit == 2
    _next(site, WEDNESDAY)
    good(tmp_path, "run")
    assert len(rows(tmp_path, "SELECT id FROM runs")) == 3


def test_a_refused_night_does_not_keep_the_next_one_back(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    _next(site, BROKEN)
    assert called(tmp_path, "run").exit == 5
    _next(site, TUESDAY)
    log = called(tmp_path, "run", "--log-format", "json")
    assert log.exit == 0
    assert ("ingest", "recorded", "2") in _outcomes(log.stderr)
    assert len(fetched_files(tmp_path / "snapshots")) == 3


def test_accept_is_said_of_the_newest_night_alone(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    with (tmp_path / "sordiff.toml").open("a") as file:
        file.write('[alarms.counts]\n"unit.renamed" = 0\n')
    _next(site, TUESDAY)
    good(tmp_path, "fetch")
    _next(site, WEDNESDAY)
    assert called(tmp_path, "run", "--accept", "--reason", "announced").exit == 3
    assert rows(tmp_path, "SELECT state FROM runs") == [
        ("accepted",),
        ("superseded",),
        ("accepted",),
    ]


def test_only_so_many_taken_files_are_kept(tmp_path: Path, site: Site) -> None:
    with (tmp_path / "sordiff.toml").open("a") as file:
        file.write("keep = 2\n")
    for content in (MONDAY, TUESDAY, WEDNESDAY):
        _next(site, content)
        good(tmp_path, "run")
    folder = tmp_path / "snapshots"
    assert [(folder / name).read_bytes() for name in fetched_files(folder)] == [TUESDAY, WEDNESDAY]
    assert len(list(folder.glob("*.json"))) == 2


def test_what_cannot_be_fetched_is_told_once_and_when_it_is_over(
    tmp_path: Path, site: Site
) -> None:
    good(tmp_path, "run")
    with http_receiver(answer(200)) as receiver:
        with (tmp_path / "sordiff.toml").open("a") as file:
            file.write(f'[notices]\nwebhook_url = "{receiver.url}"\n')
        site.answers = [status(503), status(503), status(200, PAGE), status(200, PAGE + b" 2")]
        assert [called(tmp_path, "run").exit for _ in range(4)] == [8, 8, 5, 5]
        _next(site, TUESDAY)
        good(tmp_path, "run")
        told = [json.loads(post.body) for post in receiver.posts]
    assert [(one["kind"], [a["code"] for a in one["alerts"]]) for one in told] == [
        ("snapshot.missing", ["snapshot.not_fetched"]),
        ("snapshot.refused", ["snapshot.not_a_snapshot"]),
        ("snapshot.resolved", []),
    ]
    assert told[0]["title"] == f"SOR: nothing could be fetched from {site.url}"
    assert not told[1]["commands"]
    assert "aside" in told[1]["alerts"][0]["message"]


def test_the_log_has_a_line_for_each_step_and_message(tmp_path: Path, site: Site) -> None:
    good(tmp_path, "run")
    _next(site, TUESDAY)
    with (tmp_path / "sordiff.toml").open("a") as file:
        file.write('[publish]\nto = ["ndjson:a b"]\n')
    done = called(tmp_path, "run", "--log-format", "text")
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"
    patterns = [
        rf"info fetch outcome=fetched file=snapshots/\S+ url={site.url} bytes=\d+",
        r"info ingest outcome=recorded file=\S+ run=2 kind=night day=2024-03-05 units=64 events=13 first_sequence=1",
        r'info publish outcome=published sink="ndjson:.*a b" run=1 .*',
        r'info publish outcome=published sink="ndjson:.*a b" run=2 kind=run day=2024-03-05 events=13 messages=\d+',
        r"info notices outcome=sent failures=0",
        r"info run outcome=done exit=0",
    ]
    assert len(lines) == len(patterns)
    for line, pattern in zip(lines, patterns, strict=True):
        assert re.fullmatch(rf"{stamp} {pattern} seconds=[\d.]+", line), line


def test_the_log_tells_errors_and_warnings_in_a_line_each(tmp_path: Path, site: Site) -> None:
    site.answers = [status(200, PAGE + b"\n\x1b[31m")]
    done = called(tmp_path, "run", "--log-format", "json")
    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.exit == 5
    assert [(line["level"], line["step"]) for line in told] == [("error", "fetch"), ("info", "run")]
    assert told[0]["message"].startswith(f"refused: {site.url}: what came is no snapshot")
    assert (told[1]["outcome"], told[1]["exit"]) == ("refused", 5)


def test_a_night_is_archived_before_it_counts_as_taken(tmp_path: Path, site: Site) -> None:
    with (tmp_path / "sordiff.toml").open("a") as file:
        file.write('[archive]\ndir = "archive"\n')
    (tmp_path / "archive").write_text("in the way")
    log = called(tmp_path, "run", "--log-format", "json")
    assert log.exit == 2
    assert "its night is not archived" in log.stderr
    (tmp_path / "archive").unlink()
    _next(site, TUESDAY)
    log = called(tmp_path, "run", "--log-format", "json")
    assert _outcomes(log.stderr) == [
        ("fetch", "fetched", ""),
        ("ingest", "already_recorded", "1"),
        ("archive", "kept", ""),
        ("ingest", "recorded", "2"),
        ("archive", "kept", ""),
        ("notices", "sent", ""),
        ("run", "done", ""),
    ]
    assert len(good(tmp_path, "archive", "list", "--format", "json").splitlines()) >= 1


def test_a_file_that_is_given_is_not_fetched(tmp_path: Path, site: Site) -> None:
    (tmp_path / "Sor.zip").write_bytes(MONDAY)
    good(tmp_path, "run", "Sor.zip")
    assert not site.asked


def test_the_next_call_goes_on_where_the_last_one_was_cut_off(tmp_path: Path, site: Site) -> None:
    site.answers = [cut(1000)]
    assert called(tmp_path, "run").exit == 8
    good(tmp_path, "run")
    assert site.gets[-1].headers["Range"] == "bytes=1000-"


def test_of_all_codes_the_worst_is_given() -> None:
    order = [2, 6, 5, 8, 3, 4, 0]
    for place, code in enumerate(order):
        assert worst(Exit(each) for each in order[place:]) == code


def test_the_client_is_imported_by_those_alone_who_fetch() -> None:
    script = "import sys, sordiff.cli.main, sordiff.settings; print('httpx' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout == b"False\n"
