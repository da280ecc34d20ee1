"""On a screen of any width no line is longer than it, but for a word that cannot be torn apart."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import good
from tests.making.demo import DEMO

if TYPE_CHECKING:
    from pathlib import Path

UNIT, NUMBER, REMOVED = "620121000016009", "5790008711057", "630411000016007"
COMMANDS = (
    ("report",),
    ("report", "--since", "2024-03-05"),
    ("show", UNIT),
    ("show", NUMBER),
    ("show", REMOVED),
    ("history", UNIT),
    ("history", NUMBER),
    ("status",),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    good(folder, "ingest", *sorted(DEMO.glob("*.zip")))
    return folder


def too_long(text: str, width: int) -> list[str]:
    """Lines that are longer, and of more than one word behind a sign."""
    return [line for line in text.splitlines() if len(line) > width and len(line.split()) > 2]


@pytest.mark.parametrize(
    ("command", "language", "width"),
    list(itertools.product(COMMANDS, ("da", "en"), (40, 60, 80, 200))),
)
def test_no_line_is_wider_than_the_screen(
    told: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
    language: str,
    width: int,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    said = good(told, *command, "--lang", language)
    assert too_long(said, width) == []
    assert all(line == line.rstrip() for line in said.splitlines())


def test_columns_hold_where_there_is_no_terminal(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def widest(*words: str) -> int:
        return max(map(len, good(told, "report", *words).splitlines()))

    assert 60 < widest() <= 100
    for nonsense in ("", "0", "wide", "-5", "٣"):
        monkeypatch.setenv("COLUMNS", nonsense)
        assert 60 < widest() <= 100
    monkeypatch.setenv("COLUMNS", "60")
    assert widest() <= 60
    good(told, "report", "-o", "night.txt")
    assert max(map(len, (told / "night.txt").read_text().splitlines())) <= 60
    monkeypatch.setenv("COLUMNS", "9" * 5000)
    assert widest() > 100


def test_a_narrow_screen_has_what_is_said_below(
    told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = good(told, "history", UNIT, "--lang", "da").splitlines()
    assert "    fra Læge Inger Skovgaard ApS" in lines
    shown = good(told, "show", UNIT, "--lang", "da").splitlines()
    assert shown[shown.index("  SOR-id") + 1] == f"    {UNIT}"
