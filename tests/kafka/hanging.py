"""What an administrator does about a transaction that hangs: see docs/publishing.md.

Apache Kafka 4.3.1 with one node, killed between the answer to a commit and the markers of it, may come back in the
belief that the markers are written. What was committed then stays open for all who read what is committed, for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import AbortTransactionSpec


def end_what_hangs(bootstrap: str, topics: Iterable[str]) -> int:
    """Abort each transaction that is open in these topics; in how many partitions there was one.

    Nobody may be publishing. What is aborted is sent again.
    """
    ended = 0
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        partitions = [
            TopicPartition(topic["name"], partition["partition_index"])
            for topic in admin.describe_topics(list(topics))
            for partition in topic["partitions"]
        ]
        for partition, state in admin.describe_producers(partitions).items():
            for producer in state.active_producers:
                if producer.current_transaction_start_offset >= 0:
                    # With an older epoch of the coordinator the partition refuses it, as Kafka's own tool knows.
                    admin.abort_transaction(
                        AbortTransactionSpec(
                            partition,
                            producer.producer_id,
                            producer.producer_epoch,
                            producer.coordinator_epoch,
                        )
                    )
                    ended += 1
    return ended
