"""`make broker`: a broker in the foreground, for trying things out."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from tests.kafka import jars
from tests.kafka.broker import SERVING, Broker, BrokerFailed

FOLDER = Path(".cache/kafka/dev").absolute()
HINT = """\
Apache Kafka {version} serves at {bootstrap}; what it keeps is in {folder}.

Try, from another terminal:
  export SORDIFF_KAFKA_BOOTSTRAP_SERVERS={bootstrap}
  sordiff topics create
  sordiff ingest fixtures/demo/*.zip --db try.db && sordiff publish --db try.db

Ctrl-C stops it."""


def main() -> int:
    why = jars.missing()
    if why:
        print(why, file=sys.stderr)
        return 2
    broker = Broker(FOLDER, java=SERVING, ports=[9092, 9093])
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
        HINT.format(version=jars.version(), bootstrap=broker.bootstrap, folder=FOLDER), flush=True
    )
    while broker.runs and not asked.wait(0.5):
        pass
    broker.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
