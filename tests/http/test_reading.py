"""Units, numbers, runs and reports: what the commands tell, and what is not there."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import good
from tests.http.asking import Client, record, serving
from tests.http.conftest import NIGHTS

MOVED = "620121000016009"
CLOSED = "630331000016006"
REMOVED = "600431000016009"
NUMBER = "5790008714034"
CVR = "28300042"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/v1/units/{MOVED}", ("show", MOVED)),
        (f"/v1/units/{MOVED}?as_of=2024-03-05", ("show", MOVED, "--as-of", "2024-03-05")),
        (f"/v1/units/{CLOSED}?successor=true", ("show", CLOSED)),
        (f"/v1/units/{MOVED}/history", ("history", MOVED)),
        (f"/v1/units/{CLOSED}/history?successor=true", ("history", CLOSED)),
        (f"/v1/location-numbers/{NUMBER}", ("show", NUMBER)),
        ("/v1/runs/3/report", ("report", "--run", "3")),
    ],
)
def test_it_tells_what_the_command_tells(
    client: Client, demo: Path, path: str, words: tuple[str, ...]
) -> None:
    assert client.ask(path) == json.loads(good(demo.parent, *words, "--format", "json"))


def test_a_unit_that_is_gone_is_not_taken_for_one(client: Client) -> None:
    problem = client.problem(f"/v1/units/{REMOVED}", 404)
    assert problem["type"] == "urn:sordiff:problem:absent"
    assert problem["absence"]["why"] == "removed"
    assert (
        client.ask(f"/v1/units/{REMOVED}", as_of="2024-03-05")["state"]["unit"]["sor_id"] == REMOVED
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units/1",
        f"/v1/units/{NUMBER}",
        f"/v1/units/{CVR}",  # which a unit has, so that a search would find it
        f"/v1/location-numbers/{MOVED}",
        f"/v1/location-numbers/{CVR}",
        "/v1/units/1/history",
        f"/v1/units/{MOVED}?as_of=2024-03-03",
        "/v1/runs/4",
        "/v1/runs/4/report",
        "/v1/runs/3/report?under=1",
    ],
)
def test_what_nobody_knows(client: Client, path: str) -> None:
    assert client.problem(path, 404)["type"] == "urn:sordiff:problem:unknown"


@pytest.mark.parametrize(
    "path",
    [
        f"/v1/units/{MOVED}?as_of=2024-02-30",
        f"/v1/units/{MOVED}?as_of=yesterday",
        "/v1/units/x",
        "/v1/runs/0",
        "/v1/runs/99999999999999999999",
        "/v1/runs?limit=1001",
        "/v1/search",
        "/v1/search?q=",
        "/v1/events?since=-1",
        "/v1/events?wait=61",
        "/v1/events?type=unit.sold",
        "/v1/events?under=%00",
    ],
)
def test_what_can_not_be_understood(client: Client, path: str) -> None:
    assert client.problem(path, 400)["type"] == "urn:sordiff:problem:parameters"


def test_the_pages_of_units_have_each_unit_once(client: Client) -> None:
    units: list[dict[str, Any]] = []
    path: str | None = "/v1/units?limit=25"
    while path is not None:
        answer = client.get(path)
        assert answer.headers["sordiff-epoch"] == "1"
        units += answer.json()
        path = answer.links["next"]["url"] if answer.links else None
    ids = [each["state"]["unit"]["sor_id"] for each in units]
    assert (len(ids), ids) == (66, sorted(set(ids)))
    one = next(each for each in units if each["state"]["unit"]["sor_id"] == MOVED)
    assert one["state"] == client.ask(f"/v1/units/{MOVED}")["state"]
    assert int(one["sequence"]) == 46


def test_the_pages_of_runs_go_back_to_the_first(client: Client) -> None:
    first = client.get("/v1/runs", params={"limit": 2})
    second = client.get(first.links["next"]["url"])
    assert [run["id"] for run in (*first.json(), *second.json())] == [3, 2, 1]
    assert not second.links
    assert client.ask("/v1/runs/2") == first.json()[1]


def test_a_search_finds_by_number_and_by_words(client: Client) -> None:
    [found] = client.ask("/v1/search", q=CVR)["candidates"]
    assert found["numbers"] == [CVR]
    several = client.ask("/v1/search", q="APOTEK", limit=1)
    assert (several["is_more"], len(several["candidates"])) == (True, 1)
    assert not client.ask("/v1/search", q="APOTEK", limit=4)["is_more"]
    # As on the pages, also what people spell out, the beginnings of words, and addresses.
    [spelt] = client.ask("/v1/search", q="hjemmesygeplejen i aahavn")["candidates"]
    assert spelt["name"] == "Hjemmesygeplejen i Åhavn"


def test_the_feed_has_the_nights(client: Client) -> None:
    answer = client.get("/v1/nights.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ET.fromstring(answer.content)
    titles = [entry.findtext("a:title", "", atom) for entry in feed.findall("a:entry", atom)]
    assert titles[0].startswith("6 March 2024 · night · accepted · 33 events")
    assert len(titles) == 3
    for name in ("id", "title", "updated", "author/a:name"):
        assert feed.findtext(f"a:{name}", "", atom), name
    for entry in feed.findall("a:entry", atom):
        assert all(entry.findtext(f"a:{name}", "", atom) for name in ("id", "updated", "summary"))


def test_a_changelog_that_is_put_in_its_place_has_sequences_of_its_own(tmp_path: Path) -> None:
    """Also where its last run has the number that the last run had before."""
    for name, nights in {"this": NIGHTS[:2], "other": NIGHTS[1:]}.items():
        (tmp_path / name).mkdir()
        record(tmp_path / name, *nights)
    there = tmp_path / "this" / "sordiff.db"
    with serving(tmp_path / "other" / "sordiff.db") as client:
        expected = client.ask("/v1/units", limit=1000)
    with serving(there) as client:
        assert client.ask("/v1/units", limit=1000) != expected
        (tmp_path / "other" / "sordiff.db").replace(there)
        assert client.ask("/v1/units", limit=1000) == expected
