"""Nights that can't be taken are told, once for each change of state: refused files, missing ones, an HTML page in their place."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import called, good, rows
from tests.cli.practice import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, night, practice, types
from tests.cli.running import sordiff
from tests.notices.receivers import HttpReceiver, http_receiver, status

PAGE = "<html><body>502 Bad gateway</body></html>"


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[HttpReceiver]:
    """A webhook, and a changelog with one run whose `sordiff run` calls it."""
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    with http_receiver(status(200)) as found:
        _configure(tmp_path, found)
        yield found


def _configure(folder: Path, receiver: HttpReceiver, more: str = "") -> None:
    (folder / "sordiff.toml").write_text(
        f'[alarms.quiet]\nwarn = false\n[notices]\nwebhook_url = "{receiver.url}"\n{more}'
    )


def _told(receiver: HttpReceiver) -> list[dict[str, Any]]:
    return [json.loads(post.body) for post in receiver.posts]


def _kinds(receiver: HttpReceiver) -> list[str]:
    return [notice["kind"] for notice in _told(receiver)]


def test_a_refused_file_is_told_once_and_when_it_is_over(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    (tmp_path / "Sor.xml").write_text(PAGE)
    for _ in range(3):
        assert called(tmp_path, "run", "Sor.xml").exit == 5
    [notice] = _told(receiver)
    assert (notice["kind"], notice["severity"]) == ("snapshot.refused", "critical")
    assert notice["title"] == "SOR: Sor.xml is refused"
    assert notice["text"].startswith("Nothing was recorded. ")
    assert [(a["code"], a["subject"]) for a in notice["alerts"]] == [("snapshot.html", "Sor.xml")]
    assert notice["commands"] == ["sordiff check Sor.xml"]
    night(tmp_path, TUESDAY, name="Sor.xml")
    for _ in range(2):
        good(tmp_path, "run", "Sor.xml")
    assert _kinds(receiver) == ["snapshot.refused", "snapshot.resolved"]
    over = _told(receiver)[1]
    assert (over["run_id"], over["day"]) == (2, TUESDAY)
    assert "SOR: Sor.xml is refused" in over["text"]


def test_a_missing_file_is_told_and_another_problem_anew(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    steps = (
        ("missing", 2, ["snapshot.missing"]),
        ("missing", 2, ["snapshot.missing"]),
        ("page", 5, ["snapshot.missing", "snapshot.refused"]),
        ("empty", 5, ["snapshot.missing", "snapshot.refused", "snapshot.refused"]),
        ("empty", 5, ["snapshot.missing", "snapshot.refused", "snapshot.refused"]),
    )
    contents = {"missing": None, "page": PAGE, "empty": ""}
    for content, code, kinds in steps:
        text = contents[content]
        if text is not None:
            (tmp_path / "Sor.xml").write_text(text)
        assert called(tmp_path, "run", "Sor.xml").exit == code
        assert _kinds(receiver) == kinds
    [alert] = _told(receiver)[0]["alerts"]
    assert alert["message"] == "Sor.xml can't be read: No such file or directory."


def test_a_file_that_cannot_be_opened_is_told_as_such(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    (tmp_path / "Sor.xml").mkdir()
    assert called(tmp_path, "run", "Sor.xml").exit == 2
    [notice] = _told(receiver)
    assert notice["title"] == "SOR: Sor.xml can't be read"
    assert [alert["code"] for alert in notice["alerts"]] == ["snapshot.unreadable"]


def test_an_older_night_is_told_and_a_rejected_one_only_by_its_rejection(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY))
    older = night(tmp_path, TUESDAY, practice(name="Andre"))
    assert called(tmp_path, "run", older).exit == 5
    assert [a["code"] for a in _told(receiver)[-1]["alerts"]] == ["snapshot.order"]
    _configure(tmp_path, receiver, '[alarms.counts]\n"unit.renamed" = 0\n')
    held = night(tmp_path, THURSDAY, practice(name="Andre"))
    assert called(tmp_path, "run", held).exit == 3
    good(tmp_path, "reject", "3", "--reason", "wrong")
    assert called(tmp_path, "run", held).exit == 5
    assert _kinds(receiver) == ["snapshot.refused", "run.held", "snapshot.resolved", "run.rejected"]


def test_what_was_taken_before_a_refused_file_is_told_too(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    (tmp_path / "page.xml").write_text(PAGE)
    files = (night(tmp_path, TUESDAY), "page.xml")
    assert called(tmp_path, "run", "--as-given", *files).exit == 5
    assert _kinds(receiver)[-1] == "snapshot.refused"
    assert rows(tmp_path, "SELECT count(*) FROM runs") == [(2,)]


def test_a_file_that_fails_otherwise_is_told(tmp_path: Path, receiver: HttpReceiver) -> None:
    """As a zip in a pipe, which can't be sought in."""
    content = (tmp_path / night(tmp_path, TUESDAY, lists=[types()])).read_bytes()
    os.mkfifo(tmp_path / "pipe")
    for _ in range(2):
        threading.Thread(
            target=_write_quietly, args=(tmp_path / "pipe", content), daemon=True
        ).start()
        assert called(tmp_path, "run", "pipe").exit == 2
    [notice] = _told(receiver)
    assert (notice["kind"], notice["severity"]) == ("snapshot.failed", "critical")
    assert notice["title"] == "SOR: pipe could not be taken"
    assert notice["alerts"][0]["message"] == "pipe is a zip file in a pipe, which can't be read."


