"""A random year of a changelog: its nights, what people do about them, and what goes wrong with it.

`python -m tests.archive.year [--seeds 3] [--nights 365]` lives whole years, and proves that a changelog
made anew of the archive is the one that it replaces. The tests live a short one.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import tempfile
import time
import zipfile
from collections import Counter
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.cli.calling import called, good, rows
from tests.making.nights import random_night, random_register
from tests.making.tables import write_sor2
from tests.making.xml import write_data_types, write_snapshot
from tests.tables.rows import hospital

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.making.plain import PlainRegister

ARCHIVE = '[archive]\ndir = "archive"\n'
# Many nights are held: one unit is too many.
SETTINGS = f"""{ARCHIVE}
[alarms.counts]
"unit.renamed" = 0
"unit.created" = 0
"unit.moved" = 0
"unit.effective_location_number_changed" = 0
"""
FIELDS = '\n[fields]\nshak = ["Sygehuskode"]\n'
# What the archive does not tell: what was sent, to whom, and since when.
LEFT_OUT: Final = {"changelogs", "notices", "outbox_marks", "sinks", "sqlite_sequence"}
# What one sink shall have anew is of that sink.
KEPT: Final = {"outbox": "SELECT run_id, kind, message, recorded_at FROM outbox WHERE sink = ''"}
DAYS = (1, 1, 1, 0, 1, 2, 1, 9)
DEEDS = (
    "night",
    "night",
    "night",
    "still",
    "accept",
    "correct",
    "rebaseline",
    "retract",
    "hidden",
    "lose",
    "retract",
    "adopt",
)
DECISIONS = ("release", "reject", "accept", "leave", "release")
WORDS: Final[dict[str, Sequence[str]]] = {
    "accept": ("--accept", "--reason", "varslet"),
    "rebaseline": ("--rebaseline", "--reason", "konvertering"),
    "hidden": ("--no-publish",),
    "lose": ("--accept", "--reason", "efter gendannelse", "--restored"),
    "adopt": ("--accept", "--reason", "efter gendannelse"),
}
ACCEPTED: Final = "state IN ('accepted', 'released')"
PUBLISHED: Final = f"SELECT id, state, retracted_at FROM runs WHERE {ACCEPTED} AND publish"  # noqa: S608  # of here
PUBLISH: Final = ("publish", "--to", "ndjson:out")
# What a year holds, each as a condition on its runs.
KINDS: Final = {
    "a baseline": "kind = 'baseline'",
    "a night": f"kind = 'night' AND {ACCEPTED}",
    "a night without a change": f"kind = 'night' AND {ACCEPTED} AND event_count = 0",
    "a reissue": "kind = 'reissue'",
    "a rebaseline": "kind = 'rebaseline'",
    "a correction": "kind = 'correction'",
    "missing nights": "nights_missing > 1",
    "another version": f"kind = 'night' AND {ACCEPTED} AND version_changed",
    "other [fields]": "fields <> '{}'",
    "held and released": "state = 'released'",
    "held and rejected": "state = 'rejected'",
    "held and superseded": "state = 'superseded'",
    "accepted with a reason": "state = 'accepted' AND kind = 'night' AND reason IS NOT NULL",
    "not published": f"NOT publish AND NOT history AND {ACCEPTED}",
    "a night of a history": "history",
    "accepted and retracted": "state = 'accepted' AND retracted_at IS NOT NULL",
    "released and retracted": "state = 'released' AND retracted_at IS NOT NULL",
    "sequences left out": "first_sequence > 1 + (SELECT coalesce(max(before.last_sequence), 0)"
    " FROM runs AS before WHERE before.id < runs.id)",
}


def tables(database: Path) -> dict[str, list[Any]]:
    """All that a changelog holds, by table."""
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        queries = {
            name: KEPT.get(name, f'SELECT * FROM "{name}"')  # noqa: S608  # its own
            for (name,) in names
            if name not in LEFT_OUT and not name.startswith("subtree")
        }
        return {
            name: sorted(connection.execute(query).fetchall(), key=repr)
            for name, query in queries.items()
        }


def count_kinds(folder: Path) -> Counter[str]:
    """How many runs of the changelog are of each kind; adopted names are counted beside them."""
    found = {
        name: rows(folder, f"SELECT count(*) FROM runs WHERE {condition}")[0][0]  # noqa: S608  # of this module
        for name, condition in KINDS.items()
    }
    names = rows(folder, "SELECT count(*) FROM changelogs WHERE role = 'adopted'")[0][0]
    return Counter(found | {"adopted names": names})


def prove_rebuilt(folder: Path) -> None:
    """A changelog made anew of the archive is the one that it replaces, and publishes nothing twice."""
    done = called(folder, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    assert done.exit == 0, done
    assert "Nothing is told differently" in done.stdout
    assert "other events" not in done.stderr
    old, new = tables(folder / "sordiff.db"), tables(folder / "new.db")
    assert new.keys() == old.keys()
    for name in old:
        assert new[name] == old[name], name
    assert "is sound" in good(folder, "verify")
    assert "is sound" in good(folder, "verify", "--db", "new.db")
    assert good(folder, "events") == good(folder, "events", "--db", "new.db")
    names = "SELECT changelog_id, role FROM changelogs ORDER BY changelog_id"
    assert rows(folder, names) == rows(folder, names, "new.db")
    reached = "SELECT max(last_sequence) FROM changelogs"
    assert rows(folder, reached) == rows(folder, reached, "new.db")
    assert rows(folder, "SELECT 1 FROM notices WHERE sent_at IS NULL", "new.db") == []
    good(folder, *PUBLISH)
    sent = read_sent(folder)
    good(folder, *PUBLISH, "--db", "new.db")
    assert read_sent(folder) == sent
    assert sent


def read_sent(folder: Path) -> dict[str, bytes]:
    """Each file of what was published; the state may be written anew where others' runs were adopted."""
    files = (folder / "out").glob("*.ndjson")
    return {path.name: path.read_bytes() for path in files}


