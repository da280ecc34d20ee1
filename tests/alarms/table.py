"""The figures of docs/alarms.md: how often ordinary nights are held, and whether faults are.

`make alarms-table` writes them between the two marks; a test compares them.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.rules import is_held, judge_run
from sordiff.errors import SnapshotRefused
from sordiff.snapshot import read_snapshot
from tests.alarms.faults import FAULTS
from tests.alarms.histories import NIGHTS, history
from tests.making.xml import write_snapshot
from tests.unit.small import night, unit

DOCUMENT = Path(__file__).parents[2] / "docs" / "alarms.md"
BEGIN, END = "<!-- table: begin, by `make alarms-table` -->", "<!-- table: end -->"
LARGE, SMALL = 400, 100
LIMITS = Limits()


@dataclass
class Figures:
    """What became of so many histories."""

    histories: int = 0
    nights: int = 0
    held: int = 0
    warned: Counter[str] = field(default_factory=Counter)
    injected: Counter[str] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            histories=self.histories + other.histories,
            nights=self.nights + other.nights,
            held=self.held + other.held,
            warned=self.warned + other.warned,
            injected=self.injected + other.injected,
            stopped=self.stopped + other.stopped,
        )

    def held_per_thousand(self) -> float:
        return 1_000 * self.held / self.nights

    def warned_per_thousand(self, rule: str) -> float:
        return 1_000 * self.warned[rule] / self.nights


def simulated(histories: int, *, small: bool) -> Figures:
    """Judge every night of so many histories, and then one night of each with every fault."""
    figures = Figures()
    for seed in range(histories):
        _, runs = history(seed, small=small)
        figures.histories += 1
        _judge_nights(runs, figures)
        _do_faults(runs, random.Random(seed), figures)
    return figures


def _judge_nights(runs: list[RunFacts], figures: Figures) -> None:
    """One after the other; what is held is released by a person, and stays out of the history."""
    for at in range(1, len(runs)):
        alerts = judge_run(runs[at], runs[at - 1], runs[:at], LIMITS)
        figures.nights += 1
        figures.held += is_held(alerts)
        rules = {a.code.partition(".")[0] for a in alerts if a.severity == "warning"}
        figures.warned.update(rules)
        runs[at] = replace(runs[at], exceptional=is_held(alerts))


def _do_faults(runs: list[RunFacts], dice: random.Random, figures: Figures) -> None:
    """Each fault to the same night, the 30th or a later one."""
    at = dice.randint(30, len(runs) - 1)
    for name, fault in FAULTS.items():
        spoiled = fault(replace(runs[at], exceptional=False), runs[:at], dice)
        if spoiled is not None:
            figures.injected[name] += 1
            figures.stopped[name] += is_held(judge_run(spoiled, runs[at - 1], runs[:at], LIMITS))


def refused() -> dict[str, bool]:
    """Whether the reader refuses files in which every unit stands twice, or none."""
    owner = unit(0, "owner", unit(1, "institution"))
    whole = write_snapshot(night(owner), version=2)
    faulty = {
        "the content twice, every id twice": write_snapshot(night(owner, owner), version=2),
        "the file cut off in the middle": whole[: len(whole) // 2],
        "a register without a unit": write_snapshot(night(), version=2),
        "an empty file": b"",
    }
    return {name: _is_refused(content) for name, content in faulty.items()}


def _is_refused(content: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Sor.xml"
        path.write_bytes(content)
        try:
            read_snapshot(path)
        except SnapshotRefused:
            return True
    return False


def table(large: Figures, small: Figures) -> str:
    """Both tables, as they stand in the document."""
    both = large + small
    columns = {"40,000–150,000 units": large, "100–3,000 units": small, "all": both}
    rows = [
        f"| ordinary nights | {' | '.join(columns)} |",
        "|---|---:|---:|---:|",
        f"| histories of {NIGHTS} nights | {' | '.join(f'{f.histories:,}' for f in columns.values())} |",
        f"| nights judged | {' | '.join(f'{f.nights:,}' for f in columns.values())} |",
        f"| **held, of 1,000 nights** | {' | '.join(f'{f.held_per_thousand():.2f}' for f in columns.values())} |",
    ]
    rows += [
        f"| with a warning of `{rule}.…`, of 1,000 | "
        + " | ".join(f"{f.warned_per_thousand(rule):.1f}" for f in columns.values())
        + " |"
        for rule in ("unusual", "quiet")
    ]
    rows += ["", "| fault | done to | held | refused |", "|---|---:|---:|---:|"]
    rows += [f"| {name} | {both.injected[name]} | {both.stopped[name]} | |" for name in FAULTS]
    rows += [f"| {name} | 1 | | {int(is_refused)} |" for name, is_refused in refused().items()]
    return "\n".join(rows) + "\n"


def written(document: str, text: str) -> str:
    """The document with another table."""
    head, _, rest = document.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{text}\n{END}{tail}"


if __name__ == "__main__":
    made = table(simulated(LARGE, small=False), simulated(SMALL, small=True))
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), made), encoding="utf-8")
    print(made)
