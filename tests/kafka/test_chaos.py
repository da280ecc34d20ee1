"""Exactly once, whatever is killed when: the short run of `make chaos`, with smaller nights."""

from __future__ import annotations

import random
from pathlib import Path

from tests.kafka.broker import Broker
from tests.kafka.chaos import Chaos

KILLS = 20


def test_every_event_once_whatever_is_killed(
    rough_broker: Broker, prefix: str, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown when it fails
    chaos = Chaos(
        folder=tmp_path,
        broker=rough_broker,
        seed=seed,
        kills=KILLS,
        prefix=prefix,
        units=120,
        changes=300,
        fewest_events=120,
        more="partitions = 3\n",
    )
    tally = chaos.run()
    print(tally)
    assert tally.kills == KILLS
    assert tally.killed_publishing > 0
