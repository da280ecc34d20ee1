"""What else may happen to a cluster while nights go out: `make chaos ARGS=--faults`.

Each fault is made so many times, at moments that the seed draws. `publish` may leave with 4 where too few nodes are
left; it must then lose nothing and go on when they are back. What an administrator has deleted or truncated must be
refused with its remedy, and healed by it. After each round a read_committed consumer (librdkafka) must see every
event once, each key in order of sequence, and no run in part; what a replay sent again counts where the first is gone.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.cli.product import Done
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.cluster import NODES, Cluster
from tests.kafka.cluster_chaos import MOST_SECONDS_LATER, ClusterChaos
from tests.kafka.hanging import end_what_hangs
from tests.kafka.nights import EVENTS, bare, topic_names
from tests.kafka.reading import delete_topics, truncate_topic
from tests.kafka.severing import Links

# Of which two are gone, it shall not wait for as long as it does by itself.
HASTY = ("--set", "timeout_seconds=10", "--set", "delivery_timeout_seconds=12")
PUBLISH = ("publish",)
_DISK = "160m"
_FULL_NODE = 2
# request.timeout.ms of a broker, as Kafka has it.
_BROKERS_WAIT = 30


@dataclass(kw_only=True)
class ClusterFaults:
    """The faults, on one cluster and one chain of nights; each says what it did."""

    chaos: ClusterChaos
    links: Links
    has_small_disk: bool

    def __post_init__(self) -> None:
        self.rng = self.chaos.rng
        self.cluster = self.chaos.cluster
        self.place = self.chaos.place

    def faults(self) -> tuple[Callable[[], str], ...]:
        disk = (self.disk_is_full,) if self.has_small_disk else ()
        return (
            self.two_nodes_die,
            self.all_are_restarted_one_by_one,
            self.all_die_at_once,
            self.run_topic_is_lost,
            self.event_topic_is_lost,
            self.state_topic_is_lost,
            self.node_is_cut_off,
            *disk,
        )

    def run(self, only: str) -> Iterator[str]:
        """Each fault once, and what was found afterwards."""
        for fault in self.faults():
            if only not in {"", fault.__name__}:
                continue
            said = fault()
            self.chaos.make_whole()
            events = len(assert_all_arrived(self.place, self.cluster.bootstrap))
            yield f"{said}; every event once, in order, runs whole: {events:,} events"

    def two_nodes_die(self) -> str:
        """They come back while it still waits, or after it has given up."""
        nodes = self.rng.sample(NODES, 2)
        away = self.rng.uniform(0, 30)
        with self._publishing(*HASTY) as found:
            self.cluster.kill(*nodes)
            time.sleep(away)
            self.cluster.start()
        again = self._publish_to_the_end()
        return f"nodes {nodes} die for {away:.0f} s: {_told(found[0])}{again}"

    def all_are_restarted_one_by_one(self) -> str:
        """As an update does: each is whole before the next one goes. No publish may fail."""
        stopped = threading.Event()
        done: list[Done] = []

        def publish_on() -> None:
            while not stopped.is_set():
                self.chaos.ingest()
                done.append(self._publish())

        publisher = threading.Thread(target=publish_on)
        publisher.start()
        try:
            for node in self.rng.sample(NODES, len(NODES)):
                self.cluster.nodes[node].restart()
                self.chaos.make_whole()
        finally:
            stopped.set()
            publisher.join()
        failed = [one.err for one in done if one.code]
        assert not failed, failed
        later = max(one.seconds for one in done) - self.chaos.undisturbed[PUBLISH]
        assert later <= MOST_SECONDS_LATER, later
        return (
            f"all restarted, one by one: {len(done)} calls left with 0, at most {later:.1f} s later"
        )

    def all_die_at_once(self) -> str:
        """As a power cut would have it, and then they are started."""
        with self._publishing() as found:
            self.cluster.kill()
            self.cluster.start()
        again = self._publish_to_the_end()
        return f"all three die at once, and are started: {_told(found[0])}{again}"

    def run_topic_is_lost(self) -> str:
        topic = topic_names()["run_events"]
        how = self._lose(topic)
        self.chaos.ingest()
        refused = self.place.sordiff("publish", code=2, env=bare()).err
        assert "does not have run" in refused
        assert "`sordiff replay --same-topics --since 0`" in refused
        self.place.sordiff("replay", "--same-topics", "--since", "0", env=bare())
        self.place.sordiff("publish", env=bare())
        return f"{topic} {how}: refused, and healed by a replay{self._verified()}"

    def event_topic_is_lost(self) -> str:
        topic = topic_names()[self.rng.choice(EVENTS)]
        how = self._lose(topic)
        said = self.place.sordiff("verify", "--topics", code=None, env=bare())
        assert said.code == (2 if "lacks its event" in said.out else 0), said
        self.place.sordiff("replay", "--same-topics", "--since", "0", env=bare())
        return f"{topic} {how}: verify left with {said.code}, healed by a replay{self._verified()}"

    def state_topic_is_lost(self) -> str:
        """A compacted topic can't be truncated.

        The night that goes out next changes most units, and after many nights sometimes all of the few numbers that are
        left: then nothing of that topic is missing any more.
        """
        which = self.rng.choice(("units", "location_numbers"))
        topic = topic_names()[which]
        how = self._delete(topic)
        self.place.sordiff("publish", env=bare())
        said = self.place.sordiff("verify", "--topics", code=None, env=bare())
        assert said.code == (2 if "no state of" in said.out else 0), said
        assert said.code == 2 or which == "location_numbers", said
        self.place.sordiff("publish", "--state", env=bare())
        return f"{topic} {how}: verify left with {said.code}, healed by publish --state{self._verified()}"

    def node_is_cut_off(self) -> str:
        """From the other nodes, and not from the clients, to which it tells how all was before.

        Another node may wait for its answer, as long as Kafka has it: it asks the coordinator before it takes the first
        message of a transaction, and is asked by the coordinator to end one.
        """
        node = self.rng.choice(NODES)
        try:
            with self._publishing() as found:
                self.links.sever(node)
        finally:
            self.links.mend()
        return f"node {node} is cut off from the others: {self._soon(found[0], _BROKERS_WAIT)}"

    def disk_is_full(self) -> str:
        """Of one node, which then ends itself; the other two go on."""
        node = self.cluster.nodes[_FULL_NODE]
        filler = node.folder / "filler"
        try:
            with self._publishing() as found:
                _fill(filler)
        finally:
            filler.unlink()
        ended = "ended itself" if not node.runs else "ran on"
        node.kill()
        return f"the disk of node {_FULL_NODE} is full, which {ended}: {self._soon(found[0])}"

    def _soon(self, done: Done, longer: float = 0) -> str:
        """It must have gone on by itself."""
        later = done.seconds - self.chaos.undisturbed[PUBLISH]
        assert done.code == 0, done.err
        assert later <= MOST_SECONDS_LATER + longer, later
        return f"left with 0, {later:.1f} s later"

    @contextmanager
    def _publishing(self, *words: str) -> Iterator[list[Done]]:
        """A night goes out; the block begins at a moment within, and its end awaits the end of that."""
        self.chaos.ingest()
        found: list[Done] = []
        publisher = threading.Thread(target=lambda: found.append(self._publish(*words)))
        publisher.start()
        time.sleep(self.rng.uniform(0, self.chaos.undisturbed[PUBLISH]))
        try:
            yield found
        finally:
            publisher.join()
        assert found[0].code in {0, 4}, found[0].err
        assert found[0].code == 0 or "othing is lost" in found[0].err

    def _publish(self, *words: str) -> Done:
        return self.place.process("publish", *words, code=None, limit=300, env=bare())

    def _publish_to_the_end(self) -> str:
        """A call that just works; where a node has forgotten to end a transaction, a person does: see hanging.py."""
        self.chaos.make_whole()
        done = self._publish()
        hung = ""
        if done.code == 4 and "still open" in done.err:
            end_what_hangs(self.cluster.bootstrap, topic_names().values())
            hung = " (a transaction that hung was ended by hand)"
            done = self._publish()
        assert done.code == 0, done.err
        return f", and the next call with 0{hung}"

    def _lose(self, topic: str) -> str:
        """Deleted and created anew, or truncated."""
        if self.rng.random() < 0.5:
            truncate_topic(self.cluster.bootstrap, topic)
            return "truncated"
        return self._delete(topic)

    def _delete(self, topic: str) -> str:
        delete_topics(self.cluster.bootstrap, topic)
        self.chaos.ingest()
        refused = self.place.sordiff("publish", code=2, env=bare()).err
        assert f"no topic {topic}" in refused, refused
        assert "`sordiff topics create`" in refused
        self.place.sordiff("topics", "create", env=bare())
        return "deleted: refused, and created anew"

    def _verified(self) -> str:
        self.place.sordiff("publish", env=bare())
        self.place.sordiff("verify", "--topics", env=bare())
        return ", as verify --topics says"


def cluster_faults(folder: Path, *, rounds: int, seed: int, only: str = "") -> None:
    """So many rounds of all faults, or of one; each is told as it ends."""
    disk = folder / "cluster" / f"node-{_FULL_NODE}"
    with (
        Links() as links,
        _small_disk(disk) as is_small,
        Cluster(folder / "cluster", links=links) as cluster,
    ):
        chaos = ClusterChaos(folder=folder, cluster=cluster, seed=seed)
        chaos.begin(PUBLISH)
        if not is_small:
            print("chaos: no full disk: to mount a small one, be root", flush=True)
        faults = ClusterFaults(chaos=chaos, links=links, has_small_disk=is_small)
        for number in range(rounds):
            for said in faults.run(only):
                print(f"chaos: round {number + 1}: {said}", flush=True)


def _told(done: Done) -> str:
    return f"left with {done.code} after {done.seconds:.0f} s"


def _fill(filler: Path) -> None:
    """Until the disk takes nothing more."""
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1024 * 64))


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    """A disk of its own in that folder; False where that is not allowed."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield mounted.returncode == 0
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
