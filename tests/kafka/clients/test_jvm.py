"""Kafka Streams, Kafka Connect and the CloudEvents library for Java, with the examples that the documentation shows."""

from __future__ import annotations

import json
import struct
from collections import Counter
from functools import reduce
from pathlib import Path

from tests.kafka.broker import free_ports
from tests.kafka.clients.postgresql import serving_postgresql
from tests.kafka.clients.published import ABORTED, GONE, Published, java, newest, running, said
from tests.kafka.jars import ROOT
from tests.kafka.reading import Seen, create_topics, read_to_the_end

CONNECT = ROOT / "examples" / "connect"
CONNECTORS = ("worker", "events-to-file", "units-to-postgres")


def test_streams_counts_each_unit_once(published: Published, tmp_path: Path) -> None:
    records = [json.loads(seen.value or b"") for seen in published.units.values()]
    wanted = Counter(one["owner"]["id"] for one in records if one["state"] == "open")
    assert len(wanted) > 3
    topic = f"{published.prefix}open-units"
    create_topics(published.bootstrap, topic)
    words = ("OpenUnits", published.bootstrap, f"{published.prefix}units", topic)

    def counts() -> dict[str, int]:
        found = newest(read_to_the_end(published.bootstrap, topic))
        counted = {key: struct.unpack(">q", one.value or b"")[0] for key, one in found.items()}
        return {key: count for key, count in counted.items() if count}

    with running(java(f"-Djava.io.tmpdir={tmp_path}", *words), tmp_path) as wait:
        wait(lambda: counts() == wanted)
    assert ABORTED not in counts()


def test_connect_keeps_a_table_and_a_file(published: Published, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    wanted = {str(key): _row(one) for key, one in published.units.items()}
    events = sorted((one.value or b"").decode() for one in published.events)
    assert any(one.key == GONE and one.value is None for one in published.history)

    def lines() -> list[str]:
        path = tmp_path / "unit-events.ndjson"
        return sorted(path.read_text("utf-8").splitlines()) if path.exists() else []

    program = "org.apache.kafka.connect.cli.ConnectStandalone"
    with serving_postgresql() as database:
        instead = {
            "localhost:9092": published.bootstrap,
            "127.0.0.1:8083": f"127.0.0.1:{port}",
            "topics=sor.": f"topics={published.prefix}",
            "jdbc:postgresql://localhost:5432/postgres": database.partition("?")[0],
            ".cache/jdbc_sink": str(ROOT / ".cache" / "jdbc_sink"),
        }
        texts = [(CONNECT / f"{name}.properties").read_text("utf-8") for name in CONNECTORS]
        assert all(shown in "".join(texts) for shown in instead)
        files = [tmp_path / f"{name}.properties" for name in CONNECTORS]
        for path, text in zip(files, texts, strict=True):
            path.write_text(reduce(lambda told, one: told.replace(*one), instead.items(), text))
        driver = ROOT / ".cache" / "jdbc_sink" / "debezium-connector-jdbc" / "*"
        reader = java("ReadTable", database, "units", beside=driver)

        def table() -> dict[str, dict[str, str | None]]:
            rows = [json.loads(line) for line in said(reader, tmp_path)]
            return {row.pop("sor_id"): row for row in rows}

        with running(java(program, *files), tmp_path) as wait:
            wait(lambda: lines() == events and table() == wanted)


def _row(seen: Seen) -> dict[str, str | None]:
    """What the table holds of a state."""
    state = json.loads(seen.value or b"")
    unit, number = state["unit"], state["effective_location_number"]
    return {
        "state": state["state"],
        **{f"unit_{name}": unit[name] for name in ("kind", "name", "parent_id")},
        **{f"owner_{name}": state["owner"][name] for name in ("id", "name")},
        "effective_location_number_number": number and number["number"],
        **{name: seen.headers[f"ce_{name}"] for name in ("sequence", "time")},
    }


def test_the_library_for_java_reads_events_and_tombstones(
    published: Published, structured: Published, tmp_path: Path
) -> None:
    for topics in (published, structured):
        told = said(java("ReadEvents", topics.bootstrap, f"{topics.prefix}units"), tmp_path)
        assert sorted(told) == sorted([*topics.told, f"{ABORTED} no event"]), "read uncommitted"
