"""A third language is one file: one that is made by a machine, laid beside the others and nowhere named."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sordiff.render.language.sentences import HOLE
from tests.cli.practice import MONDAY, THURSDAY, TUESDAY, night, practice, second
from tests.cli.running import command_in_turn, split_in_turn
from tests.language.prose import PACKAGE

# What is no word: marks of numbers and the name of a theme's sign.
_MARKS = {"thousands", "decimal", "quoted"}


def _capitals(text: str) -> str:
    """A text in capitals, its holes as they are."""
    return "".join(
        part if part.startswith("{") else part.upper() for part in re.split(r"(\{[^}]*\})", text)
    )


def _translation(template: str) -> str:
    return _capitals(HOLE.sub(r"{\1}", template))


@pytest.fixture(scope="module")
def loud(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with English in capitals as its third language, and a few nights."""
    folder = tmp_path_factory.mktemp("loud")
    shutil.copytree(PACKAGE, folder / "sordiff", ignore=shutil.ignore_patterns("__pycache__"))
    languages = folder / "sordiff" / "render" / "language"
    english, danish = (
        json.loads((languages / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("en", "da")
    )
    texts = {
        key: text if key in _MARKS else _capitals(text) for key, text in english["texts"].items()
    }
    sentences = {template: _translation(template) for template in danish["sentences"]}
    (languages / "loud.json").write_text(
        json.dumps({"texts": texts, "sentences": sentences}), encoding="utf-8"
    )
    night(folder, MONDAY)
    night(folder, TUESDAY, practice(), second("Ejer"))
    night(folder, THURSDAY, practice(name="Andre"), second("Ejer"))
    (folder / "sordiff.toml").write_text('[alarms.counts]\n"unit.renamed" = 0\n')
    return folder


def _said(folder: Path, *calls: list[str]) -> list[str]:
    """What each call wrote."""
    done = subprocess.run(
        command_in_turn([["--lang", "loud", *words] for words in calls]),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        check=True,
    )
    both = zip(split_in_turn(done.stdout), split_in_turn(done.stderr), strict=True)
    return [out + err for (_, out), (_, err) in both]


def test_it_is_there_when_its_file_is(loud: Path) -> None:
    asked, compared, taken, state, report, missing, page = _said(
        loud,
        ["runs", "--help"],
        ["diff", f"{MONDAY}.xml", f"{TUESDAY}.xml"],
        ["ingest", f"{MONDAY}.xml", f"{TUESDAY}.xml", f"{THURSDAY}.xml"],
        ["status"],
        ["report", "--run", "3"],
        ["events", "--run", "9"],
        ["report", "--run", "2", "--format", "html"],
    )
    assert "[da|en|loud]" in asked
    assert "\nCREATED (1)\n" in compared
    assert " 1 NIGHT · " in compared
    assert "HELD: RUN 3 · NIGHT" in taken
    assert re.search(r"RUN 3 \(2024-03-07\) IS HELD: 1 NEW NAMES, WHERE 0 IS THE LIMIT", taken)
    assert "NEWEST SNAPSHOT" in state
    assert "ALARM: 1 NEW NAMES, WHERE 0 IS THE LIMIT" in report
    assert "RENAMED (1)" in report
    assert "ERROR: THERE IS NO RUN 9 IN sordiff.db. `SORDIFF RUNS` LISTS THEM." in missing
    assert "CREATED" in page


def test_no_module_names_the_languages() -> None:
    for path in PACKAGE.rglob("*.py"):
        for quoted in re.findall(r"""["'](da|en)["']""", path.read_text(encoding="utf-8")):
            # The language of the source has one home.
            assert (path.relative_to(PACKAGE).as_posix(), quoted) == (
                "render/language/__init__.py",
                "en",
            )
