"""What all tests of the command line share."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.cli.workplace import Workplace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are not measured here: coverage writes files and takes locks of its own.

    Under a full disk it fails, and after a Ctrl-C or a kill it can wait for ever.
    """
    for name in [name for name in os.environ if "COVERAGE" in name]:
        monkeypatch.delenv(name)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    """A folder to work in."""
    return Workplace(tmp_path)
