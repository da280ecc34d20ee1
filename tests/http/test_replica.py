"""The example's mirror over HTTP after random nights, of which some are corrected or bring another version, killed and started again."""

from __future__ import annotations

import random
from pathlib import Path

from tests.http.serve_process import ServeProcess
from tests.kafka.replicas import Replica
from tests.laws.pairs import Version, read
from tests.making.nights import random_night, random_register
from tests.scenarios.telling import ROOT
from tests.state.recorded import Recorded, Taking

SCRIPT = ROOT / "examples" / "http_replica.py"
NIGHTS = 6
TAKEN: dict[int, Taking] = {2: "released", 3: "rebaseline", 4: "corrected"}


def test_after_the_nights_the_mirror_is_the_register(tmp_path: Path) -> None:
    recorded = Recorded(tmp_path)
    rng = random.Random(11)
    night = random_register(rng, units=30)
    version: Version = 2
    assert recorded.take(night, version, "accepted")
    with ServeProcess(tmp_path) as server:
        replica = Replica(server.address, tmp_path / "mirror.db", script=SCRIPT)
        try:
            for number in range(1, NIGHTS + 1):
                night = random_night(rng, night, days=1, intensity=15)
                version = 1 if number >= 5 else 2
                assert recorded.take(night, version, TAKEN.get(number, "accepted"))
                if number in {2, 5}:
                    replica.kill()
                    server.kill()
                    server.start()
                register = read(night, version).units
                if number in {1, 3, NIGHTS}:
                    replica.await_units(register.__eq__)
            replica.kill()
            assert server.end() == 0
        finally:
            replica.kill()
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 80
