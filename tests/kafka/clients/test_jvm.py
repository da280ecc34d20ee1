"""Kafka Streams, Kafka Connect and the CloudEvents library for Java, with the examples that the documentation shows."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections import Counter
from contextlib import closing
from pathlib import Path

from tests.kafka.broker import free_ports
from tests.kafka.clients.published import ABORTED, GONE, Published, java, newest, running, said
from tests.kafka.jars import ROOT
from tests.kafka.reading import create_topics, read_to_the_end

CONNECT = ROOT / "examples" / "connect"


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
    instead = {
        "localhost:9092": published.bootstrap,
        "127.0.0.1:8083": f"127.0.0.1:{port}",
        "topics=sor.": f"topics={published.prefix}",
    }
    files = []
    for name in ("worker", "events-to-file", "units-to-sqlite"):
        text = (CONNECT / f"{name}.properties").read_text("utf-8")
        for shown, real in instead.items():
            text = text.replace(shown, real)
        files.append(tmp_path / f"{name}.properties")
        files[-1].write_text(text)
    wanted = {
        key: (one.headers["ce_sequence"], one.headers["ce_time"], (one.value or b"").decode())
        for key, one in published.units.items()
    }
    events = sorted((one.value or b"").decode() for one in published.events)
    assert any(one.key == GONE and one.value is None for one in published.history)

    def table() -> dict[str, tuple[str, str, str]]:
        if not (tmp_path / "units.db").exists():
            return {}
        with closing(sqlite3.connect(tmp_path / "units.db")) as database:
            exists = "SELECT 1 FROM sqlite_schema WHERE name = 'units'"
            if not database.execute(exists).fetchone():
                return {}
            return {row[0]: row[1:] for row in database.execute("SELECT * FROM units")}

    def lines() -> list[str]:
        path = tmp_path / "unit-events.ndjson"
        return sorted(path.read_text("utf-8").splitlines()) if path.exists() else []

    program = "org.apache.kafka.connect.cli.ConnectStandalone"
    with running(java(program, *files), tmp_path) as wait:
        wait(lambda: table() == wanted and lines() == events)


def test_the_library_for_java_reads_events_and_tombstones(
    published: Published, structured: Published, tmp_path: Path
) -> None:
    for topics in (published, structured):
        told = said(java("ReadEvents", topics.bootstrap, f"{topics.prefix}units"), tmp_path)
        expected = {
            one.value and (one.headers.get("ce_time") or json.loads(one.value)["time"])
            for one in topics.history
        }
        assert len(told) == len(topics.history) + 1, (
            "with the aborted one, for so it reads by itself"
        )
        assert f"{ABORTED} no event" in told
        assert f"{GONE} null" in told
        assert len(expected) == 4
