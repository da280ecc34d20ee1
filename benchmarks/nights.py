"""The files to measure, made from one seed when they are first needed."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .builds import Build, Builds
from .full_size import write_zip
from .processes import print_progress


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two nights and what must come of them."""

    old: Path
    new: Path
    units: int
    megabytes: float
    events: int


class Nights:
    """Makes pairs, their zips and their baselines in a directory."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory, self.seed = directory, seed
        self._warm: set[Path] = set()

    def pair(self, scale: float, changes: int, created: int = 0) -> Pair:
        """A pair of this size. All pairs of one scale share OLD."""
        old = self.directory / f"old-{scale:g}-{self.seed}.xml"
        new = self.directory / f"new-{scale:g}-{self.seed}-{changes}-{created}.xml"
        made = new.with_suffix(".json")
        if not made.exists():
            self._make(old, new, made, ("--changes", str(changes), "--created", str(created)))
        said = json.loads(made.read_bytes())
        self._read_once(old)
        self._read_once(new)
        return Pair(
            old=old,
            new=new,
            units=said["new_units"],
            megabytes=said["new_bytes"] / 1e6,
            events=sum(said["events"].values()),
        )

    def _make(self, old: Path, new: Path, made: Path, options: tuple[str, ...]) -> None:
        print_progress(f"making {new.name}")
        scale = new.name.split("-")[1]
        first = Path(os.devnull) if old.exists() else old
        words = [sys.executable, "-m", "benchmarks.full_size", str(first), str(new), *options]
        words += ["--scale", scale, "--seed", str(self.seed)]
        said = subprocess.run(words, check=True, stdout=subprocess.PIPE)
        made.write_bytes(said.stdout)

    def zipped(self, snapshot: Path) -> Path:
        """The snapshot as a Sor.zip."""
        archive = snapshot.with_suffix(".zip")
        if not archive.exists():
            print_progress(f"making {archive.name}")
            write_zip(snapshot, archive)
        self._read_once(archive)
        return archive

    def baseline(self, old: Path, build: Build = Builds.now) -> Path:
        """A changelog whose only run is the baseline of this snapshot, by one of two builds."""
        changelog = old.with_suffix(f".{build.name}.db")
        if not changelog.exists():
            print_progress(f"making {changelog.name}")
            part = self.empty("part.db")
            subprocess.run(
                (build.sordiff, "ingest", "--db", part, old),
                check=True,
                stdout=subprocess.DEVNULL,
                cwd=self.directory,
            )
            with closing(sqlite3.connect(part)) as connection:
                # All of it into the one file that is copied.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            part.rename(changelog)
        return changelog

    def copy(self, changelog: Path, name: str) -> Path:
        """A copy of a changelog, on the disk and in the page cache."""
        copied = self.empty(name)
        with changelog.open("rb") as source, copied.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        return copied

    def empty(self, name: str) -> Path:
        """Where a changelog may be made, without what an earlier one left."""
        for left in self.directory.glob(f"{name}*"):
            left.unlink()
        return self.directory / name

    def drop(self, *paths: Path) -> None:
        """Make room: these files are not measured again."""
        for path in paths:
            for ending in (".xml", ".json", ".now.db", ".before.db"):
                path.with_suffix(ending).unlink(missing_ok=True)

    def _read_once(self, path: Path) -> None:
        """Have the file in the page cache."""
        if path not in self._warm:
            with path.open("rb") as file:
                while file.read(1 << 20):
                    pass
            self._warm.add(path)
