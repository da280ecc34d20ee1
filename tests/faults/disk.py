"""`python -m tests.faults.disk`: a disk that fails at each call that changes a file, in each way, for each kind of call of sordiff.

`make chaos ARGS=--disk` runs all of them. The process loads the layer of faults by LD_PRELOAD, and starts itself again for it.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections import Counter
from typing import Final

from tests.faults.laws import FAULTS, Tried, list_tries, try_fault, undisturbed
from tests.faults.layer import build_layer, find_compiler
from tests.faults.situations import SITUATIONS, Situation
from tests.faults.tries import load_modules
from tests.temporary_files import write_into_memory

_PRELOAD: Final = "LD_PRELOAD"


def main() -> None:
    parser = argparse.ArgumentParser(description="Let the disk fail, and look what is left.")
    parser.add_argument("--disk", help="that this is wanted, for `make chaos`", action="store_true")
    parser.add_argument("--only", help="situations whose name contains one of these", nargs="+")
    parser.add_argument("--fault", help="one of the faults", choices=FAULTS)
    parser.add_argument(
        "--sample",
        help="of each kind of call one, with one of the faults, by lot",
        action="store_true",
    )
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if find_compiler() is None:
        sys.exit("NO FAULT OF A DISK WAS TRIED: there is no C compiler here")
    write_into_memory()
    if _PRELOAD not in os.environ:
        words = [sys.executable, "-m", "tests.faults.disk", *sys.argv[1:]]
        surroundings = {**os.environ, _PRELOAD: str(build_layer())}
        os.execve(sys.executable, words, surroundings)  # noqa: S606  # itself
    load_modules()
    begun = time.monotonic()
    broken = sum(
        run_situation(situation, asked, random.Random(asked.seed))
        for situation in SITUATIONS
        if any(name in situation.name for name in asked.only or [""])
    )
    print(f"{broken} tries broke a law; {time.monotonic() - begun:.0f} s", flush=True)
    sys.exit(1 if broken else 0)


def run_situation(situation: Situation, asked: argparse.Namespace, lot: random.Random) -> int:
    """Try it, and print a row of figures; how many tries broke a law."""
    faults = [asked.fault] if asked.fault else list(FAULTS)
    broken = 0
    with undisturbed(situation) as known:
        tries = [(fault, number) for fault in faults for number in list_tries(known.calls, fault)]
        if asked.sample:
            lot.shuffle(tries)
            tries = list(
                {
                    _name_kind(known.calls[number - 1]): (fault, number) for fault, number in tries
                }.values()
            )
        counted: Counter[str] = Counter()
        for fault, number in tries:
            tried = try_fault(situation, known, fault, number)
            counted["as after" if tried.is_after else "as before"] += 1
            counted[f"left with {tried.code}"] += 1
            if tried.broken:
                broken += 1
                _tell(situation, fault, number, known.calls, tried)
        figures = ", ".join(f"{count} {what}" for what, count in sorted(counted.items()))
        print(
            f"{situation.name}: {len(known.calls)} calls, {len(tries)} tries: {figures}", flush=True
        )
    return broken


def _name_kind(call: str) -> str:
    """What is called, and on what; files that are drawn by lot or named by a digest are one."""
    return re.sub(r"(?<=sordiff-)\w+|#\d+|tmp/\w{8}$|[0-9a-f]{8,}", "…", call)


def _tell(
    situation: Situation, fault: str, number: int, calls: tuple[str, ...], tried: Tried
) -> None:
    print(f"BROKEN: {situation.name}, {fault}, call {number} ({calls[number - 1]})", flush=True)
    for law in tried.broken:
        print(f"    {law}")
    print(f"    said, leaving with {tried.code}: {tried.message}", flush=True)


if __name__ == "__main__":
    main()
