"""Three nodes: any one may die while something goes out, and with two gone nothing is lost. The short run of `make chaos`."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kafka import jars
from tests.kafka.arrived import assert_all_arrived
from tests.kafka.cluster import Cluster
from tests.kafka.cluster_chaos import COORDINATOR, KILLED, LEADER, NODE, ClusterChaos
from tests.kafka.nights import bare, topic_names
from tests.kafka.reading import create_topics
from tests.kafka.session import no_broker_here

HASTY = ("--set", "timeout_seconds=4", "--set", "delivery_timeout_seconds=6")
_MEGABYTES = 3000


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterChaos]:
    """A cluster for all of these, with a baseline that has arrived."""
    if why := jars.missing():
        no_broker_here(why)
    if (free := _free_megabytes()) < _MEGABYTES:
        pytest.skip(f"Three nodes take {_MEGABYTES} MB, and {free} MB are free.")
    folder = tmp_path_factory.mktemp("cluster")
    with Cluster(folder / "cluster") as cluster:
        made = ClusterChaos(
            folder=folder, cluster=cluster, seed=random.SystemRandom().randrange(10**6)
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
    weak = "weak."
    names = [f"{name}{weak}" for name in topic_names().values() if name.endswith("-events")]
    create_topics(chaos.cluster.bootstrap, *names)
    said = chaos.place.sordiff("topics", "check", "--topic-suffix", weak, code=2, env=bare()).out
    assert said.count("1 replica · ") == len(names)
    assert said.count("but weaker than it should be: it has 1 of 3 replicas") == len(names)


@pytest.mark.parametrize("whom", [NODE, LEADER, COORDINATOR])
def test_one_node_dies_and_publishing_goes_on(chaos: ClusterChaos, whom: str) -> None:
    print(f"python -m tests.kafka.chaos --cluster --seed {chaos.seed}")  # shown when it fails
    tried = chaos.strike(whom=whom, how=KILLED)
    assert tried.code == 0, tried.err
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
    chaos.cluster.start()
    chaos.cluster.await_whole(topic_names().values())
    assert chaos.place.sordiff("publish", env=bare()).code == 0
    assert_all_arrived(chaos.place, chaos.cluster.bootstrap)
