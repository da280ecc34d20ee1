"""Exactly once, whatever is killed when: `python -m tests.kafka.chaos --kills 150`, or `make chaos`.

Night after night is recorded and published. Both are killed with -9 at moments drawn uniformly from the duration of
an undisturbed call, and the broker is restarted, or killed and restarted, while something is being published. At the
end, and at moments between, a read_committed consumer (librdkafka, not the product's client) must see every event
once, each key in order of sequence, and no run in part.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cli.product import Done
from tests.kafka.arrived import assert_all_arrived, assert_whole_now, read_events, read_runs
from tests.kafka.broker import Broker
from tests.kafka.cluster_chaos import STANDS_STILL, cluster_chaos, summarise
from tests.kafka.cluster_faults import cluster_faults
from tests.kafka.hanging import end_what_hangs
from tests.kafka.nights import bare, busy_nights, kafka_place, topic_names

ACCEPTED = ("--accept", "--reason", "the nights of this test are all mad")
FEWEST_EVENTS = 500
# A message that a killed broker has lost is given up after this time, and the call leaves with 4.
QUICK_TO_GIVE_UP = "delivery_timeout_seconds = 60"
# Connecting, delivering and the commit may each take their time, one after the other.
LONGEST = 300


@dataclass(kw_only=True)
class Tally:
    """What was done, and what it did."""

    nights: int = 0
    events: int = 0
    killed_ingesting: int = 0
    killed_publishing: int = 0
    restarts: int = 0
    hard_restarts: int = 0
    hanging_transactions: int = 0
    not_published: int = 0
    arrived_before_the_mark: int = 0
    messages_aborted: int = 0
    looks: int = 0
    ingest_seconds: float = 0
    publish_seconds: float = 0

    @property
    def kills(self) -> int:
        return self.killed_ingesting + self.killed_publishing

    def __str__(self) -> str:
        return ", ".join(
            f"{name.replace('_', ' ')} {value:,.2f}"
            if isinstance(value, float)
            else f"{name.replace('_', ' ')} {value:,}"
            for name, value in vars(self).items()
        )


@dataclass(kw_only=True)
class Chaos:
    """So many kills over as many nights as it takes: one chain of nights. more: lines of [kafka]."""

    folder: Path
    broker: Broker
    seed: int
    kills: int
    prefix: str = ""
    units: int = 320
    changes: int = 900
    fewest_events: int = FEWEST_EVENTS
    more: str = ""
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.place = kafka_place(
            self.folder / "place",
            self.broker.bootstrap,
            self.prefix,
            more=f"{QUICK_TO_GIVE_UP}\n{self.more}",
        )
        self.nights = busy_nights(random.Random(self.seed), units=self.units, changes=self.changes)

    def run(self) -> Tally:
        self.place.sordiff("topics", "create")
        self._measure()
        while self.tally.kills < self.kills:
            self._night()
        self._publish_to_the_end()
        assert_all_arrived(self.place, self.broker.bootstrap, self.prefix)
        self._count()
        return self.tally

    def _measure(self) -> None:
        """How long a night takes as a process when nobody disturbs it; the baseline comes first."""
        self._ingest(self._next_night())
        self._publish_to_the_end()
        ingested = self._ingest_as_process(self._next_night(), code=0)
        published = self._publish_as_process()
        assert published.code == 0, published.err
        self.tally.ingest_seconds = ingested.seconds
        self.tally.publish_seconds = published.seconds

    def _next_night(self) -> str:
        name = self.place.put(next(self.nights), f"night{self.tally.nights}")
        self.tally.nights += 1
        return name

    @property
    def _accepted(self) -> tuple[str, ...]:
        return ACCEPTED if self.tally.nights > 1 else ()

    def _ingest(self, name: str) -> None:
        """What nobody kills needs no process of its own."""
        self.place.ingest(name, *self._accepted)

    def _ingest_as_process(self, name: str, *, code: int | None = None, **how: Any) -> Done:
        words = ("ingest", name, *self._accepted)
        return self.place.process(*words, code=code, env=bare(), **how)

    def _publish(self) -> Done:
        return self._noted(self.place.sordiff("publish", code=None, env=bare()))

    def _publish_as_process(self, **how: Any) -> Done:
        return self._noted(
            self.place.process("publish", code=None, limit=LONGEST, env=bare(), **how)
        )

    def _noted(self, done: Done) -> Done:
        self.tally.arrived_before_the_mark += done.out.count("had arrived before")
        return done

    def _publish_to_the_end(self) -> Done:
        done = self._publish()
        if done.code == 4 and "still open" in done.err and self.tally.hard_restarts:
            # The broker's own fault, for which docs/publishing.md has a remedy.
            ended = end_what_hangs(self.broker.bootstrap, topic_names(self.prefix).values())
            self.tally.hanging_transactions += ended > 0
            done = self._publish()
        assert done.code == 0, done.err
        return done

    def _night(self) -> None:
        name = self._next_night()
        while self.rng.random() < 0.35 and self.tally.kills < self.kills:
            moment = self.rng.uniform(0, self.tally.ingest_seconds)
            done = self._ingest_as_process(name, kill_after=moment)
            assert done.code in {0, -signal.SIGKILL}, done.err
            self.tally.killed_ingesting += done.code != 0
        self._ingest(name)
        while self.rng.random() < 0.75 and self.tally.kills < self.kills:
            self._disturb()
        if self.rng.random() < 0.6:  # else the next night comes while this one waits
            self._publish_to_the_end()
        if self.rng.random() < 0.2:
            self._look()

    def _disturb(self) -> None:
        dice = self.rng.random()
        moment = self.rng.uniform(0, self.tally.publish_seconds)
        if dice > 0.12:
            done = self._publish_as_process(kill_after=moment)
            assert done.code in {0, -signal.SIGKILL}, done.err
            self.tally.killed_publishing += done.code != 0
            return
        hard = self.rng.random() < 0.5
        self.tally.restarts += not hard
        self.tally.hard_restarts += hard
        done = self._publish_while_the_broker_restarts(moment, hard=hard)
        assert done.code in {0, 4}, done.err
        self.tally.not_published += done.code == 4

    def _publish_while_the_broker_restarts(self, moment: float, *, hard: bool) -> Done:
        found: list[Done] = []
        publisher = threading.Thread(target=lambda: found.append(self._publish_as_process()))
        publisher.start()
        time.sleep(moment)
        self.broker.restart(hard=hard)
        publisher.join()
        return found[0]

    def _look(self) -> None:
        """A subscriber who comes now sees whole runs, and nothing else."""
        self.tally.looks += 1
        assert_whole_now(self.broker.bootstrap, self.prefix)

    def _count(self) -> None:
        runs = [run for run in read_runs(self.broker.bootstrap, self.prefix) if run.counts]
        assert len(runs) == self.tally.nights - 1
        for run in runs:
            assert sum(run.counts.values()) >= self.fewest_events
            self.tally.events += sum(run.counts.values())
        everything = read_events(self.broker.bootstrap, self.prefix, isolation="read_uncommitted")
        self.tally.messages_aborted = len(everything) - self.tally.events


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--cluster", action="store_true", help="three nodes, of which one fails")
    parser.add_argument(
        "--faults", action="store_true", help="three nodes, and all that may happen"
    )
    parser.add_argument("--only", default="", help="of --faults: one, by the name of its function")
    parser.add_argument("--rounds", type=int, default=1, help="of --faults")
    parser.add_argument("--tries", type=int, default=100, help="of --cluster")
    parser.add_argument(
        "--still", type=float, default=STANDS_STILL, help="the share of silent nodes"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    words = parser.parse_args()
    if words.faults:
        print(f"chaos: {words.rounds} rounds of faults on a cluster, seed {words.seed}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            cluster_faults(Path(folder), rounds=words.rounds, seed=words.seed, only=words.only)
        return 0
    if words.cluster:
        return _on_a_cluster(words.tries, words.seed, words.still)
    print(f"chaos: {words.kills} kills, seed {words.seed}", flush=True)
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Broker(Path(folder, "broker")) as broker,
    ):
        tally = Chaos(folder=Path(folder), broker=broker, kills=words.kills, seed=words.seed).run()
    print(f"chaos: every event once, in order, runs whole: {tally}")
    print(f"chaos: {time.monotonic() - begun:.0f} s")
    return 0


def _on_a_cluster(tries: int, seed: int, still: float) -> int:
    print(f"chaos: {tries} tries on a cluster, seed {seed}, {still:.0%} silent", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        done = cluster_chaos(Path(folder), tries=tries, seed=seed, stand_still=still)
    print(f"chaos: {summarise(done)}")
    return int(not all(tried.held for tried in done.tries))


if __name__ == "__main__":
    sys.exit(main())
