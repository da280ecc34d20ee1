"""The plugin of pytest that tries mutants: the tests are collected once, and each mutant is a fork in which its tests run.

Which tests reach which function is found out first, by one run of all of them.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.mutants.live_code import LiveModule
from tests.mutants.mutations import Mutant, list_mutants

if TYPE_CHECKING:
    from types import FrameType

KILLED, SURVIVED, UNREACHED = "killed", "survived", "no test reaches it"
_ALIVE, _DEAD, _OTHERS = 0, 1, 3
_SLOWEST: Final = 6.0
_LEAST_PATIENCE: Final = 20
_LONGEST_WAIT: Final = 1800


class MutantTrier:
    """until: when it is to end. again: the lines of a report, of which alone the mutants are tried."""

    def __init__(
        self, paths: list[Path], until: float, report: Path, again: set[str] | None = None
    ) -> None:
        self.paths, self.until, self.report = paths, until, report
        self.again = None if again is None else {line.partition("\t")[2] for line in again}
        self.reaching: dict[tuple[str, str], list[pytest.Item]] = defaultdict(list)
        self.seconds: dict[pytest.Item, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.unfreeze()
        self._find_reaching(session.items)
        names = {str(path) for path in self.paths}
        live = {name: LiveModule(name) for name in names}
        counts: Counter[tuple[str, str]] = Counter()
        with self.report.open("a", encoding="utf-8") as report:
            for path in self.paths:
                for mutant in list_mutants(path.read_text(encoding="utf-8")):
                    place = f"{path.relative_to(Path.cwd())}:{mutant.line}"
                    line = f"{place}\t{mutant.function}\t{mutant.change}"
                    if self.again is not None and line not in self.again:
                        continue
                    if time.monotonic() > self.until:
                        print("The time is over.", flush=True)
                        return True
                    became = self._try(live[str(path)], mutant)
                    counts[str(path), became] += 1
                    if became != KILLED:
                        print(f"{became}\t{line}", file=report, flush=True)
                told = ", ".join(
                    f"{counts[str(path), one]} {one}" for one in (KILLED, SURVIVED, UNREACHED)
                )
                print(f"{path.relative_to(Path.cwd())}: {told}", flush=True)
        return True

    def _find_reaching(self, items: list[pytest.Item]) -> None:
        """Run every test once, and note whose functions are called in it."""
        wanted = {str(path) for path in self.paths}
        for item in items:
            called: set[tuple[str, str]] = set()

            def note(frame: FrameType, event: str, _arg: Any, called: Any = called) -> None:
                if event == "call" and frame.f_code.co_filename in wanted:
                    called.add((frame.f_code.co_filename, frame.f_code.co_qualname))

            begun = time.process_time()
            sys.setprofile(note)
            failed = _run(item)
            sys.setprofile(None)
            self.seconds[item] = time.process_time() - begun
            if failed:
                print(f"left out, it fails without a mutant: {item.nodeid}", flush=True)
            elif self.seconds[item] < _SLOWEST:
                for path, name in called:
                    # What is called within a function belongs to it.
                    self.reaching[path, name.split(".<locals>")[0]].append(item)
        for tests in self.reaching.values():
            tests.sort(key=lambda item: self.seconds[item])
        kept = {item for tests in self.reaching.values() for item in tests}
        seconds = sum(self.seconds[item] for item in kept)
        print(f"{len(kept)} tests reach something, in {seconds:.0f} s", flush=True)

    def _try(self, module: LiveModule, mutant: Mutant) -> str:
        tests = self.reaching.get((module.path, mutant.function), [])
        if not tests:
            return UNREACHED
        process = os.fork()
        if process == 0:
            null = os.open(os.devnull, os.O_RDWR)
            for stream in (1, 2):
                os.dup2(null, stream)
            os.setpgid(0, 0)
            # In seconds of the processor, so that a busy machine kills no mutant; what only waits ends, too.
            patience = _LEAST_PATIENCE + 5 * sum(self.seconds[item] for item in tests)
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, patience)
            signal.alarm(_LONGEST_WAIT)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            code = _OTHERS
            try:
                code = _ALIVE if module.become(mutant) else _OTHERS
                if code == _ALIVE and any(_run(item) for item in tests):
                    code = _DEAD
            except BaseException:  # noqa: BLE001  # whatever it is, the mutant was noticed
                code = _DEAD
            finally:
                os._exit(code)
        _, status = os.waitpid(process, 0)
        return SURVIVED if os.waitstatus_to_exitcode(status) in {_ALIVE, _OTHERS} else KILLED


def _run(item: pytest.Item) -> bool:
    """Run a test whole, with fixtures of its own; whether it failed."""
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=None)
    return any(report.failed for report in reports)
