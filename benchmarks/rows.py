"""The measurements of nights and of pairs of files, one method a row of the results.

`lxml.etree.parse` of one file is the yardstick: it takes turns with what is measured by it. Rows whose target is a share of
what the build before needed run that build in the same turns.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from .builds import Build, Builds
from .nights import Nights, Pair
from .processes import (
    BenchmarkError,
    Command,
    Timing,
    measure_medians,
    measure_memory,
    print_progress,
    time_command,
)
from .results import Row
from .timed_rows import YARDSTICK, Target, build_parsing_row, build_share_row, format_timing

ACCEPTED = ("--accept", "--reason", "announced")
# Rows of minutes have fewer turns.
_FEW = 3
_PARSE = "import sys; from lxml import etree; etree.parse(sys.argv[1])"
_MEGABYTES = 1_000_000


class Bench:
    """Measures the rows of one size. Scale 1 is the real size; the number of changes scales too."""

    def __init__(self, nights: Nights, builds: Builds, scale: float, rounds: int) -> None:
        self.nights, self.builds, self.scale, self.rounds = nights, builds, scale, rounds

    def night(self) -> list[Row]:
        """An ordinary night."""
        pair = self._pair()
        now = self._ingest(self.builds.now, pair, pair.new)
        row = self._beside_parsing(Target("night", "`ingest` of a night", 0.2), pair, now)
        self._check_night(pair)
        return [row]

    def diff(self) -> list[Row]:
        """Two files compared, both checked whole."""
        pair = self._pair()
        now = self._diff(self.builds.now, pair.old, pair.new)
        row = self._beside_parsing(Target("diff", "`diff OLD NEW`", 0.45), pair, now)
        _check_count(now.output, pair.events)
        return [row]

    def baseline(self) -> list[Row]:
        """The first file of all."""
        pair = self._pair()
        now = self._first(self.builds.now, pair.old)
        target = Target("baseline", "first `ingest`, the baseline", 2.2)
        row = self._beside_parsing(target, pair, now)
        alone = self._time_rows_alone(self.nights.directory / "first.db")
        return [
            replace(
                row,
                beside=f"{row.beside}; floor: its rows into SQLite alone {alone:.2f} s of a core",
            )
        ]

    def _time_rows_alone(self, changelog: Path, *before: Path) -> float:
        """What cannot be left out, whatever reads and compares; the median of a few."""
        made = changelog.with_name("alone.db")
        words = (str(path) for path in (changelog, made, *before))
        command = self._python("-m", "benchmarks.rows_alone", *words)
        found = []
        for _ in range(_FEW):
            time_command(command)
            found.append(float(command.output.read_text()))
        return statistics.median(found)

    def plain_night(self) -> list[Row]:
        """A night by the plain road, which tells what the fast road tells."""
        pair = self._pair()
        now = self._ingest(self.builds.now, pair, pair.new, "--no-fast")
        row = self._beside_parsing(
            Target("plain-night", "`ingest --no-fast` of a night", 2.2), pair, now, _FEW
        )
        plainly = self._recorded("night-plainly.jsonl")
        time_command(self._ingest(self.builds.now, pair, pair.new))
        _demand_same("ingest", pair, self._recorded("night.jsonl"), plainly)
        return [row]

    def plain_diff(self) -> list[Row]:
        """The plain road beside the script that anybody would write first: time and memory."""
        pair = self._pair()
        script = self._python("-m", "benchmarks.naive", str(pair.old), str(pair.new))
        plainly = self._diff(
            self.builds.now, pair.old, pair.new, "--no-fast", output="plainly.jsonl"
        )
        parsing, naive, took = self.medians(_FEW, self.parse(pair.new), script, plainly)
        quickly = self._diff(self.builds.now, pair.old, pair.new)
        time_command(quickly)
        _demand_same("diff", pair, quickly.output, plainly.output)
        print_progress("memory of both")
        beyond, needed = (self._peak(command, pair) for command in (plainly, script))
        return [
            Row(
                name="plain-diff",
                what="`diff --no-fast OLD NEW`",
                measured=format_timing(took),
                beside=f"naive.py {format_timing(naive)}: × {took.wall / naive.wall:.2f}; "
                f"{YARDSTICK} {format_timing(parsing)}: × {took.wall / parsing.wall:.2f}",
                target="≤ 0.6 × naive.py",
                met=took.wall <= 0.6 * naive.wall,
            ),
            Row(
                name="plain-diff",
                what="`diff --no-fast OLD NEW`, memory",
                measured=f"{beyond:.0f} MB",
                beside=f"naive.py {needed:.0f} MB: × {beyond / needed:.2f}",
                target="≤ 0.25 × naive.py",
                met=beyond <= 0.25 * needed,
            ),
        ]

    def april(self) -> list[Row]:
        """A night of a great import, by both builds."""
        created = round(60_000 * self.scale)
        pair = self.nights.pair(self.scale, self._changes(300), created)
        commands = [
            self._ingest(build, pair, pair.new, *ACCEPTED)
            for build in (self.builds.now, self.builds.before)
        ]
        parsing, took, before = self.medians(_FEW, self.parse(pair.old), *commands)
        time_command(commands[0])
        self._check_night(pair)
        baseline = self.nights.baseline(pair.old, self.builds.now)
        alone = self._time_rows_alone(self._changelog, baseline)
        self.nights.drop(pair.new)
        what = f"`ingest` of a night with {created:,} new units"
        row = build_share_row(Target("import", what, 0.5), took, before, parsing)
        floor = f"floor: its rows into SQLite alone {alone:.2f} s of a core, × {alone / before.cpu:.2f} of those before"
        return [replace(row, beside=f"{row.beside}; {floor}")]

    def zip(self) -> list[Row]:
        """A night and a diff from Sor.zip, beside the time of unpacking alone."""
        pair = self._pair()
        old, new = self.nights.zipped(pair.old), self.nights.zipped(pair.new)
        unpack = self._python("-m", "benchmarks.inflate", str(new))
        now = self.builds.now
        parsing, unpacking, night, compared = self.medians(
            self.rounds,
            self.parse(pair.new),
            unpack,
            self._ingest(now, pair, new),
            self._diff(now, old, new),
        )
        self._check_night(pair)
        rows = []
        for what, took, zips, share in (
            ("`ingest` of a night from Sor.zip", night, 1, 0.4),
            ("`diff OLD NEW`, both from Sor.zip", compared, 2, 0.8),
        ):
            most = zips * unpacking.wall + share * parsing.wall
            rows.append(
                Row(
                    name="zip",
                    what=what,
                    measured=format_timing(took),
                    beside=f"isal unpacks one in {format_timing(unpacking)}, {YARDSTICK} {format_timing(parsing)}",
                    target=f"≤ {zips} × unpacking + {share:g} × {YARDSTICK} = {most:.2f} s",
                    met=took.wall <= most,
                )
            )
        return rows

    def memory(self) -> list[Row]:
        """Peaks of memory, without the pages of the mapped files."""
        pair, now = self._pair(), self.builds.now
        return [
            self._memory_row(what, pair, command, limit)
            for what, command, limit in (
                ("a night", self._ingest(now, pair, pair.new), 45),
                ("a diff", self._diff(now, pair.old, pair.new), 80),
                ("a baseline", self._first(now, pair.old), 250),
            )
        ]

    def _memory_row(self, what: str, pair: Pair, command: Command, limit: int) -> Row:
        print_progress(f"memory of {what}")
        peaks = measure_memory(command, (pair.old, pair.new))
        beyond, resident = peaks.beyond / _MEGABYTES, peaks.resident / _MEGABYTES
        return Row(
            name="memory",
            what=f"memory of {what}, beyond the mapped files",
            measured=f"{beyond:.0f} MB",
            beside=f"all resident pages: {resident:.0f} MB",
            target=f"≤ {limit} MB",
            met=beyond <= limit,
        )

    def _peak(self, command: Command, pair: Pair) -> float:
        return measure_memory(command, (pair.old, pair.new)).beyond / _MEGABYTES

    def measured_nights(self, pairs: Sequence[Pair]) -> list[tuple[float, float]]:
        """Measure the parsing and a night of each pair, for the tables of growth; all take turns.

        Measurements that lie minutes apart differ by the load of the machine alone.
        """
        nights = [self._ingest(self.builds.now, pair, pair.new, *ACCEPTED) for pair in pairs]
        parses = [self.parse(pair.new) for pair in pairs]
        taken = self.medians(_FEW, *parses, *nights)
        for pair, night in zip(pairs, nights, strict=True):
            time_command(night)
            self._check_night(pair)
        count = len(pairs)
        return [(taken[place].wall, taken[count + place].wall) for place in range(count)]

    def full_changelog(self, build: Build) -> Path:
        """A changelog of this size with a baseline."""
        return self.nights.baseline(self._pair().old, build)

    def parse(self, path: Path) -> Command:
        """The yardstick."""
        return self._python("-c", _PARSE, str(path))

    def medians(self, rounds: int, *commands: Command) -> list[Timing]:
        """Medians of so many turns, or of fewer if fewer are wanted."""
        print_progress(
            "measuring " + " · ".join(" ".join(command.words[:3]) for command in commands)
        )
        return measure_medians(commands, min(rounds, self.rounds))

    def _beside_parsing(
        self, target: Target, pair: Pair, now: Command, rounds: int = sys.maxsize
    ) -> Row:
        parsing, took = self.medians(rounds, self.parse(pair.new), now)
        return build_parsing_row(target, took, parsing)

    def _pair(self) -> Pair:
        return self.nights.pair(self.scale, self._changes(300))

    def _changes(self, changes: int) -> int:
        return round(changes * self.scale)

    def _python(self, *words: str) -> Command:
        return Command(words=(sys.executable, *words), output=self.nights.directory / "out")

    def _diff(
        self, build: Build, old: Path, new: Path, *options: str, output: str = "diff.jsonl"
    ) -> Command:
        words = (build.sordiff, "diff", "--format", "jsonl", *options, str(old), str(new))
        return Command(words=words, output=self.nights.directory / output)

    def _ingest(self, build: Build, pair: Pair, snapshot: Path, *options: str) -> Command:
        """A night on a fresh copy of the baseline."""
        baseline = self.nights.baseline(pair.old, build)
        ready = partial(self.nights.copy, baseline, self._changelog.name)
        return self._record(build, self._changelog, snapshot, ready, *options)

    def _first(self, build: Build, old: Path) -> Command:
        changelog = self.nights.directory / "first.db"
        return self._record(build, changelog, old, partial(self.nights.empty, changelog.name))

    def _record(
        self,
        build: Build,
        changelog: Path,
        snapshot: Path,
        ready: Callable[[], object],
        *options: str,
    ) -> Command:
        return Command(
            words=(build.sordiff, "ingest", "--db", str(changelog), *options, str(snapshot)),
            output=self.nights.directory / "out",
            ready=ready,
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
        words = (self.builds.now.sordiff, "events", "--db", str(self._changelog))
        read = Command(words=words, output=self.nights.directory / output)
        time_command(read)
        return read.output


def _check_count(events: Path, expected: int) -> None:
    with events.open("rb") as lines:
        found = sum(1 for _ in lines)
    if found != expected:
        raise BenchmarkError(f"{found} events where the pair has {expected}")


def _demand_same(what: str, pair: Pair, quickly: Path, plainly: Path) -> None:
    """Both roads must tell the same events, byte for byte."""
    _check_count(quickly, pair.events)
    if quickly.read_bytes() != plainly.read_bytes():
        raise BenchmarkError(
            f"by the two roads `{what}` tells different events: {quickly}, {plainly}"
        )
