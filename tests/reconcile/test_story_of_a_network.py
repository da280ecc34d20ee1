"""The partner list of an EDI network from 2017 to 2019: judged after each news, mended, and judged again."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.calling import good
from tests.making.plain import find, valid_gln, valid_sor_id
from tests.scenarios.stories import lists as codes
from tests.scenarios.stories.nights import Telling
from tests.scenarios.stories.trees import (
    address,
    changed,
    clinic,
    hospital,
    institution,
    municipality,
    number,
    organizational_unit,
    phone,
    region,
)

if TYPE_CHECKING:
    from pathlib import Path

AUTUMN, NEW_YEAR, APRIL, SUMMER, MAY = (
    "2017-10-02",
    "2018-01-02",
    "2018-04-10",
    "2018-08-20",
    "2019-05-06",
)
TORVET, TORVET_NEW, BAKKEN, PODIATRY, HOME, TEAM, HEART = 9001, 9051, 9101, 9201, 9301, 9302, 9402
PARTNERS = f"""Partner;SOR-id;Lokationsnummer;Ydernr.;Aftale
Lægehuset Torvet;{valid_sor_id(TORVET + 1)};{valid_gln(901)};;EDI-17
Lægerne Bakken;{valid_sor_id(BAKKEN + 1)};{valid_gln(911)};;EDI-18
Læge på Bakken;;;021849;EDI-18
Fodterapien;;{valid_gln(921)};;=EDI-19
Hjemmesygepleje Nord;{valid_sor_id(TEAM)};{valid_gln(931)};;EDI-20
Hjerteafdelingen;{valid_sor_id(HEART)};;;EDI-21
"""


def network() -> Telling:
    """Two practices, a podiatrist, a municipality and a hospital."""
    home = institution(HOME, "Hjemmesygeplejen", codes.HJEMMESYGEPLEJE, organizational_unit(TEAM, "Hjemmesygepleje Nord", codes.HJEMMESYGEPLEJE, location_number_inherited=True), location_number_inherited=True)  # fmt: skip
    house = hospital(9400, "Sygehus Nord", "8098", address("Sygehusvej", "1", "9800"), "Medicinsk Afdeling", "Hjerteafdelingen", "Kardiologisk Afdeling")  # fmt: skip
    return Telling(
        clinic(TORVET, "Læge Jens Holm", "Lægehuset Torvet", codes.ALMEN_PRAKSIS, address("Torvet", "4", "8600"), "Læge Jens Holm", location_number=number(901, "1082"), on_institution=True, provider_number="019062", contact=phone("86810001")),
        clinic(BAKKEN, "Lægerne Bakken I/S", "Lægerne Bakken", codes.ALMEN_PRAKSIS, address("Bakken", "9", "8600"), "Læge Ida Lund", location_number=number(911, "1082"), on_institution=True, provider_number="021849", contact=phone("86810002")),
        clinic(PODIATRY, "Fodterapeut Friis", "Fodterapien", codes.FODTERAPEUT, address("Søgade", "2", "8600"), "Friis", location_number=number(921, "1082"), on_institution=True),
        municipality(9300, "Åhavn Kommune", address("Rådhuspladsen", "1", "8600"), home, location_number=number(931, "1082")),
        region(9399, "Region Nord", address("Skolegade", "5", "9800"), house),
    )  # fmt: skip


def at_new_year(story: Telling) -> None:
    """The doctor at the square sells: the clinic closes, and another one opens in its rooms, with its number."""
    story[TORVET + 1].to = story[TORVET].to = story[TORVET + 2].to = "2017-12-31"
    changed(story[TORVET + 1], "2018-01-01").location_number = None
    story.units.append(
        clinic(TORVET_NEW, "Torvets Læger ApS", "Lægehuset på Torvet", codes.ALMEN_PRAKSIS, address("Torvet", "4", "8600"), "Læge Mads Kjær", location_number=number(901, "1082", since="2018-01-01"), on_institution=True, provider_number="019062", contact=phone("86810001"), since="2018-01-01")
    )  # fmt: skip


def in_april(story: Telling) -> None:
    """The import of the municipalities: the home nursing has a number of its own; the practice has a new name."""
    changed(story[HOME], "2018-04-09").location_number = number(932, "1082", since="2018-04-09")
    story[HOME].location_number_inherited = False
    changed(story[BAKKEN + 1], "2018-04-09").name = "Bakkens Læger"


def in_summer(story: Telling) -> None:
    """The provider number moves to another doctor's, and the podiatrist gives up the location number."""
    changed(story[BAKKEN + 2], "2018-08-18").provider_number = "021857"
    changed(story[PODIATRY + 1], "2018-08-18").location_number = None


