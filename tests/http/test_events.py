"""Pages of events: all that the command prints, in its order, each once, and nothing that is not asked for."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sordiff.store.served_changelog import ServedSqliteChangelog
from tests.cli.calling import events, good
from tests.http.asking import Client, record, serving
from tests.http.conftest import NIGHTS

# Moved on the third night from one owner to the other, with the unit below it.
MOVED, BELOW = "620121000016009", "620131000016006"
NUMBER = "5790008714065"  # of a unit that is removed on the second night
OLD_OWNER, NEW_OWNER = "620111000016000", "1423011000016008"


def follow(client: Client, path: str) -> Iterator[dict[str, Any]]:
    """The events of all pages, until there are no more for now."""
    while True:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        yield from answer.json()
        if answer.headers["sordiff-more"] == "false":
            return
        path = answer.links["next"]["url"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "type=unit.closed",
        "type=sordiff.unit.closed.v1&since=44",
        f"subject={MOVED}",
        "since=0013",
    ],
)
def test_they_are_those_that_the_command_prints(client: Client, demo: Path, query: str) -> None:
    pairs = [pair.split("=") for pair in query.split("&") if pair]
    words = [word for name, value in pairs for word in (f"--{name}", value)]
    told = events(demo.parent, *words)
    assert told
    for limit in (1, 7, 1000):
        assert list(follow(client, f"/v1/events?{query}&limit={limit}")) == told


def test_a_subtree_is_that_of_the_night(client: Client) -> None:
    def under(top: str) -> list[tuple[str, str]]:
        # A page can begin anywhere within the night.
        whole, paged = (
            list(follow(client, f"/v1/events?under={top}&limit={limit}")) for limit in (1000, 1)
        )
        assert paged == whole
        return [(event["type"].split(".")[2], event["subject"]) for event in whole]

    night = [("moved", MOVED), ("renamed", MOVED), ("provider_number_changed", BELOW)]
    assert [event for event in under(OLD_OWNER) if event[1] in {MOVED, BELOW}] == night
    assert [event for event in under(NEW_OWNER) if event[1] in {MOVED, BELOW}] == night
    assert under(MOVED) == night
    assert under(BELOW) == [night[2]]
    assert under("1") == []


def test_a_removed_unit_was_below_its_parent(client: Client) -> None:
    found = follow(client, "/v1/events?under=630411000016007&since=1")
    assert [event["subject"] for event in found] == [NUMBER, "630421000016003", "630411000016007"]


def test_a_list_is_about_its_units(demo: Path, tmp_path: Path) -> None:
    shutil.copy(demo, tmp_path / "sordiff.db")
    (tmp_path / "mine.csv").write_text(f"SOR-id\n{MOVED}\n")
    good(tmp_path, "list", "add", "mine", "mine.csv")
    with serving(tmp_path / "sordiff.db") as client:
        told = events(tmp_path, "--list", "mine")
        assert told
        assert list(follow(client, "/v1/events?list=mine&limit=1")) == told
        assert client.problem("/v1/events?list=yours", 404)["detail"] == "There is no list yours."


def test_nothing_is_skipped_while_nights_arrive(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *NIGHTS[:2], "--accept", "--reason", "the demo")
    with serving(tmp_path / "sordiff.db") as client:
        first = client.get("/v1/events", params={"limit": 8})
        record(tmp_path, NIGHTS[2])
        rest = list(follow(client, first.links["next"]["url"]))
        assert [*first.json(), *rest] == events(tmp_path)


def test_an_answer_waits_for_the_next_night(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *NIGHTS[:2], "--accept", "--reason", "the demo")
    with serving(tmp_path / "sordiff.db") as client:
        answers: list[Any] = []
        path = "/v1/events?since=13&wait=60&type=unit.closed"
        thread = threading.Thread(target=lambda: answers.append(client.get(path)))
        thread.start()
        record(tmp_path, NIGHTS[2])
        thread.join(120)
        [answer] = answers
        assert [event["sequence"][-2:] for event in answer.json()] == ["43", "44", "45"]
        # The next page waits as long.
        assert "wait=60" in answer.links["next"]["url"]


def test_a_night_is_noticed_whenever_the_connection_that_watches_was_opened(tmp_path: Path) -> None:
    """The first reader opens all connections anew, and a night may come before the watch looks again."""
    record(tmp_path, *NIGHTS[:2])
    changelog = ServedSqliteChangelog(tmp_path / "sordiff.db")
    try:
        before = changelog.read_mark()
        with changelog.open_to_read():
            pass
        record(tmp_path, NIGHTS[2])
        assert changelog.read_mark() not in {before, None}
    finally:
        changelog.close()


def test_a_sequence_that_is_not_there_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "sordiff.db"
    good(tmp_path, "ingest", *NIGHTS[:2], "--accept", "--reason", "the demo")
    shutil.copy(path, tmp_path / "backup.db")
    good(tmp_path, "ingest", NIGHTS[2], "--accept", "--reason", "the demo")
    with serving(path) as client:
        assert "is beyond it" in client.problem("/v1/events?since=47", 410)["detail"]
        assert client.ask("/v1/events?since=46") == []
        shutil.copy(tmp_path / "backup.db", tmp_path / "new.db")
        (tmp_path / "new.db").replace(path)
        problem = client.problem("/v1/events?since=46", 410)
        assert "a restored backup" in problem["detail"]
        assert problem["last_sequence"].endswith("13")
        assert client.ask("/v1/events?since=13") == []  # who has no more than it has loses nothing
        # The lost nights are told anew above all that was given.
        record(tmp_path, NIGHTS[2], "--restored")
        lost = client.problem("/v1/events?since=46", 410)["detail"]
        assert lost == "The changelog has no event with the sequence 46: it was lost."
        assert [event["sequence"][-2:] for event in client.ask("/v1/events?since=13&limit=2")] == [
            "47",
            "48",
        ]


def test_a_restored_changelog_that_gives_sequences_again_is_noticed(tmp_path: Path) -> None:
    """Without its mark nothing else tells: each sequence that was read is there, with another event."""
    path, restored = tmp_path / "sordiff.db", tmp_path / "new.db"
    good(tmp_path, "ingest", *NIGHTS[:2])
    shutil.copy(path, restored)
    good(tmp_path, "ingest", "--correct", "2", "--reason", "It was wrong.", NIGHTS[0])
    again = ("--accept", "--reason", "the demo", "--db", restored)
    good(tmp_path, "ingest", NIGHTS[2], *again)
    with serving(path) as client:
        following = client.get("/v1/events?since=13&limit=3").links["next"]["url"]
        [*_, last] = client.ask("/v1/events")
        assert 16 < int(last["sequence"]) < 46
        assert client.ask(following)
        with client.stream("GET", "/v1/stream?since=13") as stream:
            lines = stream.iter_lines()
            while next(lines) != f"id: {last['sequence']}":
                pass
            (tmp_path / "sordiff.db.mark").unlink()
            restored.replace(path)
            assert not [line for line in lines if line.startswith("id:")]  # it ends
        assert "gave its sequences again" in client.problem(following, 410)["detail"]
        assert client.ask("/v1/events?since=13&limit=3")[0]["sequence"].endswith("14")


def test_a_page_has_the_bytes_of_the_events(client: Client, demo: Path) -> None:
    printed = good(demo.parent, "events", "--limit", "3").splitlines()
    assert client.get("/v1/events?limit=3").text == f"[{','.join(printed)}]\n"
    assert json.loads(printed[0])["sequence"].endswith("1")
