"""`make demo-kafka`: three nights of the demo, published to a broker of their own and arriving at a consumer.

Everything lies in a temporary folder and is gone afterwards. SORDIFF_TEST_KAFKA=host:port takes a broker that runs
already, and its topics stay there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer

from tests.kafka import jars
from tests.kafka.broker import QUICK, Broker, BrokerFailed
from tests.kafka.place import DEMO, short
from tests.kafka.reading import _seen
from tests.kafka.replicas import Replica
from tests.kafka.session import GIVEN

TOPICS = ["sor.unit-events", "sor.location-number-events", "sor.classification-events"]
MOST = 40
_PATIENCE = 60


def main() -> int:
    why = None if os.environ.get(GIVEN) else jars.missing()
    if why:
        print(f"No broker can be started. {why}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sordiff-demo-") as name:
        folder = Path(name)
        if given := os.environ.get(GIVEN):
            show(folder, given)
            return 0
        print(f"Starting Apache Kafka {jars.version()} in {folder} …", flush=True)
        try:
            with Broker(folder / "broker", java=QUICK) as broker:
                show(folder, broker.bootstrap)
        except BrokerFailed as failed:
            print(failed, file=sys.stderr)
            return 2
    return 0


def show(folder: Path, at: str) -> None:
    (folder / "sordiff.toml").write_text(f'[kafka]\nbootstrap_servers = ["{at}"]\n')
    sordiff(folder, "topics", "create")
    consumer = Consumer(
        {
            "bootstrap.servers": at,
            "group.id": "demo",
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    replica = Replica(at, folder / "mirror.db", "sor.")
    try:
        consumer.subscribe([*TOPICS, "sor.run-events"])
        for night in DEMO:
            (folder / night.name).symlink_to(night)
            sordiff(folder, "ingest", night.name)
            sordiff(folder, "publish")
            print("\nAt the consumer:", flush=True)
            arriving(consumer)
            if not replica.runs:
                replica.start()
        mirrored(replica)
    finally:
        consumer.close()
        replica.kill()


def sordiff(folder: Path, *words: str) -> None:
    print(f"\n$ sordiff {' '.join(words)}", flush=True)
    subprocess.run([sys.executable, "-m", "sordiff", *words], cwd=folder, check=True)


def arriving(consumer: Consumer) -> None:
    """What comes until a run is there whole, in order of the sequence."""
    events: list[tuple[str, str, str]] = []
    completed: dict[str, Any] | None = None
    end = time.monotonic() + _PATIENCE
    while completed is None or len(events) < completed["run"]["count"]:
        assert time.monotonic() < end, "the run did not arrive"
        message = consumer.poll(0.5)
        if message is None:
            continue
        assert message.error() is None, message.error()
        seen = _seen(message)
        data = json.loads(seen.value or b"")
        if "ce_sequence" in seen.headers:
            about = (data["unit"] or {}).get("name") or str(seen.key)
            events.append((seen.headers["ce_sequence"], short(seen), about))
        elif short(seen) == "run.completed":
            completed = data
    for sequence, kind, about in sorted(events)[:MOST]:
        print(f"  {int(sequence):>4}  {kind:<40} {about}")
    if len(events) > MOST:
        print(f"        … and {len(events) - MOST} more")
    kind, units = completed["run"]["kind"], completed["units"]
    print(f"        run.completed: {kind}, {len(events)} events, {units} units", flush=True)


def mirrored(replica: Replica) -> None:
    print("\n$ python examples/replica.py … mirror.db", flush=True)
    replica.await_units(lambda units: len(units) == 66)
    units = replica.units().values()
    team = next(unit for unit in units if unit.name == "Sygeplejeteam Nord")
    print(f"The mirror has {len(units)} units; {team.name} is one of them: {team.sor_id}.")


if __name__ == "__main__":
    sys.exit(main())
