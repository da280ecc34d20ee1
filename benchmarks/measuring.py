"""Whole processes, timed; and what memory they take, looked at while they run."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY = 0.01  # seconds


@dataclass(frozen=True, kw_only=True)
class Command:
    """A process to measure, and where its output goes.

    ready: called before, and not timed. fine: codes that it may leave with.
    """

    words: tuple[str, ...]
    output: Path
    ready: Callable[[], object] | None = None
    directory: Path | None = None
    fine: tuple[int, ...] = (0,)


class Failed(Exception):
    """A process that is to be measured failed."""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Seconds on the clock, start and end included, and seconds of all cores."""

    wall: float
    cpu: float


def timed(command: Command) -> Taken:
    """How long the process takes."""
    if command.ready is not None:
        command.ready()
    before = _cpu_of_children()
    with command.output.open("wb") as out:
        begun = time.perf_counter()
        ended = subprocess.run(
            command.words, check=False, stdout=out, stderr=subprocess.PIPE, cwd=command.directory
        )
        wall = time.perf_counter() - begun
    _demand(command, ended.returncode, ended.stderr)
    return Taken(wall=wall, cpu=_cpu_of_children() - before)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first_line(command: Command) -> float:
    """How long it took until the process said its first line, or that it has none."""
    begun = time.perf_counter()
    with subprocess.Popen(command.words, stdout=subprocess.PIPE, cwd=command.directory) as process:
        line = process.stdout.readline() if process.stdout is not None else b""
        took = time.perf_counter() - begun
        if line:
            process.terminate()
    if not line:
        _demand(command, process.returncode, b"")
    return took


def medians(commands: Sequence[Command], rounds: int) -> list[Taken]:
    """The median times of each; they take turns, so that noise hits all of them."""
    taken = [[timed(command) for command in commands] for _ in range(rounds)]
    return [
        Taken(
            wall=statistics.median(each.wall for each in column),
            cpu=statistics.median(each.cpu for each in column),
        )
        for column in zip(*taken, strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Peaks in bytes: all resident pages, and those that are no pages of the mapped files."""

    resident: int
    beyond: int


def memory(command: Command, mapped: Sequence[Path]) -> Memory:
    """What the process and those below it take at most, files given as mapped left out."""
    if command.ready is not None:
        command.ready()
    names = {os.fsencode(path.resolve()) for path in mapped}
    resident = beyond = 0
    with command.output.open("wb") as out:
        process = subprocess.Popen(command.words, stdout=out, stderr=out, cwd=command.directory)
        while process.poll() is None:
            looked = [_looked_at(number, names) for number in _below(process.pid)]
            resident = max(resident, sum(both[0] for both in looked))
            beyond = max(beyond, sum(both[1] for both in looked))
            time.sleep(_LOOK_EVERY)
    _demand(command, process.returncode, b"")
    return Memory(resident=resident, beyond=beyond)


def _demand(command: Command, code: int, said: bytes) -> None:
    if code not in command.fine:
        raise Failed(f"{' '.join(command.words)} left with {code}: {said.decode()[-1000:]}")


def _below(number: int) -> list[int]:
    """A process and all that it started."""
    try:
        tasks = list(Path(f"/proc/{number}/task").iterdir())
        started = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return [number]
    return [number, *(below for child in started for below in _below(child))]


def _looked_at(number: int, names: set[bytes]) -> tuple[int, int]:
    """A process's share of the resident bytes now: all, and those beyond the files of these names."""
    try:
        maps = Path(f"/proc/{number}/smaps").read_bytes()
    except OSError:
        return 0, 0
    every = beyond = 0
    is_file = False
    for line in maps.splitlines():
        words = line.split(None, 5)
        if line.startswith(b"Pss:"):  # of what two processes share, to each its half
            size = int(words[1]) * 1024
            every += size
            beyond += 0 if is_file else size
        elif words and not words[0].endswith(b":"):
            is_file = words[-1] in names
    return every, beyond
