"""Any single node may die at any moment: `make chaos ARGS=--cluster`.

Night after night goes out to a cluster of three nodes. In each try one node is killed with -9, or stands still as
after a power cut (it answers nothing, and refuses nothing): any node, the leader of a topic, or the coordinator of
the transactions, at a moment drawn uniformly from the duration of an undisturbed call. `publish` must go on by
itself and leave with 0, at most 20 seconds later than undisturbed. At the end a read_committed consumer (librdkafka)
must see every event once, each key in order of sequence, and no run in part.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from tests.cli.forked import fork_sordiff
from tests.cli.product import Done
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.cluster import NODES, Cluster
from tests.kafka.nights import TOPICS, bare, busy_nights, kafka_place, topic_names

ACCEPTED = ("--accept", "--reason", "the nights of this test are all mad")
MOST_SECONDS_LATER = 20.0
TRANSACTIONS = "sordiff-publish-urn:sordiff:sor"
_LONGEST = 240
_MEASURED = 4
# What is thrown: the dice show one of these.
NODE, LEADER, COORDINATOR = "a node", "the leader of a topic", "the coordinator"
# What the client says goes into a file, with what its threads are at where the call takes long: without it nobody can tell
# afterwards why a try did not hold.
_LISTENED = """
import faulthandler, logging, sys
said = sys.argv.pop(1)
form = "%(asctime)s.%(msecs)03d %(threadName)s %(name)s %(levelname)s %(message)s"
logging.basicConfig(filename=said, level=logging.INFO, format=form, datefmt="%H:%M:%S")
for part in ("kafka.producer.transaction_manager", "kafka.cluster", "kafka.net.manager"):
    logging.getLogger(part).setLevel(logging.DEBUG)
