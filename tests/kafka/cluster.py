"""Three nodes of Apache Kafka on this machine, each broker and controller, of which any one may be killed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Self

from kafka import KafkaAdminClient

from tests.kafka.broker import QUICK, Broker, free_ports
from tests.kafka.severing import Links

NODES = (1, 2, 3)
_PATIENCE = 120
# A node takes about 330 MB with it.
SMALL = ("-Xms96m", "-Xmx320m", *QUICK[1:])
_TOGETHER = {
    "default.replication.factor": "3",
    "min.insync.replicas": "2",
    "offsets.topic.replication.factor": "3",
    "transaction.state.log.replication.factor": "3",
    "transaction.state.log.min.isr": "2",
    "share.coordinator.state.topic.replication.factor": "3",
    "share.coordinator.state.topic.min.isr": "2",
    # As Kafka has it, and not as soon as for a broker that is alone: where the cores are busy,
    # a node that lives must not be held for dead.
    "broker.heartbeat.interval.ms": "2000",
    "broker.session.timeout.ms": "9000",
}


class Cluster:
    """Nodes 1, 2 and 3: replication 3, and each message on two of them before it counts."""

    def __init__(
        self,
        folder: Path,
        *,
        java: tuple[str, ...] = SMALL,
        ports: list[int] | None = None,
        properties: Mapping[str, str] | None = None,
        links: Links | None = None,
    ) -> None:
        """ports: two for each node. links: over which they reach each other."""
        found = ports or free_ports(2 * len(NODES))
        pairs = [found[at : at + 2] for at in range(0, len(found), 2)]
        voters = ",".join(
            f"{node}@127.0.0.1:{own[1]}" for node, own in zip(NODES, pairs, strict=True)
        )
        linked = {
            node: links.forward(node, clients=own[0], controller=own[1]) if links else {}
            for node, own in zip(NODES, pairs, strict=True)
        }
        shared = {**_TOGETHER, **(properties or {})}
        shared["controller.quorum.voters"] = links.voters if links else voters
        self.nodes = {
            node: Broker(
                folder / f"node-{node}",
                properties={**shared, **linked[node]},
                java=java,
                ports=own,
                node=node,
            )
            for node, own in zip(NODES, pairs, strict=True)
        }

    @property
    def bootstrap(self) -> str:
        """The addresses of all, comma-separated."""
        return ",".join(node.bootstrap for node in self.nodes.values())

    @property
    def serving(self) -> str:
        """The addresses of those that run."""
        return ",".join(node.bootstrap for node in self.nodes.values() if node.runs)

    @property
    def runs(self) -> bool:
        """Whether any node does."""
        return any(node.runs for node in self.nodes.values())

    def start(self) -> Self:
        """Those that do not run; returns when all serve."""
        begun = [node for node in self.nodes.values() if not node.runs]
        for node in begun:
            node.begin()
        for node in begun:
            node.wait()
        return self

    def stop(self) -> None:
        for node in self.nodes.values():
            node.stop()

    def kill(self, *nodes: int) -> None:
        """As a power cut would; all of them where none is named."""
        for node in nodes or NODES:
            self.nodes[node].kill()

    def find_leader(self, topic: str, partition: int = 0) -> int:
        """Which node leads that partition now."""
        with closing(self._admin()) as admin:
            (described,) = admin.describe_topics([topic])
        return int(
            next(
                one["leader_id"]
                for one in described["partitions"]
                if one["partition_index"] == partition
            )
        )

    def find_coordinator(self, transactional_id: str) -> int:
        """Which node keeps the state of that publisher's transactions."""
        with closing(self._admin()) as admin:
            found = admin.describe_transactions([transactional_id])
        return int(found[transactional_id].coordinator_id)

    def await_whole(self, topics: Iterable[str]) -> None:
        """Until each partition of these is in step on all nodes again."""
        wanted = [*topics, "__transaction_state"]
        end = time.monotonic() + _PATIENCE
        with closing(self._admin()) as admin:
            while any(
                len(partition["isr_nodes"]) < len(NODES)
                for topic in admin.describe_topics(wanted)
                for partition in topic["partitions"]
            ):
                assert time.monotonic() < end, "a node does not come into step"
                time.sleep(0.3)

    def _admin(self) -> KafkaAdminClient:
        return KafkaAdminClient(bootstrap_servers=self.serving.split(","))

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undone:
            undone.callback(self.kill)
            self.start()
            undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
