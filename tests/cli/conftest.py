"""What tests of the command line stand on."""

from pathlib import Path

import pytest

from tests.cli.workplace import Workplace


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path)