faulthandler.dump_traceback_later(30, repeat=True, file=open(said, "a"))
from sordiff.cli import main
main()
"""
CALLS = (("publish",), ("publish", "--state"))
STATES, STANDS_STILL = 0.3, 0.25  # such a share of the tries
KILLED, STILL = "killed", "stands still"


@dataclass(frozen=True, kw_only=True)
class Try:
    """A publish during which something happened to a node."""

    number: int
    whom: str
    node: int
    how: str
    moment: float
    words: tuple[str, ...]
    later: float
    code: int
    err: str
    in_time: bool

    def __str__(self) -> str:
        what = f"{self.whom} ({self.node}) {self.how} after {self.moment:.2f} s"
        end = f"left with {self.code}, {self.later:.1f} s later" if self.in_time else "it had ended"
        return f"try {self.number}: {' '.join(self.words)}: {what}: {end}"

    @property
    def held(self) -> bool:
        """Whether it went on by itself, and soon enough."""
        return self.code == 0 and self.later <= MOST_SECONDS_LATER


@dataclass(kw_only=True)
class ClusterChaos:
    """One chain of nights on one cluster. more: lines of [kafka]."""

    folder: Path
    cluster: Cluster
    seed: int
    units: int = 320
    changes: int = 900
    stand_still: float = STANDS_STILL
    more: str = ""
    tries: list[Try] = field(default_factory=list)
    undisturbed: dict[tuple[str, ...], float] = field(default_factory=dict)
    nights_told: int = 0
    waits: bool = False
    client_said: str = ""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.nights = busy_nights(random.Random(self.seed), units=self.units, changes=self.changes)
        self.place = kafka_place(self.folder / "place", self.cluster.bootstrap, more=self.more)

    def begin(self, *calls: tuple[str, ...], times: int = 1) -> None:
        """The topics, a baseline, and how long an undisturbed call takes at least, of so many; of each that is meant."""
        self.place.sordiff("topics", "create", env=bare())
        self.ingest()
        self.place.sordiff("publish", env=bare())
        for words in (calls or CALLS) * times:
            self.ingest()
            done = self._process(*words)
            assert done.code == 0, done.err
            self.undisturbed[words] = min(self.undisturbed.get(words, _LONGEST), done.seconds)

    def strike(self) -> Try:
        """A night, and a node that fails while it goes out; afterwards all is whole again."""
        if not self.waits:
            self.ingest()
        words = CALLS[self.rng.random() < STATES]
        whom = self.rng.choice((NODE, LEADER, COORDINATOR))
        how = STILL if self.rng.random() < self.stand_still else KILLED
        node = self._find(whom)
        moment = self.rng.uniform(0, self.undisturbed[words])
        done, in_time = self._publish_while(words, moment, node, how)
        self.waits = False
        tried = Try(
            number=len(self.tries) + 1,
            whom=whom,
            node=node,
            how=how,
            moment=moment,
            words=words,
            later=done.seconds - self.undisturbed[words],
            code=done.code,
            err=done.err,
            in_time=in_time,
        )
        self.tries.append(tried)
        self.undisturbed[words] = min(self.undisturbed[words], done.seconds)
        self._heal(node, how, published=tried.code == 0)
        return tried

    def _heal(self, node: int, how: str, *, published: bool) -> None:
        """All is whole again; meanwhile the next night is recorded, for a node takes its time to come back."""
        if how == STILL:
            self.cluster.nodes[node].resume()
        else:
            self.cluster.nodes[node].begin()
        if published:
            self.ingest()
            self.waits = True
        if how == KILLED:
            self.cluster.nodes[node].wait()
        self.make_whole()
        if not published:
            self.place.sordiff("publish", env=bare())

    def make_whole(self) -> None:
        """All nodes serve, and hold everything."""
        self.cluster.start()
        self.cluster.await_whole(topic_names().values())

    def end(self) -> int:
        """Look at all that is there; how many events that is."""
        if self.waits:
            self.place.sordiff("publish", env=bare())
        return len(assert_all_arrived(self.place, self.cluster.bootstrap))

    def _find(self, whom: str) -> int:
        if whom == LEADER:
            return self.cluster.find_leader(topic_names()[self.rng.choice(TOPICS)])
        if whom == COORDINATOR:
            return self.cluster.find_coordinator(TRANSACTIONS)
        return self.rng.choice(NODES)

    def ingest(self) -> None:
        """One more night."""
        name = self.place.put(next(self.nights), f"night{self.nights_told}")
        self.place.ingest(name, *(ACCEPTED if self.nights_told else ()))
        (self.place.folder / name).unlink()
        self.nights_told += 1

    def _process(self, *words: str) -> Done:
        said = self.folder / "client.log"
        said.unlink(missing_ok=True)
        begun = time.monotonic()
        with (
            tempfile.TemporaryFile() as out,
            tempfile.TemporaryFile() as err,
            fork_sordiff(
                *(str(said), *words),
                folder=self.place.folder,
                environment={**bare(), "SORDIFF_DEBUG": "1"},
                stdout=out,
                stderr=err,
                code=_LISTENED,
            ) as process,
        ):
            code = process.wait(_LONGEST)
            seconds = time.monotonic() - begun
            told = [_read(stream) for stream in (out, err)]
        self.client_said = said.read_text(encoding="utf-8")
        return Done(code=code, out=told[0], err=told[1], seconds=seconds)

    def _publish_while(
        self, words: tuple[str, ...], moment: float, node: int, how: str
    ) -> tuple[Done, bool]:
        """How it ended, and whether the node failed before that."""
        found: list[Done] = []
        publisher = threading.Thread(target=lambda: found.append(self._process(*words)))
        publisher.start()
        time.sleep(moment)
        in_time = publisher.is_alive()
        if how == STILL:
            self.cluster.nodes[node].pause()
        else:
            self.cluster.kill(node)
        publisher.join()
        return found[0], in_time


def cluster_chaos(
    folder: Path, *, tries: int, seed: int, stand_still: float = STANDS_STILL
) -> ClusterChaos:
    """So many tries on a cluster of their own; each is told as it ends. stand_still: the share of silent nodes."""
    with Cluster(folder / "cluster") as cluster:
        chaos = ClusterChaos(folder=folder, cluster=cluster, seed=seed, stand_still=stand_still)
        chaos.begin(times=_MEASURED)
        for _ in range(tries):
            tried = chaos.strike()
            print(f"chaos: {tried}", flush=True)
            if not tried.held:
                kept = Path(f"chaos-{seed}-{tried.number}.log")
                kept.write_text(chaos.client_said, encoding="utf-8")
                print(f"chaos: NOT HELD: {tried.err.strip()} ({kept})", flush=True)
        events = chaos.end()
    print(f"chaos: every event once, in order, runs whole: {events:,} events")
    return chaos


def _read(stream: BinaryIO) -> str:
    stream.seek(0)
    return stream.read().decode()


def summarise(chaos: ClusterChaos) -> str:
    """The figures of benchmarks/CHAOS.md: of the tries in which the node failed before publish had ended."""
    counted = [tried for tried in chaos.tries if tried.in_time]
    held = sum(tried.held for tried in counted)
    later = sorted(tried.later for tried in counted)
    kinds = Counter(f"{tried.whom} {tried.how}" for tried in counted)
    told = ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
    return (
        f"seed {chaos.seed}: {held} of {len(counted)} held"
        f" ({len(chaos.tries) - len(counted)} more came too late to count);"
        f" later than undisturbed: median {later[len(later) // 2]:.1f} s, at most {later[-1]:.1f} s; {told}"
    )
