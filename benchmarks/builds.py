"""The two builds that are measured beside each other: this one, and that of a commit before it."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .processes import BenchmarkError, print_progress

# The last commit before the work on what a person still waits for.
BEFORE = "f971e4dcc365"
_HERE = Path(__file__).parent.parent
_KEPT = _HERE / ".cache" / "bench-before"


@dataclass(frozen=True, kw_only=True)
class Build:
    """A checkout with its environment; the name is part of the names of its files."""

    name: str
    folder: Path
    python: Path

    @property
    def sordiff(self) -> str:
        return str(self.python.with_name("sordiff"))


_NOW = Build(name="now", folder=_HERE, python=Path(sys.executable))
SORDIFF = _NOW.sordiff


class Builds:
    """Today's build, and the one before, which is made when it is first needed."""

    now = _NOW

    @cached_property
    def before(self) -> Build:
        """The build of BEFORE, in an environment of its own, by the versions of its own lock."""
        folder = _KEPT / BEFORE
        if not (folder / ".venv" / "installed").exists():
            print_progress(f"making the build of {BEFORE}")
            _unpack_commit(folder)
            ended = subprocess.run(
                ("make", f"PYTHON={sys.executable}", ".venv/installed"),  # noqa: S607  # whichever is installed
                cwd=folder,
                check=False,
                stdout=sys.stderr,
            )
            if ended.returncode:
                raise BenchmarkError(f"the build of {BEFORE} could not be made")
        return Build(name="before", folder=folder, python=folder / ".venv" / "bin" / "python")


def _unpack_commit(folder: Path) -> None:
    packed = subprocess.run(
        ("git", "archive", BEFORE),  # noqa: S607  # whichever is installed
        cwd=_HERE,
        check=False,
        stdout=subprocess.PIPE,
    )
    if packed.returncode:
        raise BenchmarkError(f"commit {BEFORE} is not in this clone: fetch all of its history")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
