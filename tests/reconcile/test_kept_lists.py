"""Lists that stay: kept, shown, judged again, and what happens to their units told to whoever asked for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from sordiff.notices.settings import NoticeSettings
from tests.cli.calling import called, events, good, said
from tests.notices.receivers import http_receiver, status
from tests.reconcile import judging as demo
from tests.reconcile.judging import record_demo
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LIST = f"SOR;GLN\n{demo.HOME_CARE};{demo.HOME_CARE_OLD}\n{demo.CLOSED};\n"
KOMMUNE = "610011000016005"
NIGHTS = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    (folder / "partners.csv").write_text(LIST)
    good(folder, "list", "add", "partners", "partners.csv")
    good(folder, "list", "add", "home", "--under", KOMMUNE)
    return folder


def test_a_kept_list_needs_its_file_no_longer(nights: Path) -> None:
    (nights / "gone.csv").write_text(LIST)
    good(nights, "list", "add", "gone", "gone.csv")
    (nights / "gone.csv").unlink()
    answer = json.loads(good(nights, "reconcile", "gone", "--format", "json"))
    assert [row["verdict"] for row in answer["rows"]] == ["number_moved", "closed"]
    good(nights, "list", "remove", "gone")
    assert called(nights, "reconcile", "gone").exit == 2
    assert called(nights, "list", "remove", "gone").exit == 2


def test_what_is_kept_is_shown(nights: Path) -> None:
    found = [
        json.loads(line) for line in good(nights, "list", "show", "--format", "json").splitlines()
    ]
    assert [(one["name"], one["lines"]) for one in found] == [("home", None), ("partners", 2)]
    assert found[0]["rule"] == {"under": [KOMMUNE], "regions": [], "unit_types": []}
    assert "partners · 2 linjer" in good(nights, "list", "show", "partners", "--lang", "da")


def test_events_of_a_list(nights: Path) -> None:
    found = said(events(nights, "--list", "partners"))
    # The old number and the new one, the team's own change, and the closing with what led to it.
    assert set(found) == {
        ("location_number.assigned", demo.HOME_CARE_NEW),
        ("unit.effective_location_number_changed", "610111000016006"),
        ("unit.effective_location_number_changed", demo.HOME_CARE),
        ("unit.effective_location_number_changed", "610131000016000"),
        ("unit.effective_location_number_changed", "610141000016007"),
        ("unit.closure_scheduled", demo.CLOSED),
        ("unit.closed", demo.CLOSED),
    }
    assert len(events(nights, "--list", "partners", "--limit", "2")) == 2
    assert said(events(nights, "--list", "partners.csv")) == found
    below = {subject for _, subject in said(events(nights, "--list", "home"))}
    assert demo.HOME_CARE in below
    assert demo.CLOSED not in below


def test_a_rule_by_type_is_of_units_of_that_type(nights: Path) -> None:
    podiatry = "554061000005105"
    good(nights, "list", "add", "feet", "--type", podiatry)
    found = [event["data"]["unit"] for event in events(nights, "--list", "feet")]
    good(nights, "list", "remove", "feet")
    assert {unit["unit_type"]["code"] for unit in found if unit} == {podiatry}


def test_what_took_a_number_away_concerns_its_list(nights: Path) -> None:
    (nights / "doctors.csv").write_text(f"Yder\n{demo.OLD_PROVIDER}\n")
    found = said(events(nights, "--list", "doctors.csv"))
    assert ("unit.provider_number_changed", demo.DOCTOR) in found


def test_a_report_of_a_list(nights: Path) -> None:
    report = json.loads(good(nights, "report", "--list", "partners", "--format", "json"))
    assert report["asked"]["list"] == "partners"
    assert {change["subject"] for change in report["changes"]} >= {demo.HOME_CARE, demo.CLOSED}
    assert len(report["changes"]) == 6
    assert report["headline"]["elsewhere"] == 33 - 6
    assert "concern the list partners" in good(
        nights, "report", "--list", "partners", "--lang", "en"
    )


@pytest.mark.parametrize("night", [(), ("--run", "3")])
def test_closings_to_come_are_those_of_the_list(nights: Path, night: tuple[str, ...]) -> None:
    (nights / "soon.csv").write_text(f"SOR\n{demo.CLOSING}\n")
    days = {
        name: json.loads(good(nights, "report", "--list", name, "--format", "json", *night))["calendar"]["days"]
        for name in ("home", "soon.csv")
    }  # fmt: skip
    assert days["home"] == []
    assert [day["units"] for day in days["soon.csv"]] == [[demo.CLOSING]]


@pytest.mark.parametrize("words", [("--type", "39476100x"), ("--region", "9999")])
def test_a_rule_that_means_no_unit_is_refused(nights: Path, words: tuple[str, ...]) -> None:
    done = called(nights, "list", "add", "mistyped", *words, "--lang", "en")
    assert done.exit == 2
    assert "The rule of the list mistyped means no unit." in done.stderr
    assert called(nights, "list", "show", "mistyped").exit == 2


def test_a_list_of_nothing_is_refused(nights: Path) -> None:
    for words in (
        ("x",),
        ("x", "partners.csv", "--under", KOMMUNE),
        ("x", "--under", demo.HOME_CARE_NEW),
    ):
        assert called(nights, "list", "add", *words).exit == 2
    assert called(nights, "reconcile", "home").exit == 2
    assert called(nights, "events", "--list", "nobody").exit == 2
    assert called(nights, "report", "--list", "nobody").exit == 2


def test_whoever_the_list_is_for_is_told_once_a_night(tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text(LIST)
    good(tmp_path, "ingest", NIGHTS[0])
    good(tmp_path, "list", "add", "partners", "partners.csv")
    with http_receiver(*[status(200)] * 3) as receiver:
        (tmp_path / "sordiff.toml").write_text(
            f'[notices.lists.partners]\nwebhook_url = "{receiver.url}"\n'
        )
        for night in NIGHTS[1:]:
            assert called(tmp_path, "run", night).exit == 0
        assert called(tmp_path, "run", NIGHTS[-1]).exit == 0
    found = [json.loads(post.body) for post in receiver.posts]
    assert [(one["kind"], one["list"], one["day"]) for one in found] == [
        ("list.changed", "partners", "2024-03-05"),
        ("list.changed", "partners", "2024-03-06"),
    ]
    assert found[1]["title"] == "SOR 2024-03-06: 2 units of the list partners changed"
    assert "unit.closed 1" in found[1]["text"]
    assert f"Sygeplejeteam Nord ({demo.HOME_CARE})" in found[1]["text"]
    assert [words.split()[1] for words in found[1]["commands"]] == ["report", "reconcile"]


def test_nights_before_a_list_was_kept_are_not_told(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *NIGHTS[:2])
    good(tmp_path, "list", "add", "home", "--under", KOMMUNE)
    with http_receiver(*[status(200)] * 2) as receiver:
        (tmp_path / "sordiff.toml").write_text(
            f'[notices.lists.home]\nwebhook_url = "{receiver.url}"\n'
        )
        assert called(tmp_path, "run", NIGHTS[2]).exit == 0
    [found] = [json.loads(post.body) for post in receiver.posts]
    assert found["day"] == "2024-03-06"
    # A rule is always true: there is nothing to reconcile.
    assert [words.split()[1] for words in found["commands"]] == ["report"]


def test_a_list_that_is_not_kept_is_said_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        '[notices.lists.nobody]\nwebhook_url = "http://127.0.0.1:9/"\n'
    )
    done = called(tmp_path, "run", NIGHTS[0])
    assert done.exit == 0
    assert "there is no list nobody" in done.stderr


def test_a_list_has_receivers_of_its_own_on_the_servers_of_all() -> None:
    everybody = {"smtp_host": "mail.example", "mail_from": "a@example.dk", "mail_to": ["b@example.dk"], "webhook_url": "https://example.dk/"}  # fmt: skip
    settings = msgspec.convert(
        everybody | {"lists": {"mail": {"mail_to": ["c@example.dk"]}, "web": {"webhook_url": "https://example.dk/own"}}},
        NoticeSettings,
    )  # fmt: skip
    mail, web = settings.of_list("mail"), settings.of_list("web")
    assert mail is not None
    assert web is not None
    assert (mail.mail_to, mail.smtp_host, mail.has_webhook) == (
        ("c@example.dk",),
        "mail.example",
        False,
    )
    assert (web.webhook_url, web.has_mail) == ("https://example.dk/own", False)
    assert settings.of_list("other") is None
    faulty: list[dict[str, Any]] = [
        {},
        {"mail_to": []},
        {"webhook_url": "ftp://x"},
        {"webhook_url": "https://a.dk/", "webhook_url_file": "f"},
    ]
    for wrong in faulty:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(everybody | {"lists": {"x": wrong}}, NoticeSettings)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"lists": {"x": {"mail_to": ["c@example.dk"]}}}, NoticeSettings)
