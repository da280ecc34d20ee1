"""Modelina's types hold all that is published: what they read of an event is what it says, and none of them is `Object`."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sordiff.events import EVENT_TYPES
from sordiff.resolved import STATE_TYPES
from sordiff.run_events import RUN_EVENT_TYPES
from sordiff.wire import find_short_name
from tests.contract.run_samples import run_samples
from tests.kafka.clients.published import JARS, Published, java, said
from tests.kafka.jars import ROOT
from tests.scenarios.telling import SCENARIOS, sordiff

NODE = ROOT / ".cache" / "node_clients"
# Java's `equals` is about all objects.
_LOOSE = re.compile(r"\bObject\b(?! o\b)")
_SOME = 300

Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def told(published: Published) -> Told:
    """The name of a type and the data, of all types: of the stories, of runs, and states."""
    lines = [
        json.loads(line)
        for path in sorted(SCENARIOS.glob("*/events.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    by_type: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        by_type.setdefault(find_short_name(line["type"]), []).append(line["data"])
    found = [(name, data) for name, all_data in by_type.items() for data in all_data[:_SOME]]
    found += run_samples().items()
    for states in (published.units, published.numbers):
        found += [
            (find_short_name(one.headers["ce_type"]), json.loads(one.value or b""))
            for one in states.values()
        ]
    assert {name for name, _ in found} == {*EVENT_TYPES, *RUN_EVENT_TYPES, *STATE_TYPES}
    return found


def _make(language: str, folder: Path) -> Path:
    sordiff("schemas", "export", str(folder / "schemas"), folder=folder)
    words = [language, str(folder / "schemas"), str(folder / language)]
    said(["node", str(NODE / "make_models.mjs"), *words], folder)
    names = [path.name for path in (folder / language).rglob("*.*")]
    assert len(names) > 500
    assert not [name for name in names if "nonymous" in name]
    return folder / language


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(one) for name, one in value.items() if one is not None}
    return [_without_nulls(one) for one in value] if isinstance(value, list) else value


def _name_class(name: str) -> str:
    return re.sub(r"(?:^|[._])(\w)", lambda found: found[1].upper(), name)


def test_java_reads_and_writes_all_that_is_published(told: Told, tmp_path: Path) -> None:
    folder = _make("java", tmp_path)
    sources = [str(path) for path in folder.rglob("*.java")]
    loose = [path for path in sources if _LOOSE.search(Path(path).read_text("utf-8"))]
    assert loose == []
    classes = tmp_path / "classes"
    said(["javac", "-nowarn", "-cp", f"{JARS}/*", "-d", str(classes), *sources], tmp_path)
    command = java("ReadModels", beside=classes)
    lines = [
        f"{name.replace('.', '_')}.{_name_class(name)}\t{json.dumps(data)}\n" for name, data in told
    ]
    done = subprocess.run(
        command, input="".join(lines), capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    read = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [*map(_without_nulls, read)] == [_without_nulls(data) for _, data in told]


def test_typescript_takes_all_that_is_published(told: Told, tmp_path: Path) -> None:
    folder = _make("typescript", tmp_path)
    lines = []
    for name in sorted({name for name, _ in told}):
        class_, package = _name_class(name), name.replace(".", "_")
        lines.append(f"import {class_} from './{package}/{class_}';")
    for at, (name, data) in enumerate(told):
        lines.append(f"export const told{at}: {_name_class(name)} = {json.dumps(data)};")
    everything = folder / "told.ts"
    everything.write_text("\n".join(lines), "utf-8")
    compiler = NODE / "node_modules" / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--target", "es2020"]
    said(["node", str(compiler), *options, str(everything)], tmp_path)


def test_python_reads_and_writes_all_that_is_published(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(_make("python", tmp_path))
    known = set(sys.modules)
    for name, data in told:
        package = name.replace(".", "_")
        model = getattr(importlib.import_module(f"{package}.{package}"), _name_class(name))
        # It takes the dictionary that it is given apart.
        read = model.model_validate(json.loads(json.dumps(data)))
        written = json.loads(read.model_dump_json(by_alias=True))
        assert _without_nulls(written) == _without_nulls(data)
    for module in set(sys.modules) - known:
        del sys.modules[module]
