"""docs/subscribing.md: its lines run and say what is shown, and its samples are what is published of the demo."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from sordiff.service.ingest.candidate import IngestOptions
from sordiff.service.ingest.ingest import ingest_snapshots
from sordiff.service.publish.state_records import build_all_state_records
from sordiff.settings import Settings
from sordiff.store.changelog import SqliteChangelog
from tests.contract.shell_examples import demand_shown, demand_tools
from tests.contract.test_console_examples import JSON, examples
from tests.kafka.broker import Broker
from tests.kafka.place import DEMO
from tests.scenarios.telling import ROOT, sordiff

NAME = "docs/subscribing.md"
OPTIONS = IngestOptions(recorded_at="2030-01-01T00:00:00+00:00", user="tester")


def test_its_lines_say_what_is_shown(usual_names: Broker, tmp_path: Path) -> None:
    demand_tools(NAME, "kcat", "jq")
    at = usual_names.bootstrap
    publish(at, tmp_path)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    told = examples(NAME)
    assert len(told) > 6
    for command, shown in told:
        if command.startswith("export KAFKA="):
            assert command == "export KAFKA=localhost:9092"
            environment["KAFKA"] = at
            continue
        demand_shown(command, shown, environment)


def publish(at: str, folder: Path) -> None:
    """The demo's nights, as the document says."""
    (folder / "sordiff.toml").write_text(f'[kafka]\nbootstrap_servers = ["{at}"]\n')
    sordiff("topics", "create", folder=folder)
    sordiff("ingest", *map(str, DEMO), folder=folder)
    sordiff("publish", folder=folder)


def test_its_samples_are_those_of_the_demo(tmp_path: Path) -> None:
    database = tmp_path / "sordiff.db"
    for _ in ingest_snapshots(DEMO, SqliteChangelog(database), Settings(), OPTIONS):
        pass
    with SqliteChangelog(database).open_to_read() as session:
        records = [json.loads(record.value or b"") for record in build_all_state_records(session)]
    samples = JSON.findall((ROOT / NAME).read_text("utf-8"))
    assert len(samples) == 2
    for sample in map(json.loads, samples):
        assert any(_holds(record, sample) for record in records), sample


def _holds(whole: Any, part: Any) -> bool:
    """Whether all that is shown stands there; objects may be shortened."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(key in whole and _holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        pairs = zip(whole, part, strict=False)
        return len(whole) == len(part) and all(_holds(*pair) for pair in pairs)
    return bool(whole == part)


def test_the_examples_for_the_jvm_are_those_that_are_shown() -> None:
    document, folder = (ROOT / NAME).read_text("utf-8"), ROOT / "examples"
    for language, name in (
        ("java", "streams/OpenUnits.java"),
        ("properties", "connect/worker.properties"),
    ):
        (shown,) = re.findall(rf"```{language}\n(.*?)```", document, re.DOTALL)
        lines = [line.strip() for line in (folder / name).read_text("utf-8").splitlines()]
        start = lines.index(shown.splitlines()[0])
        stripped = [line.strip() for line in shown.splitlines()]
        assert lines[start : start + len(stripped)] == stripped
    assert all(len(path.read_text("utf-8").splitlines()) < 80 for path in folder.glob("*/*.java"))


def test_the_replica_is_as_short_as_it_says() -> None:
    assert len((ROOT / "examples" / "replica.py").read_text("utf-8").splitlines()) < 100
