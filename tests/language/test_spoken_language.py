"""Every command in the language that is asked for: by the flag, the environment, sordiff.toml or the locale."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sordiff.cli.main import build_command
from sordiff.render.commands.night_lines import counts_lines
from sordiff.render.language import catalogue
from sordiff.render.text.colour import Paint
from tests.cli.calling import called, good
from tests.cli.practice import MONDAY, THURSDAY, TUESDAY, night, practice, second
from tests.contract.commands import list_built


@pytest.fixture(autouse=True)
def _no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SORDIFF_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baseline, an accepted night, and one that is held since a unit has another name."""
    folder = tmp_path_factory.mktemp("held")
    names = [
        night(folder, MONDAY),
        night(folder, TUESDAY, practice(), second("Ejer")),
        night(folder, THURSDAY, practice(name="Andre"), second("Ejer")),
    ]
    good(folder, "ingest", *names[:2])
    (folder / "bad.toml").write_text("[publish]\nto = 3\n")
    (folder / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 0\n')
    assert called(folder, "ingest", names[2]).exit == 3
    return folder


def test_every_command_takes_the_language_before_and_behind() -> None:
    root = build_command()
    for command in (root, *dict(list_built(root)).values()):
        assert "--lang" in {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize(
    ("words", "danish"),
    [
        (["runs"], "tilbageholdt"),
        (["runs"], "  type "),
        (["status"], "nyeste udtræk"),
        (["events", "--run", "9"], "fejl: Der er ingen kørsel 9 i sordiff.db."),
        (["events", "--since", "x"], "Fejl: Ugyldig værdi for --since: et sekvensnummer"),
        (["config", "--set", "mode=x"], "kan ikke bruges: værdien 'x' kendes ikke. Se docs"),
        (["config", "--config", "bad.toml"], "forventet `array`, ikke `int` - i `$.publish.to`."),
        (["report", "--date", "x"], "Fejl: Ugyldig værdi for --date: x er ikke en dato"),
        (["report", "--format", "pdf"], "Fejl: Ugyldig værdi for '--format': 'pdf' er ikke"),
        (["runs", "--limit", "x"], "Fejl: Ugyldig værdi for '--limit': 'x' er ikke et helt tal"),
        (["publish", "--to", "s3"], "Fejl: Ugyldig værdi for --to: s3 er hverken kafka eller"),
        (["publish", "--to", "ndjson:a/b"], "a/b: fejl under oprettelse: filen eller mappen"),
        (["config"], 'db = "sordiff.db"  (standard)'),
        (["alarms", "test"], "2 kørsler vurderet igen"),
        (["alarms", "test"], "ville blive tilbageholdt"),
        (["check", f"{MONDAY}.xml"], "kan indlæses"),
        (["check", "gone.xml"], "fejl: gone.xml kan ikke læses: filen eller mappen findes ikke."),
        (["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml"], "Oprettet (1)"),
        (["diff", f"{TUESDAY}.xml", f"{MONDAY}.xml"], "det er ældre ("),
        (["diff", f"{TUESDAY}.xml", f"{MONDAY}.xml"], "Byt om på de to"),
        (["ingest", f"{TUESDAY}.xml"], "allerede registreret som kørsel 2"),
        (["ingest", f"{THURSDAY}.xml"], "Allerede tilbageholdt: kørsel 3 · nat"),
        (
            ["ingest", f"{THURSDAY}.xml"],
            "tilbageholdt: kørsel 3 (2024-03-07) er tilbageholdt: 1 omdøbt",
        ),
        (["run", f"{TUESDAY}.xml"], "allerede registreret som kørsel 2"),
        (["publish"], "fejl: Der er ikke angivet, hvor Kafka er."),
        (["replay", "--same-topics"], "fejl: Der er ikke angivet, hvor Kafka er."),
        (["topics", "check"], "fejl: Der er ikke angivet, hvor Kafka er."),
        (["retract", "9", "--reason", "x"], "fejl: Der er ingen kørsel 9."),
        (["release", "2", "--reason", "x"], "Kørsel 2 er godkendt; der kan kun tages stilling"),
        (["reject", "9", "--reason", "x"], "fejl: Der er ingen kørsel 9."),
        (["release", "3", "--reason", " "], "Ugyldig værdi for --reason: skriv hvorfor."),
        (["report", "--run", "3"], "Alarm: 1 omdøbt"),
        (["show", "1"], "Ingen registreret nat har en enhed"),
        (["schemas", "export", "sordiff.toml/x"], "fejl: Skemaerne kunne ikke skrives til "),
        (["runs", "--lim"], "Tilvalget '--lim' findes ikke."),
        (["runs", "--limit", "-1"], "Fejl: Ugyldig værdi for '--limit': -1 ligger ikke i"),
        (
            ["status", "--max-age", "2.5"],
            "advarsel: det nyeste godkendte udtræk er mere end 2,5 timer gammelt\n",
        ),
        (["status", "--max-age", "x"], "Ugyldig værdi for '--max-age': 'x' er ikke et tal."),
        (["report", "--date", THURSDAY], f"kørsel 3 ({THURSDAY}) er tilbageholdt."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value[:20],
)
def test_it_speaks_danish(held: Path, words: list[str], danish: str) -> None:
    told = called(held, *words, "--lang", "da")
    assert danish in told.stdout + told.stderr
    before = called(held, "--lang", "da", *words)
    assert (before.exit, before.stdout, before.stderr) == (told.exit, told.stdout, told.stderr)


def test_the_help_without_a_command_keeps_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SORDIFF_LANG", "da")
    assert "  run        Ingest" in called(tmp_path).stderr
    assert called(tmp_path, "--lang", "da", "--help") == called(tmp_path, "--help")
    assert "  run        Ingest" in called(tmp_path, "--help", "--lang", "da").stdout
    assert "Create the missing topics." in called(tmp_path, "topics").stderr


def test_a_mistyped_command_gets_one_suggestion(tmp_path: Path) -> None:
    assert called(tmp_path, "stat").stderr.count("Did you mean 'status'?") == 1


def test_several_are_counted_in_the_plural() -> None:
    counts = {"unit.closure_scheduled": 3, "unit.shak_changed": 1, "location_number.assigned": 2}
    paint = Paint(wanted=False)
    said = {
        language: " ".join(counts_lines(counts, catalogue(language), paint))
        for language in ("da", "en")
    }
    assert said == {
        "da": "~1 SHAK-kode · …3 lukninger varslet · ⇄2 lokationsnumre tildelt",
        "en": "~1 SHAK code · …3 closings scheduled · ⇄2 location numbers assigned",
    }


@pytest.mark.parametrize(
    ("words", "danish"),
    [
        (["rnus"], "Kommandoen findes ikke: 'rnus'. Mente du 'runs'?\n"),
        (["topics", "creat"], "Kommandoen findes ikke: 'creat'. Mente du 'create'?\n"),
    ],
)
def test_a_mistyped_command_is_corrected_once(
    tmp_path: Path, words: list[str], danish: str
) -> None:
    assert called(tmp_path, "--lang", "da", *words).stderr.endswith(danish)
    assert called(tmp_path, *words, "--lang", "da").stderr.endswith(danish)
    assert called(tmp_path, *words, "--lang=da").stderr.endswith(danish)


def test_a_decision_is_told_in_danish(tmp_path: Path, held: Path) -> None:
    for name in ("sordiff.db", "sordiff.toml"):
        (tmp_path / name).write_bytes((held / name).read_bytes())
    told = good(tmp_path, "release", "3", "--reason", "prøvet", "--lang", "da")
    assert told.startswith("Kørsel 3 er frigivet · 2024-03-07 · sekvens ")


def test_what_is_stronger_holds(
    held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speaks_danish(*words: str) -> bool:
        return "nyeste udtræk" in good(tmp_path, *words, "status")

    (tmp_path / "sordiff.db").write_bytes((held / "sordiff.db").read_bytes())
    assert not speaks_danish()
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    assert speaks_danish()
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    assert not speaks_danish()
    (tmp_path / "sordiff.toml").write_text('lang = "da"\n')
    assert speaks_danish()
    monkeypatch.setenv("SORDIFF_LANG", "en")
    assert not speaks_danish()
    assert speaks_danish("--lang", "da")
    assert "newest snapshot" in good(tmp_path, "--lang", "da", "status", "--lang", "en")
    assert "newest snapshot" in good(tmp_path, "--lang", "da", "status", "--lang=en")


def test_a_settings_file_elsewhere_names_the_language(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('lang = "da"\n')
    told = called(tmp_path, "diff", "a.xml", "b.xml", "--config", "mine.toml")
    assert "fejl: a.xml kan ikke læses" in told.stderr
    assert "error: a.xml can't be read" in called(tmp_path, "diff", "a.xml", "b.xml").stderr


@pytest.mark.parametrize("table", ["", "[notices]\n"])
def test_a_language_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    (tmp_path / "sordiff.toml").write_text(f'{table}lang = "xx"\n')
    told = called(tmp_path, "config")
    assert (told.exit, "xx is none of: da, en" in told.stderr) == (2, True)
    monkeypatch.setenv("SORDIFF_LANG", "xx")
    told = called(tmp_path, "runs")
    assert (told.exit, "xx is none of: da, en" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ["check", f"{MONDAY}.xml", "--format", "json"],
        ["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml", "--format", "jsonl"],
        ["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml", "--format", "json"],
        ["events"],
        ["config", "--format", "json"],
        ["report", "--run", "3", "--format", "json"],
        ["report", "--run", "3", "--format", "csv"],
        ["history", "1", "--format", "json"],
    ],
    ids=" ".join,
)
def test_what_programs_read_has_no_language(held: Path, words: list[str]) -> None:
    danish, english = (called(held, *words, "--lang", language) for language in ("da", "en"))
    assert (danish.exit, danish.stdout) == (english.exit, english.stdout)
    if words[0] in {"check", "report"} and "json" in words:
        assert json.loads(english.stdout)