def in_may(story: Telling) -> None:
    """The hospital joins two departments; the register says which one goes on."""
    heart = changed(story[HEART], "2019-05-01")
    heart.to, heart.replaced_by = "2019-04-30", [valid_sor_id(HEART + 1)]


@pytest.fixture(scope="module")
def network_changelog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network")
    story = network()
    story.night(AUTUMN)
    for day, news in ((NEW_YEAR, at_new_year), (APRIL, in_april), (SUMMER, in_summer), (MAY, in_may)):  # fmt: skip
        news(story)
        story.night(day)
    for name, content in story.nights.items():
        (folder / name).write_bytes(content)
    assert find(story.register(MAY), valid_sor_id(HEART)) is not None
    good(folder, "ingest", *sorted(story.nights), "--accept", "--reason", "a story")
    (folder / "partners.csv").write_text(PARTNERS, encoding="utf-8")
    return folder


def on(folder: Path, day: str, name: str = "partners.csv") -> list[dict[str, Any]]:
    found = json.loads(good(folder, "reconcile", name, "--as-of", day, "--format", "json"))
    rows: list[dict[str, Any]] = found["rows"]
    return rows


def test_each_news_makes_another_line_false(network_changelog: Path) -> None:
    torvet, bakken, doctor, feet, team, heart = range(6)
    false: dict[int, str] = {}
    for day, news in (
        (AUTUMN, {}),
        (NEW_YEAR, {torvet: "closed"}),
        (APRIL, {team: "number_moved", bakken: "renamed"}),
        (SUMMER, {doctor: "number_released", feet: "number_released"}),
        (MAY, {heart: "replaced"}),
    ):
        false |= news
        rows = on(network_changelog, day)
        assert {i: row["verdict"] for i, row in enumerate(rows) if row["verdict"] != "current"} == false, day  # fmt: skip
    days = [row["since"] for row in rows]
    assert days == ["2018-01-01", APRIL, SUMMER, SUMMER, APRIL, "2019-05-01"]


def test_who_goes_on_at_the_square_is_told_as_likely_and_in_words(network_changelog: Path) -> None:
    square = on(network_changelog, MAY)[0]["suggestion"]
    assert square["unit_id"] == valid_sor_id(TORVET_NEW + 1)
    assert square["number"] == valid_gln(901)
    assert 0.9 <= square["score"] < 1
    assert {"same_location_number", "same_address", "same_phone", "opened_then"} <= set(
        square["reasons"]
    )
    told = f"probably continued by Lægehuset på Torvet ({valid_sor_id(TORVET_NEW + 1)}) (0.9"
    for command in ("show", "history"):
        text = good(network_changelog, command, valid_sor_id(TORVET + 1), "--lang", "en")
        assert told in " ".join(text.split()), command
    unit = valid_sor_id(TORVET + 1)
    report = good(network_changelog, "report", "--since", NEW_YEAR, "--unit", unit, "--lang", "en")
    assert told in " ".join(report.split())
    danish = good(network_changelog, "show", valid_sor_id(TORVET + 1), "--lang", "da")
    assert "formentlig videreført af Lægehuset på Torvet" in " ".join(danish.split())
    # On the day before it opened nobody could know.
    assert on(network_changelog, NEW_YEAR)[0]["suggestion"] is None


def test_the_corrected_list_is_right_where_the_register_is_certain(network_changelog: Path) -> None:
    good(network_changelog, "reconcile", "partners.csv", "--fix")
    text = (network_changelog / "partners.fixed.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert [row[-1] for row in rows] == ["EDI-17", "EDI-18", "EDI-18", "=EDI-19", "EDI-20", "EDI-21"]  # fmt: skip
    assert rows[1][0] == "Bakkens Læger"
    assert rows[4][2] == valid_gln(932)
    assert rows[5][:2] == ["Kardiologisk Afdeling", valid_sor_id(HEART + 1)]
    verdicts = [row["verdict"] for row in on(network_changelog, MAY, "partners.fixed.csv")]
    # What is only likely, or what a number alone does not say, is left to people.
    assert verdicts == ["closed", "current", "number_released", "number_released", "current", "current"]  # fmt: skip


def test_a_network_that_looked_in_april_is_told_the_rest_alone(network_changelog: Path) -> None:
    told = json.loads(
        good(network_changelog, "reconcile", "partners.csv", "--since", APRIL, "--format", "json")
    )
    assert told["counts"] == {"number_released": 2, "replaced": 1}
    assert told["earlier"] == 3
