"""The lines of a document that a shell runs, with other people's tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.contract.test_console_examples import pattern
from tests.kafka.session import demanded

if TYPE_CHECKING:
    from collections.abc import Mapping


def demand_tools(document: str, *tools: str) -> None:
    """Skip where one is missing, and say so loudly; where CI is set, fail."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing and not demanded():
        pytest.skip(f"THE LINES OF {document} WERE NOT RUN: {' and '.join(missing)} missing")
    assert not missing, f"{' and '.join(tools)} are demanded where CI is set: apt-get install them"


def demand_shown(command: str, shown: list[str], environment: Mapping[str, str]) -> None:
    """Run a command in bash; it must succeed, and say what is shown below it."""
    said = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (said.returncode, said.stderr) == (0, ""), command
    assert re.fullmatch(pattern(shown), said.stdout), f"$ {command}\n{said.stdout}"
