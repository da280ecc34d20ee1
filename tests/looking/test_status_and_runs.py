"""`sordiff status` in both languages and as JSON, and `sordiff runs --limit`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sordiff.render.language import LANGUAGES
from tests.cli.calling import called, good
from tests.cli.practice import MONDAY, THURSDAY, TUESDAY, night, practice, second

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accepted nights, and a held one: the register has shrunk to nothing but one owner."""
    folder = tmp_path_factory.mktemp("told")
    many = [second(f"Ejer {n}") for n in range(1)]
    names = [
        night(folder, MONDAY),
        night(folder, TUESDAY, practice(), *many),
        night(folder, THURSDAY, practice(name="Andre"), *many),
    ]
    good(folder, "ingest", *names[:2])
    (folder / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 0\n')
    assert called(folder, "ingest", names[2]).exit == 3
    return folder


def test_status_says_how_it_stands_in_english_and_danish(told: Path) -> None:
    english = good(told, "status", "--lang", "en")
    assert re.search(r"newest snapshot +5 March 2024 · [\d,]+ days old · 4 units", english)
    assert re.search(r"last run +3 · night · held · 7 March 2024", english)
    assert re.search(r"held +3 · night · held", english)
    danish = good(told, "status", "--lang", "da")
    assert re.search(r"nyeste udtræk +5\. marts 2024 · [\d.]+ dage gammelt · 4 enheder", danish)
    assert re.search(r"tilbageholdt +3 · nat · tilbageholdt · 7\. marts 2024", danish)
    assert " · 0," in danish.splitlines()[0]


def test_status_as_json_has_no_language(told: Path) -> None:
    said = [json.loads(good(told, "status", "--format", "json", "--lang", x)) for x in LANGUAGES]
    for found in said:
        found.pop("snapshot_age_hours")
    assert said[0] == said[1]
    assert (said[0]["last_run"]["id"], said[0]["held"]["id"]) == (3, 3)
    assert said[0]["last_accepted"]["id"] == 2
    assert said[0]["database_size"] > 0


def test_the_newest_runs_alone(told: Path) -> None:
    def listed(*arguments: str) -> list[str]:
        return [line.split()[0] for line in good(told, "runs", *arguments).splitlines()[1:]]

    assert listed() == ["1", "2", "3"]
    assert listed("--limit", "2") == ["2", "3"]
    assert listed("--limit", "0") == []
    assert listed("--limit", "99") == ["1", "2", "3"]
    assert called(told, "runs", "--limit", "-1").exit == 2
