"""How a scenario is told: its nights are ingested and accepted, and everything said is kept.

A scenario is a folder with about.md and nights (*.xml, *.zip, *.csv) whose names sort in their
order. A table has no date of its own: its name begins with the day of its night. The rest of its files are golden: `make golden` rewrites them, and people read what changed.
"""

import os
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from tests.cli.calling import called
from tests.cli.product import environment
from tests.scenarios.reporting import reports

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "fixtures" / "scenarios"
SUFFIXES = {".xml", ".zip", ".csv"}
REASON = "told as a story"


def folders() -> list[Path]:
    """All scenario folders, in order."""
    return sorted(path.parent for path in SCENARIOS.glob("*/about.md"))


def nights(folder: Path) -> list[str]:
    """The names of the nights, in order."""
    found = sorted(path.name for path in folder.iterdir() if path.suffix in SUFFIXES)
    return [f"{name}@{name[:10]}" if is_table(name) else name for name in found]


def is_table(name: str) -> bool:
    """Whether the night is a CSV file, or a zip of such files."""
    return name.endswith((".csv", ".complete.zip"))


def sordiff(*arguments: str, folder: Path, codes: tuple[int, ...] = (0,)) -> tuple[str, str]:
    """Call the command line in a folder, as a terminal without colours would; stdout and stderr."""
    with patch.dict(os.environ, environment(bare=True, NO_COLOR="1"), clear=True):
        done = called(folder, *arguments)
    assert done.exit in codes, f"{arguments} left with {done.exit}: {done.stderr}"
    return done.stdout, done.stderr


def told(folder: Path, workplace: Path) -> dict[str, str]:
    """Every golden file of a scenario, by name, as the product tells it today."""
    names = nights(folder)
    database = str(workplace / "sordiff.db")
    out, err = sordiff(
        "ingest", *names, "--db", database, "--accept", "--reason", REASON, folder=folder
    )
    files = {
        "ingest.txt": out + err,
        "runs.txt": sordiff("runs", "--db", database, folder=folder)[0],
        "events.jsonl": sordiff("events", "--db", database, folder=folder)[0],
        "diff.txt": "\n".join(
            f"=== {old} → {new}\n{sordiff('diff', old, new, folder=folder)[0]}"
            for old, new in pairwise(names)
        ),
    }
    files |= reports(workplace / "sordiff.db")
    if (folder / "check.txt").exists():
        files["check.txt"] = "\n".join(sordiff("check", n, folder=folder)[0] for n in names)
    return files
