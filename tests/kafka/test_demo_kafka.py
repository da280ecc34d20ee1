"""`make demo-kafka` shows the demo's nights at a consumer; here, of a broker that runs already."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.kafka.broker import Broker
from tests.kafka.session import GIVEN
from tests.scenarios.telling import ROOT


def test_the_nights_arrive(usual_names: Broker) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.kafka.demo"],
        cwd=ROOT,
        env={**os.environ, GIVEN: usual_names.bootstrap},
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
