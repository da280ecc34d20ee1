"""The nights of the demo, recorded once, and the application over them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import good
from tests.http.asking import Client, serving
from tests.http.holding import Held, copy_held
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

NIGHTS = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A changelog of the three nights, which nobody writes to."""
    folder = tmp_path_factory.mktemp("demo")
    good(folder, "ingest", *NIGHTS, "--accept", "--reason", "the demo")
    return folder / "sordiff.db"


@pytest.fixture
def held(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """A changelog with a held night, and those who may decide."""
    return copy_held(tmp_path_factory, tmp_path)


@pytest.fixture(scope="session")
def client(demo: Path) -> Iterator[Client]:
    with serving(demo) as asking:
        yield asking
