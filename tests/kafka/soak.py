"""`publish --follow` over thousands of nights: `python -m tests.kafka.soak --nights 2000`, or `make soak`.

A process of its own records each night, of a small register, while the follower runs. In the first part whatever may
happen does, by lot: the follower is killed with -9, or asked to end with SIGTERM in all kinds of situations; the broker
is killed, restarted, frozen. In the second part the follower lives on while the broker is away again and again. In the
third nothing happens but nights: there its memory and its file descriptors must stay what they are. At the end a
read_committed consumer (librdkafka, not the product's client) must see every event once, in order, and runs whole.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sordiff.event_sink import KAFKA
from sordiff.store.changelog import SqliteChangelog
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.broker import Broker
from tests.kafka.follower import Follower, Left, Taken
from tests.kafka.hanging import end_what_hangs
from tests.kafka.nights import bare, busy_nights, kafka_place, topic_names
from tests.kafka.soaked import Calm, judge_log
from tests.kafka.terminations import MOST_SECONDS, SITUATIONS, Termination

if TYPE_CHECKING:
    from tests.making.plain import PlainRegister

ACCEPTED = ("--accept", "--reason", "the nights of this test are all mad")
_DECIDED = ("release", "release", "reject")
# So many nights after its start a process has loaded and reserved what it needs.
_WARM_UP = 100
_PATIENCE = 400
_SUSPICIOUS = 45


@dataclass(kw_only=True)
class Soak:
    """One chain of nights; faulty and shaken: how many of them belong to the first and the second part."""

    folder: Path
    broker: Broker
    seed: int
    nights: int
    faulty: int
    shaken: int
    prefix: str = ""
    until: float = math.inf
    done: Counter[str] = field(default_factory=Counter)
    ended: list[Termination] = field(default_factory=list)
    taken: list[tuple[int, Taken]] = field(default_factory=list)
    told: int = 0
    follower: Follower = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        more = "partitions = 2\ntimeout_seconds = 10\ndelivery_timeout_seconds = 60"
        self.place = kafka_place(self.folder, self.broker.bootstrap, self.prefix, more=more)
        self.changelog = SqliteChangelog(self.place.database)
        self.registers = busy_nights(random.Random(self.seed), units=20, changes=8)

    def run(self) -> None:
        """All nights, and what is to be true at the end."""
        self.place.sordiff("topics", "create")
        self.record(next(self.registers))
        self.begin()
        while self.told <= self.nights and time.monotonic() < self.until:
            if self.told <= self.faulty:
                self._live_faulty_night()
            elif self.told <= self.faulty + self.shaken:
                self._live_shaken_night()
            else:
                self._live_calm_night()
            if self.told % 100 == 0:
                print(f"soak: {self.told} nights, {self.follower.measure()}", flush=True)
        self.await_published()
        self.note_end("at rest", self.follower.terminate())
        self.done["events"] = len(
            assert_all_arrived(self.place, self.broker.bootstrap, self.prefix)
        )

    def begin(self) -> None:
        """Another follower goes on."""
        self.follower = Follower(self.folder)
        self.done["followers"] += 1

    def end(self) -> None:
        """However it ended, no process is left."""
        self.follower.kill()

    def next_night(self) -> None:
        """One more night, recorded by a process of its own; sometimes held, and decided of by another."""
        self.record(next(self.registers), accepted=self.rng.random() > 0.05)

    def record(self, register: PlainRegister, *, accepted: bool = True) -> None:
        name = self.place.put(register, f"night{self.told}")
        words = ACCEPTED if accepted and self.told else ()
        left = self.place.process("ingest", name, *words, code=None, env=bare())
        assert left.code in {0, 3}, left.err
        (self.folder / name).unlink()
        self.told += 1
        if left.code == 3:
            decision, run = self.rng.choice(_DECIDED), str(self.place.runs()[-1]["id"])
            self._decide(decision, run)

    def _decide(self, decision: str, run: str) -> None:
        """It leaves with 4 where the follower is busy for long: decided it is, and the follower sends it."""
        words = (decision, run, "--reason", "by lot")
        left = self.place.process(*words, code=None, env=bare())
        assert left.code in {0, 4}, left.err
        assert self.place.runs()[-1]["state"] != "held"
        self.done["decided, and sent by the follower"] += left.code == 4
        self.done[decision] += 1

    def note_end(self, situation: str, left: Left) -> None:
        """It ended soon, whatever it was doing."""
        ending = Termination(
            night=self.told, situation=situation, code=left.code, seconds=left.seconds
        )
        self.ended.append(ending)
        if not ending.held:
            print(f"soak: NOT HELD: {ending}", flush=True)

    def _live_faulty_night(self) -> None:
        dice = self.rng.random()
        if dice < 0.2:
            situation = self.rng.choice(tuple(SITUATIONS))
            SITUATIONS[situation](self, situation)
            self.begin()
        elif dice < 0.3:
            self.next_night()
            time.sleep(self.rng.uniform(0, 0.6))
            self.follower.kill()
            self.done["follower killed"] += 1
            self.begin()
        else:
            self._live_shaken_night()

    def _live_shaken_night(self) -> None:
        """The follower lives on, whatever the broker does."""
        dice = self.rng.random()
        if dice > 0.1:
            self.next_night()
            if self.rng.random() < 0.5:  # else the next night comes while this one waits
                self.await_published()
            return
        self.next_night()
        time.sleep(self.rng.uniform(0, 0.6))
        if dice < 0.03:
            self.broker.pause()
            time.sleep(self.rng.uniform(0, 4))
            self.broker.resume()
            self.done["broker frozen"] += 1
        else:
            hard = dice < 0.06
            (self.broker.kill if hard else self.broker.stop)()
            if self.rng.random() < 0.5:
                self.next_night()
            self.broker.start()
            self.done["broker killed" if hard else "broker restarted"] += 1
        self.await_published()

    def _live_calm_night(self) -> None:
        self.next_night()
        self.await_published()
        self.taken.append((self.told, self.follower.measure()))

    def await_published(self) -> None:
        """Until nothing waits; what the broker left hanging is ended as docs/publishing.md says."""
        begun = time.monotonic()
        while self._waiting():
            assert self.follower.code is None, f"it has left with {self.follower.code}"
            passed = time.monotonic() - begun
            assert passed < _PATIENCE, "the follower does not come to an end"
            if passed > _SUSPICIOUS and self._end_what_hangs():
                begun = time.monotonic()
            time.sleep(0.02)

    def _waiting(self) -> bool:
        with self.changelog.open_to_read() as session:
            backlog = session.outbox.of_sink(KAFKA).count_backlog()
        return bool(backlog.runs or backlog.messages)

    def _end_what_hangs(self) -> bool:
        """The broker's own fault (docs/publishing.md): what it forgot to end, is ended by hand."""
        if "still open" not in self.follower.log.read_text().rpartition("Run ")[2]:
            return False
        self.note_end("a transaction hangs", self.follower.terminate())
        ended = end_what_hangs(self.broker.bootstrap, topic_names(self.prefix).values())
        self.done["hanging transactions"] += ended > 0
        self.place.sordiff("publish", env=bare())
        looked = self.place.sordiff("verify", "--topics", code=None, env=bare())
        if looked.code:
            print(f"soak: {looked.out}{looked.err}", flush=True)
            self.done["runs that the broker lost a part of"] += 1
            self.place.sordiff("replay", "--same-topics", "--since", "0", env=bare())
        self.begin()
        return True

    @property
    def calm(self) -> Calm:
        """What the follower took in the third part, when it was warm."""
        return Calm.of(self.taken[min(_WARM_UP, len(self.taken) // 2) :])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=2000)
    parser.add_argument("--faulty", type=float, default=0.35, help="the share of the first part")
    parser.add_argument("--shaken", type=float, default=0.15, help="the share of the second")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--minutes", type=float, default=math.inf, help="it ends after these")
    parser.add_argument("--log", type=Path, help="where to keep what the follower said")
    words = parser.parse_args()
    print(f"soak: {words.nights} nights, seed {words.seed}", flush=True)
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Broker(Path(folder, "broker")) as broker,
    ):
        soak = Soak(
            folder=Path(folder, "place"),
            broker=broker,
            seed=words.seed,
            nights=words.nights,
            faulty=round(words.nights * words.faulty),
            shaken=round(words.nights * words.shaken),
            until=begun + 60 * words.minutes,
        )
        try:
            soak.run()
        finally:
            soak.end()
            print("\n".join(summarise(soak.ended)), flush=True)
            if words.log:
                words.log.write_bytes(soak.follower.log.read_bytes())
        said = judge_log(soak.follower.log.read_text())
    print(f"soak: {', '.join(f'{what} {times:,}' for what, times in sorted(soak.done.items()))}")
    for line in (f"{soak.told} nights", str(soak.calm), str(said)):
        print(f"soak: {line}")
    print(f"soak: every event once, in order, runs whole; {time.monotonic() - begun:.0f} s")
    return int(not (soak.calm.flat and said.readable and all(end.held for end in soak.ended)))


def summarise(ended: list[Termination]) -> list[str]:
    """A line a situation: how often it was, and how long the end took."""
    situations = Counter(one.situation for one in ended)
    told = []
    for situation, times in sorted(situations.items()):
        seconds = sorted(one.seconds for one in ended if one.situation == situation)
        held = sum(one.held for one in ended if one.situation == situation)
        told.append(
            f"SIGTERM, {situation}: {held} of {times} within {MOST_SECONDS:g} s;"
            f" median {seconds[len(seconds) // 2]:.1f} s, at most {seconds[-1]:.1f} s"
        )
    return told


if __name__ == "__main__":
    sys.exit(main())
