"""benchmarks/HTTP.md: each measurement writes its own section."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

REPORT = Path(__file__).with_name("HTTP.md")
TITLES = ("Beside Datasette", "What people wait for, and what waits", "An hour of load")
HEAD = """# HTTP

`python -m benchmarks.http CHANGELOG.db --write` and `python -m benchmarks.http_load FOLDER --write` write it, over a
changelog of full size, with the server in one process.
"""


def write_section(title: str, lines: Sequence[str]) -> None:
    """Put a section in the place of the one of that title."""
    there = REPORT.read_text("utf-8").split("\n## ")[1:]
    sections = {one.partition("\n")[0]: one.partition("\n")[2].strip() for one in there}
    sections[title] = "\n".join(lines).strip()
    told = [f"## {one}\n\n{sections[one]}\n" for one in TITLES if one in sections]
    REPORT.write_text("\n".join([HEAD, *told]), "utf-8")
