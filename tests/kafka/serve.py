"""`make broker [PORT=9192]`: a broker in the foreground, for trying things out; `make cluster` three of them.

It takes the port and the next one (of a cluster, the next five); what it keeps lies in a folder for each port.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from pathlib import Path

from tests.kafka import jars
from tests.kafka.broker import SERVING, Broker, BrokerFailed
from tests.kafka.cluster import NODES, Cluster

FOLDERS = Path(".cache/kafka").absolute()
USUAL_PORT = 9092
_OF_A_BROKER = 2
LARGEST_PORT = 65_530
CLUSTER = "cluster"
HINT = """\
Apache Kafka {version} serves at {bootstrap}; what it keeps is in {folder}.

Try, from another terminal:
  export SORDIFF_KAFKA_BOOTSTRAP_SERVERS={bootstrap}
  sordiff topics create
  sordiff ingest fixtures/demo/*.zip --db try.db && sordiff publish --db try.db

Ctrl-C stops it."""


def find_hindrance(ports: list[int]) -> str:
    """Why a broker can't have these ports; empty where it can."""
    for port in ports:
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError as error:
                return (
                    f"Port {port} can't be used: {error.strerror}."
                    " Choose another one and the one after it: make broker PORT=9192"
                    if len(ports) <= _OF_A_BROKER
                    else f"Port {port} can't be used: {error.strerror}."
                    " Choose another one and the five after it: make cluster PORT=9192"
                )
    return ""


def main(words: list[str]) -> int:
    together = words[:1] == [CLUSTER]
    word = next(iter(words[together:]), str(USUAL_PORT))
    if not word.isdecimal() or not 0 < int(word) <= LARGEST_PORT:
        print(f"{word} is no port: make broker PORT=9192", file=sys.stderr)
        return 2
    ports = [int(word) + at for at in range(2 * len(NODES) if together else _OF_A_BROKER)]
    why = jars.missing() or find_hindrance(ports)
    if why:
        print(why, file=sys.stderr)
        return 2
    name = CLUSTER if together else "dev"
    folder = FOLDERS / (name if ports[0] == USUAL_PORT else f"{name}-{ports[0]}")
    broker = Cluster(folder, ports=ports) if together else Broker(folder, java=SERVING, ports=ports)
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    print("Starting Apache Kafka …", flush=True)
    try:
        broker.start()
    except BrokerFailed as failed:
        print(failed, file=sys.stderr)
        return 2
    print(
        HINT.format(version=jars.version(), bootstrap=broker.bootstrap, folder=folder), flush=True
    )
    if isinstance(broker, Cluster):
        for node_id, node in broker.nodes.items():
            print(f"Node {node_id} serves at {node.bootstrap}: kill -9 {node.pid}", flush=True)
    while broker.runs and not asked.wait(0.5):
        pass
    broker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
