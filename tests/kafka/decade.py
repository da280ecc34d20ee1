"""Years of nights through `sordiff run`, from a server into Kafka and the archive, with what goes wrong in years.

`make decade` lives ten of them, and a test lives some weeks.
"""

from __future__ import annotations

import io
import json
import pickle
import random
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from tests.archive.year import tables
from tests.cli.calling import called
from tests.fetch.site import Site, cut, status
from tests.kafka.replicas import Replica
from tests.laws.pairs import read
from tests.making import moving
from tests.making.growing import created_at, random_register
from tests.making.nights import random_night
from tests.making.plain import copy_register, walk
from tests.making.xml import write_data_types, write_snapshot

if TYPE_CHECKING:
    from tests.kafka.place import Place
    from tests.making.plain import PlainRegister

SETTINGS = """
[archive]
dir = "archive"
cache = "cache"

[alarms.quiet]
warn = false

[fetch]
attempts = 1
settle_seconds = 0
closed = ""
keep = 3
urls = ["{url}"]
"""
PAGE = b"<html><title>Request Rejected</title></html>"
# How many nights of a hundred go wrong in which way; the last three are a person's doing.
FAULTS = {
    "missing": 5,
    "twice": 4,
    "late": 3,
    "cut": 3,
    "page": 2,
    "unreachable": 2,
    "misdated": 1.5,
    "half": 1.5,
    "import": 1.5,
    "corrected": 0.5,
    "retracted": 0.5,
    "killed": 1,
}
LEAST_UNITS = 40