def _write_quietly(path: Path, content: bytes) -> None:
    with suppress(BrokenPipeError):
        path.write_bytes(content)


def test_a_fault_of_our_own_is_told(tmp_path: Path, receiver: HttpReceiver) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sordiff.service.ingest.ingest as ingest\n"
        "def faulty(*_): raise RuntimeError('planted')\n"
        "ingest.read_with_index = faulty\n"
    )
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[2])])
    done = sordiff(tmp_path, "run", night(tmp_path, TUESDAY), env={"PYTHONPATH": path})
    assert done.exit == 2
    [notice] = _told(receiver)
    assert notice["kind"] == "snapshot.failed"
    assert notice["alerts"][0]["message"] == "an unexpected RuntimeError"


def test_ingest_keeps_no_notice_since_it_sends_none(tmp_path: Path, receiver: HttpReceiver) -> None:
    (tmp_path / "Sor.xml").write_text(PAGE)
    assert called(tmp_path, "ingest", "Sor.xml").exit == 5
    assert rows(tmp_path, "SELECT count(*) FROM notices") == [(0,)]
    assert receiver.posts == []


def test_without_a_changelog_only_stderr_tells_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "Sor.xml").write_text(PAGE)
    with http_receiver(status(200)) as receiver:
        _configure(tmp_path, receiver)
        done = called(tmp_path, "run", "Sor.xml")
    assert (done.exit, receiver.posts) == (5, [])
    assert "there is no changelog at sordiff.db" in done.stderr
    assert not (tmp_path / "sordiff.db").exists()


def test_a_chat_is_told_in_danish_with_the_line(tmp_path: Path, receiver: HttpReceiver) -> None:
    _configure(tmp_path, receiver, 'lang = "da"\nwebhook_format = "slack"\n')
    whole = (tmp_path / f"{MONDAY}.xml").read_text(encoding="utf-8")
    (tmp_path / "Sor.xml").write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert called(tmp_path, "run", "Sor.xml").exit == 5
    text = _told(receiver)[0]["text"]
    assert "SOR: Sor.xml er afvist" in text
    assert "Intet er registreret. " in text
    assert "(linje " in text
    assert "Nothing" not in text
    assert "line " not in text


def test_the_metrics_say_that_a_night_could_not_be_taken(
    tmp_path: Path, receiver: HttpReceiver
) -> None:
    figures = tmp_path / "sordiff.prom"
    _configure(tmp_path, receiver, f'metrics_file = "{figures}"\n')
    assert called(tmp_path, "run", "absent.xml").exit == 2
    assert "\nsordiff_snapshot_problem 1\n" in figures.read_text()
    good(tmp_path, "run", night(tmp_path, TUESDAY))
    assert "\nsordiff_snapshot_problem 0\n" in figures.read_text()
