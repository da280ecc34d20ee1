"""`make demo-kafka` shows the demo's nights at a consumer, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.kafka import jars
from tests.kafka.session import demanded
from tests.scenarios.telling import ROOT


def test_the_nights_arrive() -> None:
    why = jars.missing()
    if why and not demanded():
        pytest.skip(f"No broker. {why}")
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kafka.demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert "        run.completed: night, 33 events, 66 units" in lines
    told = [line.split() for line in lines if "unit.effective_location_number_changed" in line]
    assert ["39", "unit.effective_location_number_changed", "Sygeplejeteam", "Nord"] in told
    assert lines[-1].startswith("The mirror has 66 units; Sygeplejeteam Nord is one of them")
