"""What the README, docs/cli.md, docs/report.md, docs/operations.md and docs/archive.md show of the command line is what it says; `…` stands for anything."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from itertools import chain
from pathlib import Path

import pytest

from tests.contract.events_document import folded
from tests.making.demo import DEMO
from tests.scenarios.telling import ROOT, sordiff

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What an administrator calls beside sordiff.
BESIDE = {"cmp", "cp", "rm", "sqlite3", "zstd"}
DOCUMENTS = (
    "README.md",
    "docs/archive.md",
    "docs/cli.md",
    "docs/report.md",
    "docs/operations.md",
    "docs/reconcile.md",
)


def examples(name: str) -> list[tuple[str, list[str]]]:
    """Each command of a document, in order, with the lines shown below it."""
    lines = chain.from_iterable(
        block.splitlines() for block in BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    )
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        else:
            found[-1][1].append(line)
    return found


def pattern(shown: list[str]) -> str:
    """A line that is but an ellipsis stands for any lines, one within a line for any text, the end for any rest."""
    parts = [
        r"(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + r"\n"
        for line in shown
    ]
    return "".join(parts) + r"(?:.*\n)*"


def run(command: str, folder: Path, *, fails: bool) -> str:
    program, *words = shlex.split(command)
    if program in BESIDE:
        done = subprocess.run(
            [program, *words], cwd=folder, capture_output=True, text=True, check=True
        )
        return done.stdout + done.stderr
    assert program == "sordiff"
    expanded = chain.from_iterable(
        sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]
        for word in words
    )  # fmt: skip
    return "".join(sordiff(*expanded, folder=folder, codes=(2, 5) if fails else (0, 5)))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_command_line_says_what_is_shown(name: str, tmp_path: Path) -> None:
    (tmp_path / "fixtures").mkdir()
    (tmp_path / "fixtures" / "demo").symlink_to(DEMO, target_is_directory=True)
    (tmp_path / "elsewhere.toml").write_text('source = "urn:example:elsewhere"\n')
    (tmp_path / "archive.toml").write_text('[archive]\ndir = "archive"\n')
    told = examples(name)
    assert told
    if not shutil.which("zstd") and any(command.startswith("zstd ") for command, _ in told):
        pytest.skip("zstd is not installed")
    if not shutil.which("sqlite3") and any(command.startswith("sqlite3 ") for command, _ in told):
        pytest.skip("sqlite3 is not installed")
    for command, shown in told:
        fails = any(line.startswith("sordiff: error: ") for line in shown)
        said = run(command, tmp_path, fails=fails)
        assert re.fullmatch(pattern(shown), said), f"$ {command}\n{said}"


def test_the_event_of_the_readme_is_one_of_the_demo(tmp_path: Path) -> None:
    [shown] = JSON.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    database = str(tmp_path / "sordiff.db")
    nights = sorted(path.name for path in DEMO.glob("*.zip"))
    sordiff("ingest", *nights, "--db", database, folder=DEMO)
    event = json.loads(shown)
    recorded, _ = sordiff("events", "--subject", event["subject"], "--db", database, folder=DEMO)
    assert event in [json.loads(line) for line in recorded.splitlines()]
    assert shown == folded(event) + "\n"
