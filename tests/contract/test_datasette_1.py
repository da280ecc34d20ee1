"""Datasette 1.0a shows the views as 0.65 does; it stands in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.contract.other_databases import read_view
from tests.contract.sqlite_document import demo_changelog
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTIONS = ROOT / "docs" / "datasette.json"


@pytest.fixture
def datasette_1(tmp_path: Path) -> Path:
    """A folder with Datasette 1.0a and what it needs beyond .venv, which has 0.65."""
    folder = tmp_path / "datasette-1"
    lock = ROOT / "tests" / "contract" / "datasette-1.0a.lock"
    install = ("install", "--quiet", "--disable-pip-version-check", "--no-deps")
    where = ("--require-hashes", "--target", str(folder), "--requirement", str(lock))
    subprocess.run([sys.executable, "-m", "pip", *install, *where], check=True)
    return folder


def test_datasette_1_shows_the_views_and_answers(tmp_path: Path, datasette_1: Path) -> None:
    """With both options, as docs/sqlite.md says."""
    demo = demo_changelog(tmp_path)
    options = ("--metadata", str(DESCRIPTIONS), "-c", str(DESCRIPTIONS))

    def get(address: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "datasette", str(demo), *options, "--get", address],
            env={**os.environ, "PYTHONPATH": str(datasette_1)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    told = json.loads(get("/sordiff/v_changes.json?_shape=array&_size=max&_sort=sequence"))
    assert [tuple(row.values()) for row in told] == read_view(demo, "v_changes")
    (closing_next,) = json.loads(get("/sordiff/closing_next.json?_shape=array"))
    assert closing_next["name"] == "Lungemedicinsk Dagafsnit"
    described = json.loads(DESCRIPTIONS.read_text("utf-8"))["databases"]["sordiff"]["tables"]
    assert described["v_units"]["columns"]["sor_id"] in get("/sordiff/v_units")