@dataclass
class Decade:
    """`versions`: from which share of the nights on the extract has which version.

    `script`: what goes wrong in the first nights; it is drawn in the later ones. `done` counts what happened.
    """

    place: Place
    site: Site
    nights: int
    last_day: date
    seed: int = 1
    versions: tuple[tuple[float, int], ...] = ((0, 1), (0.3, 2), (0.6, 3))
    script: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    files: int = 0
    lived: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.day = self.last_day - timedelta(days=self.nights)
        self.version = 1
        self.register = random_register(self.dice, units=LEAST_UNITS)
        self._date(self.register)
        self.told = self.register, self.version
        self.place.configure(SETTINGS.format(url=self.site.url))
        self.place.sordiff("topics", "create")

    def live(self) -> None:
        """All nights that are left, each with at least one call of `run`."""
        while self.lived < self.nights:
            self.live_night()

    def live_night(self) -> None:
        """The next night; the first brings the register as it is."""
        self.site.date = datetime.now(timezone.utc)
        if self.lived == 0:
            self.take(self.register)
            self.lived = 1
            return
        self.day += timedelta(days=1)
        share = self.lived / self.nights
        version = [version for begins, version in self.versions if share >= begins][-1]
        if version != self.version:
            fault, self.version = "version", version
        else:
            fault = self._draw()
        self.done[fault or "quiet"] += 1
        if fault != "missing":
            self.register = self._next_register()
        getattr(self, f"night_{fault or 'quiet'}")()
        self.lived += 1

    def keep(self) -> bytes:
        """Where it is between two nights."""
        apart = {"place", "site"}
        return pickle.dumps({name: v for name, v in vars(self).items() if name not in apart})

    def go_on(self, kept: bytes) -> None:
        """Take up where another process left it, in the same folder."""
        vars(self).update(pickle.loads(kept))  # noqa: S301  # its own
        self.offer(self.write(self.register))

    def _draw(self) -> str:
        if self.script:
            return self.script.pop(0)
        dice = self.dice.uniform(0, 100)
        for fault, share in FAULTS.items():
            dice -= share
            if dice < 0:
                return fault
        return ""

    def _next_register(self) -> PlainRegister:
        new = random_night(self.dice, self.register, days=1, intensity=3)
        while sum(1 for _ in walk(new)) < LEAST_UNITS:
            moving.create(self.dice, new)
        self._date(new)
        return new

    def _date(self, register: PlainRegister, minute: int = 0) -> None:
        register.snapshot_date = self.day.isoformat()
        register.created_at = created_at(register.snapshot_date, minute)

    def write(self, register: PlainRegister) -> bytes:
        """The register as the zip that the server has."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("Sor.xml", write_snapshot(register, version=self.version))  # type: ignore[arg-type]  # of these three
            if register.lists is not None:
                packed.writestr("SorDataTypes.xml", write_data_types(register.lists))
        return out.getvalue()

    def offer(self, content: bytes) -> None:
        """Put a file on the server."""
        self.files += 1
        self.site.content, self.site.etag = content, f'"{self.files}"'
        when = datetime(2015, 1, 1, tzinfo=timezone.utc) + timedelta(hours=self.files)
        self.site.last_modified = when.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def run(self, *codes: int) -> int:
        """Call `run`, which leaves with one of these codes."""
        done = called(self.place.folder, "run")
        assert done.exit in codes, (self.day, self.done, done)
        assert "Traceback" not in done.stderr
        self.done[f"exit {done.exit}"] += 1
        return done.exit

    def take(self, register: PlainRegister) -> None:
        """A night as anybody takes it."""
        self.offer(self.write(register))
        self.run_and_release()

    def run_and_release(self) -> None:
        """The night on the server is taken; what is held is released."""
        if self.run(0, 3) == 3:
            self.decide("release")
        self.told = self.register, self.version

    def decide(self, word: str) -> None:
        run, _ = self.last_run()
        self.place.sordiff(word, str(run), "--reason", f"decided of run {run}")
        self.done[f"{word} a held run"] += 1

    def last_run(self) -> tuple[int, str]:
        ((run, state),) = self.place.rows("SELECT id, state FROM runs ORDER BY id DESC LIMIT 1")
        return run, state

    def night_quiet(self) -> None:
        self.take(self.register)

    def night_missing(self) -> None:
        # What the server still has may be a file that was refused.
        self.run(0, 3, 5)

    def night_twice(self) -> None:
        self.take(self.register)
        self._date(self.register, minute=30)
        self.take(self.register)

    def night_late(self) -> None:
        self.take(self.register)
        # The night before comes once more, and as another file.
        late = copy_register(self.register)
        self.day -= timedelta(days=1)
        self._date(late, minute=45)
        self.day += timedelta(days=1)
        self.offer(self.write(late))
        self.run(5)

    def night_cut(self) -> None:
        content = self.write(self.register)
        self.offer(content)
        self.site.answers = [cut(len(content) // 2)]
        self.run(8)
        self.run_and_release()

    def night_page(self) -> None:
        self.site.answers = [status(200, PAGE + str(self.files).encode())]
        self.run(5)
        self.take(self.register)

    def night_unreachable(self) -> None:
        self.site.answers = [status(503)]
        self.run(8)

    def night_misdated(self) -> None:
        wrong = copy_register(self.register)
        wrong.snapshot_date = (datetime.now(timezone.utc).date() + timedelta(days=900)).isoformat()
        wrong.created_at = created_at(wrong.snapshot_date, 0)
        self.offer(self.write(wrong))
        self.run(3)
        self.decide("reject")
        self.take(self.register)

    def night_killed(self) -> None:
        """The call is a process of its own and killed at some moment; another goes on behind it."""
        self.offer(self.write(self.register))
        words = [sys.executable, "-m", "sordiff", "run"]
        with subprocess.Popen(
            words, cwd=self.place.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as call:
            with suppress(subprocess.TimeoutExpired):
                call.wait(self.dice.uniform(0.2, 3))
            self.done["killed before its end"] += call.poll() is None
            call.kill()
        self.run(0, 3)
        if self.last_run()[1] == "held":
            self.decide("release")
        self.told = self.register, self.version

    def night_half(self) -> None:
        half = copy_register(self.register)
        half.units = half.units[: max(1, len(half.units) // 3)]
        self._date(half)
        self.offer(self.write(half))
        if self.run(0, 3) == 3:
            self.decide("reject")
            self._date(self.register, minute=50)
            self.take(self.register)
        else:  # so small that nobody notices: the next night brings the others back
            self.told = half, self.version
            self.done["half unnoticed"] += 1

    def night_import(self) -> None:
        for unit in walk(self.register):
            unit.name = f"{(unit.name or 'Enhed')[:40]} {self.dice.randrange(99)}"
        self.take(self.register)

    def night_version(self) -> None:
        self.take(self.register)

    def night_corrected(self) -> None:
        self.take(self.register)
        run, state = self.last_run()
        if state != "accepted":
            return
        self.register = self._next_register()
        self._date(self.register, minute=40)
        (self.place.folder / "right.zip").write_bytes(self.write(self.register))
        words = ("--correct", str(run), "--reason", "it was wrong")
        self.place.sordiff("ingest", "right.zip", *words)
        self.told = self.register, self.version

    def night_retracted(self) -> None:
        self.take(self.register)
        run, _ = self.last_run()
        self.place.sordiff("retract", str(run), "--reason", "it was wrong")

    def prove(self) -> None:
        """Changelog, topics, a replica of the topics, archive and rebuild agree."""
        place = self.place
        place.publish()
        assert "is sound" in place.sordiff("verify", "--topics").stdout
        register, version = self.told
        units = read(register, version).units  # type: ignore[arg-type]  # of these three
        replica = Replica(place.bootstrap, place.folder / "mirror.db", place.prefix)
        try:
            replica.await_units(lambda found: found == units)
        finally:
            replica.kill()
        assert "can be restored" in place.sordiff("archive", "verify").stdout
        listed = place.sordiff("archive", "list", "--format", "json").stdout.splitlines()
        kept = {json.loads(line)["sha256"] for line in listed}
        taken = place.rows(
            "SELECT DISTINCT sha256 FROM runs JOIN snapshots ON snapshots.id = snapshot_id"
        )
        assert kept == {sha256 for (sha256,) in taken}
        words = ("--db", "new.db", "--compare", "sordiff.db", "--exit-code")
        assert "Nothing is told differently" in place.sordiff("rebuild", *words).stdout
        before, after = tables(place.folder / "sordiff.db"), tables(place.folder / "new.db")
        for name in before:
            assert after[name] == before[name], name
        place.sordiff("verify", "--db", "new.db")
