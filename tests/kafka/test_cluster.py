"""Three nodes: any one may die while something goes out, and with two gone nothing is lost. The short run of `make chaos`."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sordiff.kafka.run_topic import read_run_topic
from sordiff.kafka.settings import KafkaSettings, TopicNames
from tests.kafka import jars, moments
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.cluster import Cluster
from tests.kafka.cluster_chaos import TRANSACTIONS, ClusterChaos
from tests.kafka.moments import Moment
from tests.kafka.nights import bare, topic_names
from tests.kafka.reading import create_topics
from tests.kafka.session import no_broker_here

HASTY = ("--set", "timeout_seconds=4", "--set", "delivery_timeout_seconds=6")
# As long as a broker may take for an answer; less than it takes to find that another one is dead.
BRIEF = 3
IMPATIENT = ("--set", f"timeout_seconds={BRIEF}")
ROUNDS = 6
_MEGABYTES = 3000
# A test waits for what a cluster does about a dead node; as long as Kafka has it is dear here.
_SOON = {"broker.heartbeat.interval.ms": "1000", "broker.session.timeout.ms": "5000"}


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterChaos]:
    """A cluster for all of these, with a baseline that has arrived."""
    if why := jars.missing():
        no_broker_here(why)
    if (free := _free_megabytes()) < _MEGABYTES:
        pytest.skip(f"Three nodes take {_MEGABYTES} MB, and {free} MB are free.")
    folder = tmp_path_factory.mktemp("cluster")
    seed = random.SystemRandom().randrange(10**6)
    with Cluster(folder / "cluster", properties=_SOON) as cluster:
        made = ClusterChaos(
            folder=folder,
            cluster=cluster,
            seed=seed,
            units=80,
            changes=150,
            more="partitions = 2\n",
        )
        made.begin()
        yield made


def _free_megabytes() -> int:
    told = Path("/proc/meminfo")
    if not told.exists():
        return _MEGABYTES
    lines = dict(line.split(":", 1) for line in told.read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) // 1024


def test_topics_are_created_as_the_cluster_can(chaos: ClusterChaos) -> None:
    said = chaos.place.sordiff("topics", "check", env=bare()).out
    assert said.count(" · 3 replicas · min.insync.replicas 2 · as it must be\n") == 6
    weak = "-weak"
    names = [f"{name}{weak}" for name in topic_names().values() if name.endswith("-events")]
    create_topics(chaos.cluster.bootstrap, *names)
    said = chaos.place.sordiff("topics", "check", "--topic-suffix", weak, env=bare()).out
    assert said.count("1 replica · ") == len(names)
    assert said.count("but weaker than it should be: it has 1 of 3 replicas") == len(names)


def test_the_coordinator_dies_before_the_commit_and_it_is_made_all_the_same(
    chaos: ClusterChaos,
) -> None:
    chaos.ingest()
    node = chaos.cluster.nodes[chaos.cluster.find_coordinator(TRANSACTIONS)]
    at = Moment(method="commit_transaction")
    with moments.running(
        chaos.place.folder, "publish", at=at, number=signal.SIGKILL, pid=node.pid
    ) as watched:
        done = watched.end()
    node.kill()  # it is to be waited for, too
    assert done.code == 0, done.err
    chaos.make_whole()
    assert_all_arrived(chaos.place, chaos.cluster.bootstrap)


def test_in_each_of_six_rounds_any_node_may_fail(chaos: ClusterChaos) -> None:
    """How much later it ends is measured by `make chaos`, and depends on what else the machine does."""
    print(f"seed {chaos.seed}")  # shown when it fails
    for _ in range(ROUNDS):
        tried = chaos.strike()
        assert tried.code == 0, (tried, tried.err)
    assert any(tried.in_time for tried in chaos.tries)
    chaos.end()


def test_a_cluster_that_needs_longer_than_one_answer_may_take_is_waited_for(
    chaos: ClusterChaos,
) -> None:
    """Until it has given the work of a dead node to others, none of them can say who leads: here more than 5 s."""
    chaos.ingest()
    chaos.cluster.kill(chaos.cluster.find_leader(topic_names()["run_events"]))
    servers = tuple(chaos.cluster.bootstrap.split(","))
    topics = TopicNames(**topic_names())
    settings = KafkaSettings(bootstrap_servers=servers, topics=topics, timeout_seconds=BRIEF)
    with ThreadPoolExecutor() as aside:
        reading = aside.submit(lambda: len(list(read_run_topic(settings))))
        done = chaos.place.process("publish", *IMPATIENT, code=None, env=bare())
        assert reading.result() > 0
    assert done.code == 0, done.err
    chaos.make_whole()
    assert_all_arrived(chaos.place, chaos.cluster.bootstrap)


def test_with_two_of_three_gone_it_says_so_and_goes_on_when_they_are_back(
    chaos: ClusterChaos,
) -> None:
    chaos.ingest()
    gone = [chaos.cluster.nodes[node].bootstrap for node in (1, 2)]
    chaos.cluster.kill(1, 2)
    done = chaos.place.sordiff("publish", *HASTY, code=4, env=bare())
    assert "2 of 3 brokers can't be reached" in done.err
    assert all(server in done.err for server in gone)
    assert "othing is lost" in done.err
    assert "another transaction" not in done.err
    chaos.make_whole()
    assert chaos.place.sordiff("publish", env=bare()).code == 0
    assert_all_arrived(chaos.place, chaos.cluster.bootstrap)