def written(folder: Path, night: PlainRegister, version: Any = 2) -> Path:
    """The night as a zip, with the lists that it has."""
    path = folder / f"{night.created_at[:16].replace(':', '')}-v{version}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Sor.xml", write_snapshot(night, version=version))
        if night.lists is not None:
            archive.writestr("SorDataTypes.xml", write_data_types(night.lists))
    return path


def deal(dice: random.Random, cards: Sequence[Any]) -> Iterator[Any]:
    """All cards in a random order, and again and again."""
    while True:
        yield from dice.sample(cards, len(cards))


class Year:
    """A year of nights in which everything happens that people may do."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.night = random_register(self.dice, units=30)
        self.version = 1
        self.days, self.deeds = deal(self.dice, DAYS), deal(self.dice, DEEDS)
        self.decisions = deal(self.dice, DECISIONS)

    def live(self, nights: int) -> None:
        self.begin()
        for number in range(nights):
            deed = next(self.deeds)
            if number == nights // 3:
                self.version, deed = 2, "accept"
            if number == nights // 2:
                (self.folder / "sordiff.toml").write_text(SETTINGS + FIELDS)
            self.live_night(deed)

    def begin(self) -> None:
        """A history in a table, and extracts from then on."""
        file, day = self.folder / "history.csv", date.fromisoformat(self.night.snapshot_date)
        first, last = day - timedelta(days=4), day - timedelta(days=1)
        moved = [
            row | {"FromDate": str(last), "PostalAddressStreetName": "Nygade"}
            for row in hospital()[3:]
        ]
        file.write_bytes(write_sor2([*hospital(), *moved]))
        (self.folder / "sordiff.toml").write_text(ARCHIVE)
        good(self.folder, "ingest", file, "--history", f"{first}..{last}")
        (self.folder / "sordiff.toml").write_text(SETTINGS)
        self.ingest(*WORDS["rebaseline"])

    def live_night(self, deed: str) -> None:
        if deed in {"lose", "adopt"}:
            self.lose(published=deed == "adopt")
        before, days = self.night, next(self.days)
        # Behind a lost night a reissue of the night before it would be older than what is known.
        days = max(days, 1) if deed in {"lose", "adopt"} else days
        most = {"night": 12, "still": 0}.get(deed, 6)
        self.night = random_night(self.dice, before, days=days, intensity=most)
        if self.ingest(*WORDS.get(deed, ())) == 3:
            self.decide(before)
        elif deed == "correct":
            self.correct()
        if deed == "adopt":
            good(self.folder, *PUBLISH, "--adopt")
        if deed == "retract":
            self.retract()

    def ingest(self, *words: str) -> int:
        path = written(self.folder, self.night, self.version)
        done = called(self.folder, "ingest", path, *words)
        assert done.exit in {0, 3}, done
        return done.exit

    def decide(self, before: PlainRegister) -> None:
        run, _ = self.find_last_run()
        word = next(self.decisions)
        if word in {"release", "reject"}:
            good(self.folder, word, str(run), "--reason", f"{word} {run}")
        elif word == "accept":
            assert self.ingest("--accept", "--reason", "alligevel") == 0
        if word in {"reject", "leave"}:
            after = self.night
            self.night = random_night(self.dice, before, days=1)
            self.night.snapshot_date = after.snapshot_date
            self.night.created_at = f"{after.created_at[:14]}59{after.created_at[16:]}"
            if self.night.created_at == after.created_at:
                self.night = after

    def correct(self) -> None:
        run, state = self.find_last_run()
        self.night = random_night(self.dice, self.night, days=1, intensity=6)
        path = written(self.folder, self.night, self.version)
        if state == "accepted":
            good(self.folder, "ingest", path, "--correct", str(run), "--reason", "forkert")

    def retract(self) -> None:
        """Say of a run that it was wrong: in turns of one that was held, and of one that was not."""
        good(self.folder, *PUBLISH)
        there = rows(self.folder, PUBLISHED)
        done = Counter(state for _, state, retracted in there if retracted)
        left = [(state, run) for run, state, retracted in there if not retracted]
        rarest = min({state for state, _ in left}, key=lambda state: (done[state], state))
        run = self.dice.choice([run for state, run in left if state == rarest])
        good(self.folder, "retract", str(run), "--reason", f"forkert {run}")

    def lose(self, *, published: bool) -> None:
        """A night is recorded, and the backup of the day before is put in its place."""
        good(self.folder, *PUBLISH)
        good(self.folder, "backup", "backup.db")
        lost = random_night(self.dice, self.night, days=1, intensity=6)
        path = written(self.folder, lost, self.version)
        good(self.folder, "ingest", path, *WORDS["accept"])
        if published:
            # As on another machine, where only the sink knows of it.
            good(self.folder, *PUBLISH)
            (self.folder / "sordiff.db.mark").unlink()
        for rest in ("sordiff.db-wal", "sordiff.db-shm"):
            (self.folder / rest).unlink(missing_ok=True)
        (self.folder / "backup.db").replace(self.folder / "sordiff.db")

    def find_last_run(self) -> tuple[int, str]:
        ((run, state),) = rows(self.folder, "SELECT id, state FROM runs ORDER BY id DESC LIMIT 1")
        return run, state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1, help="the first of the seeds")
    parser.add_argument("--nights", type=int, default=365)
    wanted = parser.parse_args()
    for seed in range(wanted.first, wanted.first + wanted.seeds):
        folder, began = Path(tempfile.mkdtemp(prefix="year-")), time.process_time()
        Year(folder, seed).live(wanted.nights)
        found = count_kinds(folder)
        print(f"seed {seed}, {time.process_time() - began:.1f} s: {dict(found)}", flush=True)
        prove_rebuilt(folder)
        print(f"seed {seed}, {time.process_time() - began:.1f} s: rebuilt, the same", flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
