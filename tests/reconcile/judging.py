"""The three bundled nights recorded once, and lists judged by them in the test's own process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cli.calling import good
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

# What the nights of the demo tell of these, the stories beside them.
HOME_CARE, HOME_CARE_OLD, HOME_CARE_NEW = "610121000016002", "5790008712009", "5790008712023"
CLOSED = "630321000016009"  # closed when the day passed, on 6 March
REMOVED = "630421000016003"
REMOVED_NUMBER = "5790008714065"
CLOSING, HEIR, HEIR_NUMBER = "600361000016007", "600371000016002", "5790008711026"
RENAMED = "600311000016005"
DENTIST, DENTIST_BELOW, DENTIST_NUMBER = "630111000016002", "630121000016006", "5790008714034"
DOCTOR, OLD_PROVIDER, NEW_PROVIDER = "620131000016006", "021849", "021857"
CLINIC = "620021000016005"
CLOSED_NUMBER = "5790008713037"


def record_demo(folder: Path) -> None:
    good(folder, "ingest", *sorted((ROOT / "fixtures" / "demo").glob("*.zip")))


def judged(
    folder: Path, content: str | bytes, *options: str, name: str = "list.csv"
) -> dict[str, Any]:
    """The answer in JSON for a list of this content."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    answer: dict[str, Any] = json.loads(
        good(folder, "reconcile", name, "--format", "json", *options)
    )
    return answer


def verdict(
    folder: Path, *cells: str, heading: str = "SOR;GLN;Navn;Yder", options: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What is said of a list of one line."""
    [row] = judged(folder, f"{heading}\n{';'.join(cells)}\n", *options)["rows"]
    found: dict[str, Any] = row
    return found
