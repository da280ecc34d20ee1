"""`python -m tests.ports.killing START FOLDER COUNT`: `publish` killed at so many moments, and called again.

START is a folder with sordiff.db and perhaps `out`. For each moment FOLDER gets a copy of it, `0`, `1` …, in which a
call was killed, and the next one went through; what was to be seen in between is in `N.seen`.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType

from sordiff.cli import main

WATCHED = ("sordiff.ndjson", "sordiff.service.publish", "sordiff.store", "pathlib", "contextlib")
PUBLISH = ["sordiff", "publish", "--to", "ndjson:out", "--state"]


def call(folder: Path, left: int | None) -> tuple[int, int]:
    """In a process of its own, which kills itself at the call of that number; how it ended, and how many were left.

    None: nobody watches, since to watch takes longer than the work.
    """
    counted, counting = os.pipe()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.argv = PUBLISH

        def watch(frame: FrameType, what: str, _: object) -> None:
            nonlocal left
            if what == "c_call" and str(frame.f_globals.get("__name__")).startswith(WATCHED):
                left = (left or 0) - 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(None if left is None else watch)
        code = 0
        try:
            main()
        except SystemExit as error:
            code = int(str(error.code))
        sys.setprofile(None)
        os.write(counting, str(left or 0).encode())
        os._exit(code)
    os.close(counting)
    _, status = os.waitpid(child, 0)
    with os.fdopen(counted) as pipe:
        return os.waitstatus_to_exitcode(status), int(pipe.read() or 0)


def run(start: Path, folder: Path, count: int) -> None:
    """An undisturbed call, then the killed ones."""
    shutil.copytree(start, folder / "undisturbed")
    many = 10**9
    code, left = call(folder / "undisturbed", many)
    assert code == 0
    steps = many - left
    for number in range(count):
        place = folder / str(number)
        shutil.copytree(start, place)
        code, _ = call(place, max(1, (steps - 20) * (number + 1) // count))
        assert code == -signal.SIGKILL, code
        shutil.copytree(place, folder / f"{number}.seen")
        code, _ = call(place, None)
        assert code == 0, f"the call after the {number}th kill left with {code}"
    print(steps)


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
