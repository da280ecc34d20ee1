"""Exactly once, whatever is killed when: the short run of `make chaos`."""

from __future__ import annotations

import random
from pathlib import Path

from tests.kafka.chaos import chaos
from tests.kafka.conftest import MakeBroker

KILLS = 20


def test_every_event_once_whatever_is_killed(make_broker: MakeBroker, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"python -m tests.kafka.chaos --kills {KILLS} --seed {seed}")  # shown when it fails
    tally = chaos(tmp_path, make_broker(), kills=KILLS, seed=seed)
    print(tally)
    assert tally.kills == KILLS
    assert tally.killed_publishing > 0
