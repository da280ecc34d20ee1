"""`publish --follow` through all that may happen: the short run of `make soak`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.kafka.broker import Broker
from tests.kafka.follower import Taken
from tests.kafka.soak import Soak
from tests.kafka.soaked import Calm, judge_log

NIGHTS = 10


def test_it_follows_whatever_happens(rough_broker: Broker, prefix: str, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # shown when it fails
    soak = Soak(
        folder=tmp_path,
        broker=rough_broker,
        seed=seed,
        nights=NIGHTS,
        faulty=5,
        shaken=1,
        prefix=prefix,
    )
    try:
        soak.run()
    finally:
        soak.end()
    late = [one for one in soak.ended if not one.held]
    assert not late
    said = judge_log(soak.follower.log.read_text())
    assert said.readable, said


def test_what_grows_is_found() -> None:
    """The judges of a soak themselves."""

    def calm(megabytes: float, descriptors: float) -> Calm:
        return Calm.of(
            [
                (
                    night,
                    Taken(
                        megabytes=50 + megabytes * night,
                        descriptors=round(5 + descriptors * night),
                        threads=2,
                    ),
                )
                for night in range(200)
            ]
        )

    assert calm(0.009, 0).flat
    assert not calm(0.011, 0).flat
    assert not calm(0, 0.01).flat


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("Run 1 · 2024-03-06 · 3 events · 5 messages\n" * 99, True),
        ("sordiff: warning: No Kafka answers.\n" * 20, True),
        ("sordiff: warning: No Kafka answers.\n" * 21, False),
        ("Traceback (most recent call last):\n", False),
        ("Exception ignored in: <function>\n", False),
    ],
)
def test_a_log_that_cannot_be_read_is_found(text: str, readable: bool) -> None:
    assert judge_log(text).readable is readable
