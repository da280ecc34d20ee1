"""What the client alone needs for messages that are made: `python -m benchmarks.sending_alone SERVERS PREFIX`.

Reads what was published into the topics of PREFIX, and sends it again, in one transaction, into topics of its own: as sordiff sends, whose
client is changed from within, and with kafka-python as it comes. Prints the seconds of both.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from unittest.mock import patch

import kafka

from sordiff.kafka import client_internals
from sordiff.kafka.binding import Message
from sordiff.kafka.settings import KafkaSettings, TopicNames
from sordiff.kafka.topics import create_topics
from sordiff.kafka.transaction import Publisher
from tests.kafka.nights import topic_names
from tests.kafka.reading import read_to_the_end


def main() -> None:
    """Measure and print."""
    servers, prefix = sys.argv[1:]
    names = topic_names(prefix)
    messages = [
        (seen.topic, (seen.key or "").encode(), seen.value, [*seen.headers.items()])
        for seen in read_to_the_end(servers, *names.values())
    ]
    ours = _time_sending(servers, f"{prefix}ours.", messages, prefix)
    with patch.object(client_internals, "TRIED", frozenset()):  # nothing of the client is changed
        theirs = _time_sending(servers, f"{prefix}theirs.", messages, prefix)
    print(len(messages), ours, theirs, kafka.__version__)


def _time_sending(
    servers: str,
    prefix: str,
    messages: Sequence[tuple[str, bytes, bytes | None, list[tuple[str, str]]]],
    before: str,
) -> float:
    topics = topic_names(prefix)
    settings = KafkaSettings(
        bootstrap_servers=tuple(servers.split(",")), topics=TopicNames(**topics)
    )
    create_topics(settings)
    made = [
        Message(
            f"{prefix}{topic.removeprefix(before)}",
            key,
            value,
            [(name, text.encode()) for name, text in headers],
        )
        for topic, key, value, headers in messages
    ]
    with Publisher(settings, f"alone-{prefix}", topics.values()) as publisher:
        begun = time.perf_counter()
        publisher.send_whole(made, "sending")
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
