"""Processes to measure: their time, and their memory, sampled while they run."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY = 0.01  # seconds
# Images of containers often forbid to keep bytecode: each start then compiles the whole product,
# and that of a peer, which pip has compiled, does not.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


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


def print_progress(what: str) -> None:
    """Tell on stderr what goes on."""
    print(f"… {what}", file=sys.stderr, flush=True)


class BenchmarkError(Exception):
    """A process that was to be measured has failed."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Wall-clock seconds of the whole process, and CPU seconds of all cores."""

    wall: float
    cpu: float


def time_command(command: Command) -> Timing:
    """Run the command and time it."""
    if command.ready is not None:
        command.ready()
    before = _read_children_cpu()
    with command.output.open("wb") as out:
        begun = time.perf_counter()
        ended = subprocess.run(
            command.words, check=False, stdout=out, stderr=subprocess.PIPE, cwd=command.directory
        )
        wall = time.perf_counter() - begun
    _check_exit(command, ended.returncode, ended.stderr)
    return Timing(wall=wall, cpu=_read_children_cpu() - before)


def _read_children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def time_first_line(command: Command) -> float:
    """Time the command to its first line, or to its end if it prints nothing."""
    begun = time.perf_counter()
    with subprocess.Popen(command.words, stdout=subprocess.PIPE, cwd=command.directory) as process:
        line = process.stdout.readline() if process.stdout is not None else b""
        took = time.perf_counter() - begun
        if line:
            process.terminate()
    if not line:
        _check_exit(command, process.returncode, b"")
    return took


def measure_medians(commands: Sequence[Command], rounds: int) -> list[Timing]:
    """The median time of each command; they take turns, so that noise hits all of them."""
    taken = [[time_command(command) for command in commands] for _ in range(rounds)]
    return [
        Timing(
            wall=statistics.median(each.wall for each in column),
            cpu=statistics.median(each.cpu for each in column),
        )
        for column in zip(*taken, strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class PeakMemory:
    """Peaks in bytes: all resident pages, and those that do not belong to the mapped files."""

    resident: int
    beyond: int


def measure_memory(command: Command, mapped: Sequence[Path]) -> PeakMemory:
    """Measure the peak of a process and its children, with and without the mapped files."""
    if command.ready is not None:
        command.ready()
    names = {os.fsencode(path.resolve()) for path in mapped}
    resident = beyond = 0
    with command.output.open("wb") as out:
        process = subprocess.Popen(command.words, stdout=out, stderr=out, cwd=command.directory)
        while process.poll() is None:
            looked = [
                _read_resident_bytes(number, names) for number in _find_descendants(process.pid)
            ]
            resident = max(resident, sum(both[0] for both in looked))
            beyond = max(beyond, sum(both[1] for both in looked))
            time.sleep(_LOOK_EVERY)
    _check_exit(command, process.returncode, b"")
    return PeakMemory(resident=resident, beyond=beyond)


def _check_exit(command: Command, code: int, said: bytes) -> None:
    if code not in command.fine:
        raise BenchmarkError(f"{' '.join(command.words)} left with {code}: {said.decode()[-1000:]}")


def _find_descendants(number: int) -> list[int]:
    """The ids of a process and of all that it started."""
    try:
        tasks = list(Path(f"/proc/{number}/task").iterdir())
        started = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return [number]
    return [number, *(below for child in started for below in _find_descendants(child))]


def _read_resident_bytes(number: int, names: set[bytes]) -> tuple[int, int]:
    """The resident bytes of a process now: all, and those outside the files of these names."""
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
            # What a process wrote into a file without a name, and mapped, is no more of its memory
            # than the snapshot: the system keeps it, or not, as it has room.
            is_file = words[-1] in names or words[-1].endswith(b" (deleted)")
    return every, beyond
