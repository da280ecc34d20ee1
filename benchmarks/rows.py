"""The measurements, one method a row of the results."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from .nights import SORDIFF, Nights, Pair, print_progress
from .processes import (
    BenchmarkError,
    Command,
    Timing,
    measure_medians,
    measure_memory,
    time_command,
)
from .results import Row, Table

_ACCEPTED = ("--accept", "--reason", "announced")
_PARSE = "import sys; from lxml import etree; etree.parse(sys.argv[1])"
_MEGABYTES = 1_000_000


class Bench:
    """Measures the rows of one size. Scale 1 is the real size; the number of changes scales too."""

    def __init__(self, nights: Nights, scale: float, rounds: int) -> None:
        self.nights, self.scale, self.rounds = nights, scale, rounds

    def night(self) -> list[Row]:
        """An ordinary night, from the tree and from the zip."""
        pair = self._pair()
        scan, took = self._medians(self._sha256sum(pair.new), self._ingest(pair, pair.new))
        self._check_night(pair)
        return [_build_scan_row("`ingest` of a night", took, scan, 1.5)]

    def diff(self) -> list[Row]:
        """Two files compared, both checked whole."""
        pair = self._pair()
        compare = self._diff(pair.old, pair.new)
        scan, took = self._medians(self._sha256sum(pair.new), compare)
        _check_count(compare.output, pair.events)
        return [_build_scan_row("`diff OLD NEW`", took, scan, 3)]

    def zip(self) -> list[Row]:
        """The same from Sor.zip, beside the time of unpacking alone."""
        pair = self._pair()
        old, new = self.nights.zipped(pair.old), self.nights.zipped(pair.new)
        unpack = self._python("-m", "benchmarks.inflate", str(new))
        scan, unpacking, night, compared = self._medians(
            self._sha256sum(pair.new), unpack, self._ingest(pair, new), self._diff(old, new)
        )
        self._check_night(pair)
        rows = []
        for what, took, zips, scans in (
            ("`ingest` of a night from Sor.zip", night, 1, 1.5),
            ("`diff OLD NEW`, both from Sor.zip", compared, 2, 3),
        ):
            most = zips * unpacking.wall + scans * scan.wall
            rows.append(
                Row(
                    what=what,
                    measured=_format_timing(took),
                    beside=f"isal unpacks one in {_format_timing(unpacking)}, sha256sum {_format_timing(scan)}",
                    target=f"≤ {zips} × unpacking + {scans:g} × sha256sum = {most:.2f} s",
                    met=took.wall <= most,
                )
            )
        return rows

    def baseline(self) -> list[Row]:
        """The first file of all."""
        pair = self._pair()
        scan, took = self._medians(self._sha256sum(pair.old), self._first(pair.old))
        return [_build_scan_row("`ingest` of the first file, the baseline", took, scan, 20)]

    def april(self) -> list[Row]:
        """A night of a great import."""
        created = round(60_000 * self.scale)
        pair = self.nights.pair(self.scale, self._changes(300), created)
        command = self._ingest(pair, pair.new, *_ACCEPTED)
        scan, took = self._medians(self._sha256sum(pair.new), command)
        self._check_night(pair)
        self.nights.drop(pair.new)
        return [_build_scan_row(f"`ingest` of a night with {created:,} new units", took, scan, 20)]

    def memory(self) -> list[Row]:
        """Peaks of memory, without the pages of the mapped files."""
        pair = self._pair()
        rows = []
        for what, command, limit in (
            ("a night", self._ingest(pair, pair.new), 200),
            ("a diff", self._diff(pair.old, pair.new), 200),
            ("a baseline", self._first(pair.old), 700),
        ):
            print_progress(f"memory of {what}")
            peaks = measure_memory(command, (pair.old, pair.new))
            beyond, resident = peaks.beyond / _MEGABYTES, peaks.resident / _MEGABYTES
            rows.append(
                Row(
                    what=f"memory of {what}, beyond the mapped files",
                    measured=f"{beyond:.0f} MB",
                    beside=f"all resident pages: {resident:.0f} MB",
                    target=f"≤ {limit} MB",
                    met=beyond <= limit,
                )
            )
        return rows

    def beside(self) -> Table:
        """Other tools, for comparison."""
        pair = self._pair()
        old, new = str(pair.old), str(pair.new)
        plainly = self._diff(pair.old, pair.new, "--no-fast", output="diff-plainly.jsonl")
        others = {
            "`sha256sum NEW`": self._sha256sum(pair.new),
            "`lxml.etree.parse(NEW)`": self._python("-c", _PARSE, new),
            "`benchmarks/naive.py OLD NEW`": self._python("-m", "benchmarks.naive", old, new),
            "GNU `diff OLD NEW`": self._command("diff", old, new, fine=(0, 1)),
            "`sordiff ingest --no-fast NEW`": self._ingest(pair, pair.new, "--no-fast"),
            "`sordiff diff --no-fast OLD NEW`": plainly,
        }
        took = self._medians(*others.values())
        return Table(
            heading="Beside it",
            columns=("what", "time", "× sha256sum"),
            lines=[
                (what, _format_timing(each), f"{each.wall / took[0].wall:.1f}")
                for what, each in zip(others, took, strict=True)
            ],
            about=f"OLD and NEW have {pair.units:,} units and {pair.megabytes:.0f} MB each, and "
            f"differ in {self._changes(300)} units. {self._same_by_both_roads(pair, plainly)}",
        )

    def _same_by_both_roads(self, pair: Pair, plainly: Command) -> str:
        """Compare the last result of the plain road with that of the fast road."""
        told, recorded = plainly.output, self._recorded("night-plainly.jsonl")
        quickly = self._diff(pair.old, pair.new)
        time_command(quickly)
        time_command(self._ingest(pair, pair.new))
        for what, one, other in (
            ("diff", quickly.output, told),
            ("ingest", self._recorded("night.jsonl"), recorded),
        ):
            _check_count(one, pair.events)
            if one.read_bytes() != other.read_bytes():
                raise BenchmarkError(
                    f"by the two roads `{what}` tells different events: {one}, {other}"
                )
        return f"`diff` and `ingest` tell the same {pair.events:,} events by both roads, byte for byte."

    def full_changelog(self) -> Path:
        """A changelog of this size with a baseline and a night."""
        pair = self._pair()
        time_command(self._ingest(pair, pair.new))
        return self._changelog

    def measured_nights(self, pairs: Sequence[Pair]) -> list[tuple[float, float]]:
        """Measure sha256sum and a night of each pair, for the tables of growth; all take turns.

        Measurements that lie minutes apart differ by the load of the machine alone.
        """
        nights = [self._ingest(pair, pair.new, *_ACCEPTED) for pair in pairs]
        scans = [self._sha256sum(pair.new) for pair in pairs]
        taken = self._medians(*scans, *nights)
        for pair, night in zip(pairs, nights, strict=True):
            time_command(night)
            self._check_night(pair)
        count = len(pairs)
        return [(taken[place].wall, taken[count + place].wall) for place in range(count)]

    def _pair(self) -> Pair:
        return self.nights.pair(self.scale, self._changes(300))

    def _changes(self, changes: int) -> int:
        return round(changes * self.scale)

    def _medians(self, *commands: Command) -> list[Timing]:
        print_progress(
            "measuring " + " · ".join(" ".join(command.words[:3]) for command in commands)
        )
        return measure_medians(commands, self.rounds)

    def _command(self, *words: str, fine: tuple[int, ...] = (0,), output: str = "out") -> Command:
        return Command(words=words, output=self.nights.directory / output, fine=fine)

    def _python(self, *words: str) -> Command:
        return self._command(sys.executable, *words)

    def _sha256sum(self, path: Path) -> Command:
        return self._command("sha256sum", str(path))

    def _diff(self, old: Path, new: Path, *options: str, output: str = "diff.jsonl") -> Command:
        words = (SORDIFF, "diff", "--format", "jsonl", *options, str(old), str(new))
        return self._command(*words, output=output)

    def _ingest(self, pair: Pair, snapshot: Path, *options: str) -> Command:
        """A night on a fresh copy of the baseline."""
        baseline = self.nights.baseline(pair.old)
        return Command(
            words=(SORDIFF, "ingest", "--db", str(self._changelog), *options, str(snapshot)),
            output=self.nights.directory / "out",
            ready=partial(self.nights.copy, baseline, self._changelog.name),
            directory=self.nights.directory,
        )

    def _first(self, old: Path) -> Command:
        return Command(
            words=(SORDIFF, "ingest", "--db", str(self.nights.directory / "first.db"), str(old)),
            output=self.nights.directory / "out",
            ready=partial(self.nights.empty, "first.db"),
            directory=self.nights.directory,
        )

    @property
    def _changelog(self) -> Path:
        return self.nights.directory / "night.db"

    def _check_night(self, pair: Pair) -> None:
        """Check that the night has all its events: it may be fast because it misses some."""
        _check_count(self._recorded("night.jsonl"), pair.events)

    def _recorded(self, output: str) -> Path:
        """The events of the night that was recorded last."""
        read = self._command(SORDIFF, "events", "--db", str(self._changelog), output=output)
        time_command(read)
        return read.output


def _check_count(events: Path, expected: int) -> None:
    with events.open("rb") as lines:
        found = sum(1 for _ in lines)
    if found != expected:
        raise BenchmarkError(f"{found} events where the pair has {expected}")


def _format_timing(took: Timing) -> str:
    return f"{took.wall:.2f} s (cores {took.cpu:.2f} s)"


def _build_scan_row(what: str, took: Timing, scan: Timing, most: float) -> Row:
    return Row(
        what=what,
        measured=_format_timing(took),
        beside=f"sha256sum {_format_timing(scan)}: × {took.wall / scan.wall:.2f}",
        target=f"≤ {most:g} × sha256sum",
        met=took.wall <= most * scan.wall,
    )
