"""The pages for people: what each shows, in which language, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from sordiff.store.changelog import SqliteChangelog
from sordiff.store.register_index import SqliteRegisterIndex
from tests.cli.calling import called, good
from tests.cli.dumping import write_chain
from tests.cli.practice import (
    CLINIC,
    DOCTOR,
    MONDAY,
    REGION,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    practice,
    second,
)
from tests.cli.practice import night as write_night
from tests.http.asking import Client, serving
from tests.http.holding import Held
from tests.making.plain import valid_gln
from tests.scenarios.stories.trees import number as plain_number
from tests.scenarios.telling import SCENARIOS, nights

HOSPITAL = "600111000016008"
NURSES = "610111000016006"
TOWN = "610011000016005"
NUMBER = "5790008712023"
PAGES = (
    "/",
    "/nights/3",
    "/compare",
    f"/compare?from=2024-03-04&to=2024-03-06&under={TOWN}",
    f"/units/{HOSPITAL}",
    f"/units/{NURSES}?as_of=2024-03-04",
    f"/location-numbers/{NUMBER}",
    "/search",
    "/search?q=aahavn",
    "/tree",
    f"/tree/{TOWN}",
)


def page(client: Client, path: str, language: str = "en") -> str:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, (path, answer.text)
    return answer.text


def test_an_address_that_is_none_is_a_page_for_a_browser_alone(client: Client) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "da"}
    answer = client.get("/nights-of-old", headers=browser)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="da">' in answer.text
    assert "content-security-policy" in answer.headers
    client.problem("/nights-of-old", 404)
    programs = client.get("/v1/nothing", headers=browser)
    assert programs.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_there_in_both_languages(client: Client, path: str) -> None:
    english, danish = client.get(path), client.get(path, headers={"Accept-Language": "da-DK"})
    assert '<html lang="en">' in english.text
    assert '<html lang="da">' in danish.text
    for answer in (english, danish):
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert "Cookie" in answer.headers["vary"]
    assert client.head(path).content == b""
    known = {"If-None-Match": english.headers["etag"]}
    assert client.get(path, headers=known).status_code == 304


def test_a_language_that_was_chosen_stays(demo: Path) -> None:
    with serving(demo) as client:
        assert '<html lang="da">' in client.get("/tree?lang=da").text
        assert '<html lang="da">' in client.get("/").text
        assert '<html lang="en">' in client.get("/?lang=en").text
        assert client.get("/?lang=xx").headers.get("set-cookie") is None


def test_the_front_page_tells_the_last_night_and_leads_to_each(client: Client) -> None:
    told = page(client, "/")
    assert "The register as of 6 March 2024" in told
    assert "5 March 2024 → 6 March 2024" in told
    assert all(f'href="/nights/{run}"' in told for run in (1, 2, 3))
    assert "old." in told  # the nights of the demo are of years ago


def test_the_front_page_tells_what_waits(tmp_path: Path) -> None:
    folder = SCENARIOS / "10-private-actors"
    called(tmp_path, "ingest", *(folder / name for name in nights(folder)[:3]))
    with serving(tmp_path / "sordiff.db") as client:
        told = page(client, "/")
        assert '<a href="/nights/3">Run 3 (' in told
        assert "is held, and waits for a decision" in told
        assert told.index("is held") < told.index("counts")
        assert 'class="alert critical"' in told
        assert 'class="alert held"' in page(client, "/nights/3")


def test_what_a_held_night_alone_has_is_shown_as_what_it_is(held: Held) -> None:
    below, owner = "1424231000016006", "1424211000016000"
    with serving(held.database) as client:
        assert f'href="/units/{below}"' in page(client, "/nights/3")
        told = page(client, f"/units/{below}")
        assert "Its run 3 is held" in told
        assert f'<a href="/units/{owner}"><bdi>' in told  # created that night, too
        assert 'id="life"' not in told
        assert "Kørsel 3 er tilbageholdt" in page(client, f"/units/{below}", "da")
        for path in (f"/v1/units/{below}", f"/v1/units/{below}/history"):
            problem = client.problem(path, 404)
            assert (problem["type"], problem["run"]["id"]) == ("urn:sordiff:problem:held", 3)
        for number, named in (("5790008715017", True), ("5790008712023", False)):
            assert f'href="/location-numbers/{number}"' in page(client, "/nights/3")
            told = page(client, f"/location-numbers/{number}")
            assert "Its run 3 is held" in told
            assert ("Fodterapeuterne Åhavn" in told) is named
            assert ('id="life"' in told, 'class="path"' in told) == (False, True)
            assert "Who gets it" in told
            assert "ingen enhed har nummeret" in page(client, f"/location-numbers/{number}", "da")
            problem = client.problem(f"/v1/location-numbers/{number}", 404)
            assert (problem["type"], problem["run"]["id"]) == ("urn:sordiff:problem:held", 3)
        good(held.folder, "reject", "3", "--reason", "It was wrong.")
        assert client.get(f"/location-numbers/{number}").status_code == 404
        assert client.get(f"/units/{below}").status_code == 404
        assert client.problem(f"/v1/units/{below}", 404)["type"] == "urn:sordiff:problem:unknown"
        assert f'href="/units/{below}"' not in page(client, "/nights/3")


def test_a_number_of_a_unit_that_comes_back_in_a_held_night_has_a_page(tmp_path: Path) -> None:
    number = valid_gln(712)
    (tmp_path / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 1\n')
    renamed = practice(clinic(doctor("Læge Åse Holm"), name="Lægehuset Havnen"))
    back = second(location_number=plain_number(712, REGION))
    for day, units in (
        (MONDAY, (practice(), second())),
        (TUESDAY, (practice(),)),
        (WEDNESDAY, (renamed, back)),
    ):
        ingested = called(tmp_path, "ingest", write_night(tmp_path, day, *units))
        assert ingested.exit == (3 if day == WEDNESDAY else 0)
    with serving(tmp_path / "sordiff.db") as client:
        told = page(client, f"/location-numbers/{number}")
        assert "Its run 3 is held" in told
        assert "Kattegat Lægehuse" in told
        assert client.problem(f"/v1/location-numbers/{number}", 404)["run"]["id"] == 3


def test_only_what_has_a_page_is_linked(client: Client) -> None:
    told = page(client, "/nights/3")
    assert re.search(r"(?<!>)<code>[0-9]{15}</code>", told)  # the code of a type of unit
    linked = set(re.findall(r'href="(/(?:units|location-numbers)/[0-9]+)"', told))
    assert len(linked) > 20
    for path in linked:
        assert client.head(path).status_code == 200, path


def test_a_unit_says_where_each_value_comes_from(client: Client) -> None:
    told = page(client, f"/units/{NURSES}")
    assert "Hjemmesygeplejen i Åhavn" in told
    assert f'<a href="/location-numbers/{NUMBER}"><code>{NUMBER}</code></a>' in told
    assert f'<small>from <a href="/units/{TOWN}"><bdi>Åhavn Kommune</bdi></a></small>' in told
    assert "Sygeplejeteam Nord" in told[told.index('id="heirs"') :]
    assert 'href="https://www.openstreetmap.org/?mlat=56.' in told
    life = told[told.index('id="life"') :]
    assert life.index("6 March 2024") < life.index("4 March 2024")
    assert f'<a href="/units/{NURSES}"><code>{NURSES}</code></a>' in life


def test_a_unit_as_it_was(client: Client) -> None:
    then = page(client, f"/units/{NURSES}?as_of=2024-03-05")
    assert "As it was on 5 March 2024 (run 2)." in then
    assert "5790008712009" in then
    assert 'id="heirs"' not in then


def test_a_unit_that_is_gone_leads_to_its_last_day(client: Client, demo: Path) -> None:
    lines = good(demo.parent, "events", "--type", "unit.removed").splitlines()
    gone = json.loads(lines[-1])["subject"]
    told = page(client, f"/units/{gone}")
    assert "no longer" in told
    assert f'href="/units/{gone}?as_of=2024-03-05"' in told
    assert "As it was on 5 March 2024" in page(client, f"/units/{gone}?as_of=2024-03-05")


def test_a_location_number_tells_who_has_it_and_who_had_it(client: Client) -> None:
    told = page(client, f"/location-numbers/{NUMBER}")
    assert told.index("Who has it") < told.index("Who inherits it") < told.index("Timeline")
    shown = json.loads(client.get(f"/v1/location-numbers/{NUMBER}").text)
    heirs = shown["state"]["heirs"] - len(shown["state"]["owners"])
    assert f'Who inherits it <span class="n">{heirs}</span>' in told


def test_a_search_finds_by_the_beginning_of_words_and_by_numbers(client: Client) -> None:
    danish, spelt = page(client, "/search?q=åhavn"), page(client, "/search?q=AAHAVN")
    assert "Åhavn Kommune" in danish
    assert danish.count('class="hit"') == spelt.count('class="hit"')
    assert f'href="/location-numbers/{NUMBER}"' in page(client, "/search?q=579000 8712023")
    assert 'href="/units/620031000016007"' in page(client, "/search?q=19062")
    part = page(client, "/search/candidates?q=lægehus torv")
    assert part.count('class="hit"') == 1
    assert "<html" not in part
    assert "No unit fits" in page(client, "/search?q=nosuchplace")
    assert page(client, "/search/candidates?q=") == "\n"


def test_the_tree_is_walked_from_the_owners_down(client: Client) -> None:
    owners = page(client, "/tree")
    assert owners.index("Region Kattegat") < owners.index("Åhavn Kommune")
    assert "<b>23</b> below<small>23 open</small>" in owners
    below = page(client, "/tree/600011000016007")
    assert below.index("Præhospitalet") < below.index("Psykiatrien") < below.index(HOSPITAL)


def test_a_comparison_of_a_subtree_counts_no_others(client: Client) -> None:
    compared = "/compare?from=2024-03-04&to=2024-03-06"
    whole, part = page(client, compared), page(client, f"{compared}&under={TOWN}")
    assert ("<span>65 → 66 units</span>" in whole, "65 → 66 units" in part) == (True, False)
    assert "<span>under Åhavn Kommune</span>" in part


def test_downloads_are_what_the_commands_write(client: Client, demo: Path) -> None:
    answer = client.get("/nights/3/report.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="sor-run-3.csv"'
    wanted = good(demo.parent, "report", "--run", "3", "--format", "csv", "--lang", "en")
    assert answer.content.decode("utf-8").splitlines() == wanted.splitlines()
    compared = "from=2024-03-05&to=2024-03-06"
    rows = client.get(f"/compare/report.csv?{compared}&under={TOWN}").content.decode("utf-8-sig")
    asked = ("--since", "2024-03-06", "--until", "2024-03-06", "--under", TOWN)
    wanted = good(demo.parent, "report", *asked, "--format", "csv", "--lang", "en")
    assert list(csv.reader(io.StringIO(rows))) == list(
        csv.reader(io.StringIO(wanted.removeprefix("\ufeff")))
    )
    assert client.get("/nights/3/report.xlsx").content.startswith(b"PK")
    assert client.get("/nights/3/report.exe").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/units/99", 404, "No recorded night has a unit or a location number 99."),
        ("/units/99a", 400, "99a is no id"),
        ("/location-numbers/5790000000005", 404, "No recorded night"),
        ("/tree/99", 404, "No recorded night"),
        ("/tree?skip=x", 400, "x is no number"),
        ("/nights/77", 404, "There is no run 77."),
        ("/nights/x", 400, "x is no number"),
        (f"/nights/{'0' * 5000}1", 400, "is no number"),
        (f"/units/{HOSPITAL}?as_of=today", 400, "today is no day"),
        (f"/units/{HOSPITAL}?as_of=2001-01-01", 404, "Nothing is known of 2001-01-01"),
        ("/compare?from=2024-03-06&to=2024-03-04", 404, "is not later than the first"),
        ("/compare?from=2024-03-05&to=2024-03-06&under=<b>", 404, "&lt;b&gt; is no id"),
        ("/units/%3Cscript%3E", 400, "&lt;script&gt; is no id"),
    ],
)
def test_what_is_wrong_is_told_on_a_page(client: Client, path: str, status: int, said: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (
        status,
        "no-store" if status != 404 or "/compare" not in path else "no-cache",
    )
    assert said in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "%00",
        "%ED%A0%80",
        "%22*%22",
        "name%3A%5Ea",
        "a" * 5000,
        "%28" * 90,
        "NEAR(a+b)",
        "%F0%9F%8F%A5",
    ],
)
def test_whatever_is_searched_for_is_answered(client: Client, text: str) -> None:
    for path in ("/search", "/search/candidates"):
        answer = client.get(f"{path}?q={text}")
        assert answer.status_code == 200, text
        assert len(answer.content) < 20_000


def test_what_a_name_holds_is_no_markup(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    for day, name in ((MONDAY, evil), (TUESDAY, f"{evil}'\"")):
        good(tmp_path, "ingest", write_night(tmp_path, day, practice(clinic(doctor(name)))))
    with serving(tmp_path / "sordiff.db") as client:
        for path in ("/", "/nights/2", f"/units/{DOCTOR}", f"/tree/{CLINIC}", "/search?q=img"):
            told = page(client, path)
            assert "<img" not in told
            assert "onerror" in told or path == "/"


def test_a_new_night_is_found_without_a_restart(tmp_path: Path) -> None:
    """Who asks in the moment in which the index is made anew may be answered by the old one."""
    write_chain(tmp_path, units=20, nights=3)
    good(tmp_path, "ingest", "night-0.xml")
    changelog = SqliteChangelog(tmp_path / "sordiff.db")
    index = SqliteRegisterIndex(changelog)

    def all_units() -> set[str]:
        with changelog.open_to_query() as session:
            found = {one.sor_id for one in index.list_owners(session, 0, 1000)}
            waiting = list(found)
            while waiting:
                below = [one.sor_id for one in index.list_children(session, waiting.pop())]
                found.update(below)
                waiting += below
            return set(found)

    def recorded() -> set[str]:
        with changelog.open_to_query() as session:
            return set(session.state.read_units())

    assert all_units() == recorded()
    for night in ("night-1.xml", "night-2.xml"):
        good(tmp_path, "ingest", night)
        all_units()  # notices the new night
        index.close()
        assert all_units() == recorded()
