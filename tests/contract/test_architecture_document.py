"""The table of layers in docs/architecture.md is that of import-linter, and the folders that it names are there."""

from __future__ import annotations

import re
import tomllib

from tests.scenarios.telling import ROOT

DOCUMENT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LAYERS = next(one for one in LINTER["contracts"] if one["type"] == "layers")["layers"]


def section(title: str) -> str:
    return DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def first_cells(title: str) -> list[list[str]]:
    """The names in the first cell of each row."""
    rows = re.findall(r"^\| ((?:\\\||[^|])+) \|", section(title), re.MULTILINE)
    return [names for row in rows if (names := re.findall(r"`([\w/]+)`", row))]


def test_the_table_of_layers_is_that_of_import_linter() -> None:
    wanted = [[part.strip().removeprefix("sordiff.") for part in row.split("|")] for row in LAYERS]
    assert first_cells("Layers") == wanted


def test_the_folders_of_tests_that_are_named_are_there() -> None:
    named = [name for row in first_cells("Tests") for name in row]
    assert named
    assert all((ROOT / name).is_dir() for name in named)


def test_every_folder_of_tests_is_named() -> None:
    found = {f"tests/{path.parent.name}" for path in (ROOT / "tests").glob("*/test_*.py")}
    assert found <= {name for row in first_cells("Tests") for name in row}


def test_the_homes_of_changes_are_there() -> None:
    cells = re.findall(r"^\| [^|]+ \| (.+) \|$", section("Where a change belongs"), re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`([\w/]+)`", cell)]
    assert len(named) > 8
    for name in named:
        path = ROOT / "sordiff" / name
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
