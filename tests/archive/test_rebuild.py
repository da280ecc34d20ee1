"""A changelog made anew of the archive is the one that it replaces, whatever was decided in it."""

from __future__ import annotations

import random
import sqlite3
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from tests.cli.calling import called, good, rows
from tests.making.nights import random_night, random_register
from tests.making.xml import write_data_types, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainRegister

# Many nights are held: one unit is too many.
SETTINGS = """
[archive]
dir = "archive"

[alarms.counts]
"unit.renamed" = 0
"unit.created" = 0
"unit.moved" = 0
"unit.effective_location_number_changed" = 0
"""
NIGHTS = 25
# What the archive does not tell: what was sent, to whom, and since when.
LEFT_OUT: Final = {"changelogs", "notices", "outbox_marks", "sinks", "sqlite_sequence"}


def tables(database: Path) -> dict[str, list[Any]]:
    """All that a changelog holds, by table."""
    with closing(sqlite3.connect(database)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)  # noqa: S608  # its own
            for (name,) in names
            if name not in LEFT_OUT and not name.startswith("subtree")
        }


def written(folder: Path, night: PlainRegister, version: Any = 2) -> Path:
    """The night as a zip, with the lists that it has."""
    path = folder / f"{night.created_at[:16].replace(':', '')}-v{version}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Sor.xml", write_snapshot(night, version=version))
        if night.lists is not None:
            archive.writestr("SorDataTypes.xml", write_data_types(night.lists))
    return path


def last_run(folder: Path) -> tuple[int, str]:
    ((run, state),) = rows(folder, "SELECT id, state FROM runs ORDER BY id DESC LIMIT 1")
    return run, state


class Year:
    """A year of nights in which everything happens that people may do."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.night = random_register(self.dice, units=30)
        self.version = 1
        (folder / "sordiff.toml").write_text(SETTINGS)

    def live(self) -> None:
        self.ingest()
        for number in range(NIGHTS):
            if number == NIGHTS // 2:
                self.version = 2
            days = self.dice.choice([1, 1, 1, 1, 2, 0, 9])
            before = self.night
            self.night = random_night(self.dice, self.night, days=days, intensity=6)
            deed = self.dice.choice(["", "", "", "accept", "correct", "rebaseline", "hidden"])
            words = {
                "accept": ("--accept", "--reason", "varslet"),
                "rebaseline": ("--rebaseline", "--reason", "konvertering"),
                "hidden": ("--no-publish",),
            }
            if self.ingest(*words.get(deed, ())) == 3:
                self.decide(before)
            elif deed == "correct":
                self.correct()
            if self.dice.random() < 0.3:
                self.retract()

    def ingest(self, *words: str) -> int:
        path = written(self.folder, self.night, self.version)
        done = called(self.folder, "ingest", path, *words)
        assert done.exit in {0, 3}, done
        return done.exit

    def decide(self, before: PlainRegister) -> None:
        run, _ = last_run(self.folder)
        word = self.dice.choice(["release", "reject", "leave", "accept"])
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
        run, state = last_run(self.folder)
        self.night = random_night(self.dice, self.night, days=1, intensity=6)
        path = written(self.folder, self.night, self.version)
        if state == "accepted":
            good(self.folder, "ingest", path, "--correct", str(run), "--reason", "forkert")

    def retract(self) -> None:
        good(self.folder, "publish", "--to", "ndjson:out")
        query = "SELECT id FROM runs WHERE state IN ('accepted', 'released') AND publish"
        run = self.dice.choice(rows(self.folder, query))[0]
        called(self.folder, "retract", str(run), "--reason", f"forkert {run}")


def test_a_rebuilt_changelog_is_the_one_that_it_replaces(tmp_path: Path) -> None:
    Year(tmp_path, seed=11).live()
    states = {state for (state,) in rows(tmp_path, "SELECT DISTINCT state FROM runs")}
    assert states >= {"accepted", "released", "rejected", "superseded"}
    kinds = {kind for (kind,) in rows(tmp_path, "SELECT DISTINCT kind FROM runs")}
    assert kinds == {"baseline", "night", "reissue", "rebaseline", "correction"}
    assert rows(
        tmp_path, "SELECT 1 FROM runs WHERE retracted_at IS NOT NULL AND state = 'released'"
    )
    assert rows(tmp_path, "SELECT 1 FROM runs WHERE nights_missing > 1")
    assert rows(tmp_path, "SELECT 1 FROM runs WHERE NOT publish")
    told = good(tmp_path, "rebuild", "--db", "new.db", "--compare", "sordiff.db", "--exit-code")
    assert "Nothing is told differently" in told
    old, new = tables(tmp_path / "sordiff.db"), tables(tmp_path / "new.db")
    assert new.keys() == old.keys()
    for name in old:
        assert new[name] == old[name], name
    assert "is sound" in good(tmp_path, "verify")
    assert "is sound" in good(tmp_path, "verify", "--db", "new.db")
    assert good(tmp_path, "events") == good(tmp_path, "events", "--db", "new.db")
    name = "SELECT changelog_id FROM changelogs"
    assert rows(tmp_path, name) == rows(tmp_path, name, "new.db")
    assert rows(tmp_path, "SELECT 1 FROM notices WHERE sent_at IS NULL", "new.db") == []
    # What was published is known to be: nothing is sent twice.
    good(tmp_path, "publish", "--to", "ndjson:out")
    sent = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.ndjson")}
    good(tmp_path, "publish", "--to", "ndjson:out", "--db", "new.db")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.ndjson")} == sent
    assert sent
