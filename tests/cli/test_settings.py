"""sordiff.toml: whose events these are, how the lists are read, and what a bad one is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sordiff.cli.main import build_command
from tests.contract.commands import list_built
from tests.scenarios.stories.nights import zipped

from .calling import called, events, good, lines, said
from .practice import GENERAL_PRACTICE, MONDAY, OWNER, TUESDAY, night, practice, types, xml

if TYPE_CHECKING:
    from pathlib import Path

DANISH = (
    "<Lister><Typer>{}</Typer><Udgaver><Udgave><Nr>1</Nr><Titel>a</Titel></Udgave>"
    "<Udgave><Nr>2</Nr><Titel>b</Titel></Udgave></Udgaver></Lister>"
)
ENTRY = "<Enhedstypekode><Kode>{}</Kode><Tekst>{}</Tekst><Id>{}</Id></Enhedstypekode>"


def _danish(folder: Path, day: str, text: str) -> str:
    """A zip whose lists are laid out in Danish."""
    entries = ENTRY.format(GENERAL_PRACTICE, text, "x1") + ENTRY.format("2", "andet", "x2")
    parts = {"Sor.xml": xml(day), "SorDataTypes.xml": DANISH.format(entries).encode()}
    (folder / f"{day}.zip").write_bytes(zipped(parts))
    return f"{day}.zip"


def _renamed(folder: Path) -> list[str]:
    return [night(folder, MONDAY), night(folder, TUESDAY, practice(name="Andre"))]


def test_the_source_is_in_every_event_and_in_its_id(tmp_path: Path) -> None:
    names = _renamed(tmp_path)
    (usual,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    assert usual["source"] == "urn:sordiff:sor"
    (tmp_path / "sordiff.toml").write_text('source = "urn:example:sor"')
    (own,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    good(tmp_path, "ingest", *names)
    (recorded,) = events(tmp_path)
    assert own["source"] == recorded["source"] == "urn:example:sor"
    assert own["id"] == recorded["id"] != usual["id"]
    (tmp_path / "other.toml").write_text("")
    (named,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl", "--config", "other.toml"))
    assert named["id"] == usual["id"]


def test_another_layout_of_the_lists_can_be_told(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(
        '[data_types.Enhedstypekode]\nname = "EntityType"\ncode = "Kode"\ntext = "Tekst"\n'
        'serves = "unit_type"\n[data_types.Udgave]\nignore = true\n'
    )
    names = _danish(tmp_path, MONDAY, "lægepraksis"), _danish(tmp_path, TUESDAY, "klinik")
    report = json.loads(good(tmp_path, "check", names[0], "--format", "json"))
    assert report["lists"] == {"EntityType": 2}
    (event,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    assert said([event]) == [("classification.text_changed", f"EntityType/{GENERAL_PRACTICE}")]
    assert (event["data"]["units"], event["data"]["after"]) == (1, "klinik")


def test_a_list_that_serves_none_counts_no_units(tmp_path: Path) -> None:
    names = [
        night(tmp_path, day, lists=[types(text)]) for day, text in ((MONDAY, "a"), (TUESDAY, "b"))
    ]
    (event,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    assert event["data"]["units"] == 1
    (tmp_path / "sordiff.toml").write_text('[data_types.EntityType]\nserves = "none"')
    (event,) = lines(good(tmp_path, "diff", *names, "--format", "jsonl"))
    assert event["data"]["units"] is None
    # Nor does it explain the types of units any more.
    changed = night(tmp_path, TUESDAY, practice(name="Andre"), lists=[types("a")], name="c.zip")
    (event,) = lines(good(tmp_path, "diff", names[0], changed, "--format", "jsonl"))
    assert event["subject"] == OWNER
    assert event["data"]["unit"]["unit_type"]["text"] is None


def test_all_ignored_is_nothing_that_fits(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text("[data_types.EntityType]\nignore = true")
    done = called(tmp_path, "ingest", night(tmp_path, MONDAY, lists=[types()]))
    assert done.exit == 0
    assert "no classifications are taken" in done.stderr


@pytest.mark.parametrize(
    "bad",
    [
        "sauce = 1",
        "source = 1",
        'source = ""',
        "source =",
        '[data_types.EntityType]\nserves = "nonsense"',
        '[data_types.EntityType]\nserves = ""',
        '[data_types.EntityType]\nignore = "yes"',
        '[data_types.EntityType]\nnames = "x"',
        "data_types = 7",
        b"\xff\xfe",
    ],
)
def test_a_bad_configuration_is_a_failure_that_names_the_file(
    tmp_path: Path, bad: str | bytes
) -> None:
    names = _renamed(tmp_path)
    (tmp_path / "sordiff.toml").write_bytes(bad if isinstance(bad, bytes) else bad.encode())
    for words in (["check", names[0]], ["diff", *names], ["ingest", *names]):
        done = called(tmp_path, *words)
        assert (done.exit, done.stdout) == (2, "")
        assert "sordiff.toml" in done.stderr
        assert "an unexpected" not in done.stderr
    assert not (tmp_path / "sordiff.db").exists()


def test_a_configuration_that_is_named_must_be_there(tmp_path: Path) -> None:
    done = called(tmp_path, "check", night(tmp_path, MONDAY), "--config", "no.toml")
    assert (done.exit, done.stdout) == (2, "")
    assert "no.toml" in done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lang =", "Invalid value"),
        ("db = 5", "Expected `str`, got `int` - at `$.db`"),
        ('lang = "de"', "de is none of: da, en"),
        ('db = "a\\u0000b"', "db has a NUL character"),
        ('[publish]\nto = ["a\\u0000b"]', "publish.to has a NUL character"),
    ],
)
@pytest.mark.parametrize("command", ["status", "runs", "report"])
def test_no_command_goes_past_a_broken_configuration(
    tmp_path: Path, text: str, said: str, command: str
) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    (tmp_path / "sordiff.toml").write_text(text)
    for words in ((), ("--db", "sordiff.db")):
        done = called(tmp_path, command, *words)
        assert (done.exit, done.stdout) == (2, "")
        assert "sordiff.toml is not a configuration of sordiff" in done.stderr
        assert said in done.stderr


def test_status_tells_of_settings_before_a_night_needs_them(tmp_path: Path) -> None:
    """Whether a notice waits or not."""
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    (tmp_path / "sordiff.toml").write_text('[alarms.counts]\n"unit.closed" = "x"\n')
    done = called(tmp_path, "status")
    assert (done.exit, done.stdout) == (2, "")
    assert "$.alarms.counts.unit.closed" in done.stderr


@pytest.mark.parametrize("command", [("status",), ("ingest", "x.xml"), ("config",)])
def test_a_link_that_leads_nowhere_is_not_the_defaults(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "sordiff.toml").symlink_to("gone.toml")
    done = called(tmp_path, *command)
    assert done.exit == 2
    assert "sordiff.toml is a link to gone.toml, which does not exist." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["sordiff.toml"]


@pytest.mark.parametrize(
    "text", ["a=" + "[" * 2000 + "]" * 2000, ".".join(["a"] * 2000) + "=1", "{" * 2000]
)
def test_what_is_nested_too_deeply_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "sordiff.toml").write_text(text)
    for words in (("config",), ("status",), ("ingest", "x.xml")):
        done = called(tmp_path, *words)
        assert (done.exit, done.stdout) == (2, "")
        assert "sordiff.toml is not a configuration of sordiff: " in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[alarms.counts."unit.closed"]\nwarn = 3\n', "$.alarms.counts.unit.closed"),
        ("[lists.Typer]\nserves = 5\n", "$.lists.Typer.serves"),
        ('[fields]\nshak = "x"\n', "$.fields.shak"),
    ],
)
def test_an_error_names_the_key_of_a_table(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "sordiff.toml").write_text(text)
    done = called(tmp_path, "config")
    assert done.exit == 2
    assert f"at `{place}`" in done.stderr


def test_every_command_that_takes_a_changelog_takes_its_settings(tmp_path: Path) -> None:
    without = [
        name
        for name, command in list_built(build_command())
        if (taken := {option.name for option in command.params}) >= {"db"} and "config" not in taken
    ]
    assert without == []
    good(tmp_path, "ingest", night(tmp_path, MONDAY), "--db", "own.db")
    (tmp_path / "own.toml").write_text('db = "own.db"\nlang = "da"\n')
    assert "own.db" in good(tmp_path, "status", "--config", "own.toml")
    for words in (("runs",), ("events",), ("report",), ("show", OWNER), ("history", OWNER)):
        good(tmp_path, *words, "--config", "own.toml")


def test_a_notice_waits_only_where_somebody_gets_it(tmp_path: Path) -> None:
    names = _renamed(tmp_path)
    holding = '[alarms.counts]\n"unit.renamed" = 0\n'
    (tmp_path / "sordiff.toml").write_text(holding)
    assert called(tmp_path, "ingest", *names).exit == 3
    status = "status", "--format", "json"
    assert json.loads(good(tmp_path, *status))["unsent_notices"] == 0
    told = f'{holding}[notices]\nwebhook_url = "http://127.0.0.1:1/"\n'
    (tmp_path / "told.toml").write_text(told)
    found = json.loads(good(tmp_path, *status, "--config", "told.toml"))
    assert found["unsent_notices"] == 1
