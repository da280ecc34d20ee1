"""What becomes of the changelog over several runs: rebaselines, dry runs, ids that come back, numbers given again."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from sordiff.model import Entry
from sordiff.replay import Adoption, Fold
from sordiff.snapshot import Snapshot, read_snapshot
from tests.making.nights import random_night, random_register
from tests.making.plain import PlainRegister, PlainUnit
from tests.making.xml import write_data_types, write_snapshot, write_zip
from tests.scenarios.stories.trees import number

from .calling import called, dump, events, good, lines, rows, said
from .practice import (
    CLINIC,
    DOCTOR,
    GLN,
    MONDAY,
    OWNER,
    REGION,
    SECOND,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    clinic,
    doctor,
    night,
    practice,
    second,
)

DEMO = Path(__file__).parents[2] / "fixtures" / "demo"


def _adoptions(folder: Path, run: int) -> list[Adoption]:
    query = 'SELECT run_id, subject, path, before, after FROM adoptions ORDER BY run_id, "order"'
    return [
        Adoption(
            subject=subject,
            path=path,
            before=json.loads(before) if before else None,
            after=json.loads(after) if after else None,
        )
        for run_id, subject, path, before, after in rows(folder, query)
        if run_id == run
    ]


def _entries(*snapshots: Snapshot) -> dict[str, Entry]:
    """By list/code; a list has the entries of the last night that has it."""
    lists = {name: listed for snapshot in snapshots for name, listed in snapshot.lists.items()}
    return {
        f"{name}/{code}": entry
        for name, listed in lists.items()
        for code, entry in listed.entries.items()
    }


def _zipped(path: Path, register: PlainRegister, version: int) -> Path:
    lists = None if register.lists is None else write_data_types(register.lists)
    assert version in {1, 2, 3}
    return write_zip(path, write_snapshot(register, version=version), lists)  # type: ignore[arg-type]


def _random_pair(folder: Path, seed: int) -> tuple[Path, Path]:
    rng = random.Random(seed)
    first = random_register(rng, units=25)
    then = random_night(rng, first, days=1 + seed % 2, intensity=25)
    versions = ((2, 2), (1, 2), (2, 1), (2, 3))[seed % 4]
    return (
        _zipped(folder / "old.zip", first, versions[0]),
        _zipped(folder / "new.zip", then, versions[1]),
    )


@pytest.mark.parametrize("seed", [None, *range(8)])
def test_a_rebaseline_is_told_by_its_adoptions(tmp_path: Path, seed: int | None) -> None:
    files = (
        (DEMO / f"{MONDAY}.zip", DEMO / f"{WEDNESDAY}.zip")
        if seed is None
        else _random_pair(tmp_path, seed)
    )
    good(tmp_path, "ingest", files[0])
    good(tmp_path, "ingest", files[1], "--rebaseline")
    assert rows(tmp_path, "SELECT kind, event_count, compared_with FROM runs WHERE id = 2") == [
        ("rebaseline", 0, 1)
    ]
    assert events(tmp_path) == []
    old, new = map(read_snapshot, files)
    fold = Fold(old.units.values(), _entries(old), old.header.other)
    found = _adoptions(tmp_path, 2)
    fold.forwards([], found)
    assert fold.as_units() == new.units
    assert fold.entries == _entries(old, new)
    assert fold.root == new.header.other
    fold.backwards([], found)
    assert fold.as_units() == old.units


def test_a_rebaseline_is_what_the_next_night_is_compared_with(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    good(
        tmp_path,
        "ingest",
        night(tmp_path, TUESDAY, practice(name="Andre"), second()),
        "--rebaseline",
    )
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY, practice(name="Tredje"), second()))
    (event,) = events(tmp_path)
    assert said([event]) == [("unit.renamed", OWNER)]
    assert (event["data"]["before"], int(event["sequence"])) == ("Andre", 1)


def test_accept_needs_a_reason(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY)
    done = called(tmp_path, "ingest", file, "--accept")
    assert done.exit == 2
    assert "--reason" in done.stderr
    assert not (tmp_path / "sordiff.db").exists()
    good(tmp_path, "ingest", file, "--accept", "--reason", "varslet import")
    assert rows(tmp_path, "SELECT reason, decided_by IS NULL FROM runs") == [("varslet import", 0)]
    assert "varslet import" in good(tmp_path, "runs")


def test_history_that_is_never_to_be_published_is_marked(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY), "--no-publish")
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice(name="Andre")), "--no-publish")
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY))
    assert rows(tmp_path, "SELECT publish FROM runs ORDER BY id") == [(0,), (0,), (1,)]
    assert [int(event["sequence"]) for event in events(tmp_path)] == [1, 2]


def test_a_dry_run_creates_nothing(tmp_path: Path) -> None:
    file = night(tmp_path, MONDAY)
    told = good(tmp_path, "ingest", "--dry-run", file)
    assert "baseline" in told
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_a_dry_run_of_several_compares_each_with_the_one_before(tmp_path: Path) -> None:
    names = [night(tmp_path, day, practice(name=day)) for day in (MONDAY, TUESDAY, WEDNESDAY)]
    dry = good(tmp_path, "ingest", "--dry-run", *names)
    assert dry.lower().count("baseline") == 2  # the run's kind, and the line below it
    assert dry.count("renamed") == 2
    shuffled = (names[1], names[0], names[2])
    done = called(tmp_path, "ingest", "--dry-run", "--as-given", *shuffled)
    assert done.exit == 5
    assert names[0] in done.stderr
    assert WEDNESDAY not in done.stdout
    again = good(tmp_path, "ingest", "--dry-run", names[0], names[0])
    assert "already recorded" in again
    real = good(tmp_path, "ingest", *names)
    assert dry.lower().replace("would be ", "") == real.lower()


def test_a_dry_run_changes_no_changelog(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY))
    before = dump(tmp_path), sorted(path.name for path in tmp_path.iterdir())
    later = night(tmp_path, TUESDAY, practice(name="Andre"))
    for option in ([], ["--rebaseline"], ["--accept", "--reason", "x"]):
        assert "Would be run 2" in good(tmp_path, "ingest", "--dry-run", later, *option)
    (tmp_path / later).unlink()
    left = {p.name for p in tmp_path.iterdir() if not p.name.endswith(("-wal", "-shm"))}
    assert (dump(tmp_path), sorted(left)) == before


def test_a_dry_run_takes_an_empty_changelog_as_none(tmp_path: Path) -> None:
    """A first ingest killed before its first write leaves such a one."""
    (tmp_path / "sordiff.db").touch()
    file = night(tmp_path, MONDAY)
    assert "baseline" in good(tmp_path, "ingest", "--dry-run", file)
    assert (tmp_path / "sordiff.db").stat().st_size == 0
    assert "baseline" in good(tmp_path, "ingest", file)


def test_a_unit_that_comes_back_is_restored(tmp_path: Path) -> None:
    nights = [(practice(), second()), (practice(),), (practice(), second(name="Nyt navn"))]
    names = [
        night(tmp_path, day, *units)
        for day, units in zip((MONDAY, TUESDAY, WEDNESDAY), nights, strict=True)
    ]
    good(tmp_path, "ingest", *names)
    found = events(tmp_path)
    assert said(found) == [("unit.removed", SECOND), ("unit.restored", SECOND)]
    assert found[1]["data"]["after"]["name"] == "Nyt navn"
    # Without a changelog it is created, and keeps its id.
    (created,) = lines(good(tmp_path, "diff", *names[1:], "--format", "jsonl"))
    assert created["type"] == "sordiff.unit.created.v1"
    assert created["id"] == found[1]["id"]


def test_a_unit_removed_by_a_rebaseline_is_restored_too(tmp_path: Path) -> None:
    good(tmp_path, "ingest", night(tmp_path, MONDAY, practice(), second()))
    good(tmp_path, "ingest", night(tmp_path, TUESDAY, practice()), "--rebaseline")
    good(tmp_path, "ingest", night(tmp_path, WEDNESDAY, practice(), second()))
    assert said(events(tmp_path)) == [("unit.restored", SECOND)]


def _number_from_clinic_to_second() -> list[tuple[PlainUnit, ...]]:
    bare = practice(clinic(doctor(), location_number=None))
    return [
        (practice(), second()),
        (bare, second()),
        (bare, second(location_number=number(711, REGION))),
    ]


def test_a_number_given_again_is_a_reuse(tmp_path: Path) -> None:
    for day, units in zip(
        (MONDAY, TUESDAY, THURSDAY), _number_from_clinic_to_second(), strict=True
    ):
        done = called(tmp_path, "ingest", night(tmp_path, day, *units))
        assert done.exit == 0
        assert ("warning" in done.stderr) == (day == THURSDAY)
    for word in ("warning", GLN, CLINIC, SECOND):
        assert word in done.stderr
    (assigned,) = events(tmp_path, "--type", "location_number.assigned")
    assert assigned["subject"] == GLN
    assert assigned["data"]["previously"] == {"unit_id": CLINIC, "released": TUESDAY}
    assert assigned["data"]["reuse"] is True
    assert rows(tmp_path, "SELECT run_id, severity, subject FROM alerts") == [(3, "warning", GLN)]


def test_a_number_that_comes_back_to_its_unit_is_no_reuse(tmp_path: Path) -> None:
    first, bare, _ = _number_from_clinic_to_second()
    for day, units in zip((MONDAY, TUESDAY, WEDNESDAY), (first, bare, first), strict=True):
        done = called(tmp_path, "ingest", night(tmp_path, day, *units))
        assert (done.exit, done.stderr) == (0, "")
    (assigned,) = events(tmp_path, "--type", "location_number.assigned")
    assert assigned["data"]["previously"] is None
    assert assigned["data"]["reuse"] is False
    assert rows(tmp_path, "SELECT * FROM alerts") == []


def test_sequences_have_no_gap_over_runs_and_ids_are_the_same_everywhere(tmp_path: Path) -> None:
    names = [str(DEMO / f"{day}.zip") for day in (MONDAY, TUESDAY, WEDNESDAY)]
    good(tmp_path, "ingest", *names, "--db", "one.db")
    for name in names:
        good(tmp_path, "ingest", name, "--db", "two.db")
    one, two = (events(tmp_path, "--db", f"{db}.db") for db in ("one", "two"))
    assert len(one) > 30
    assert one == two
    assert [event["sequence"] for event in one] == [f"{n:020}" for n in range(1, len(one) + 1)]
    spans = rows(tmp_path, "SELECT first_sequence, last_sequence FROM runs WHERE id > 1", "one.db")
    assert (spans[0][0], spans[0][1] + 1, spans[1][1]) == (1, spans[1][0], len(one))
    good(tmp_path, "ingest", names[0], names[2], "--db", "other.db")
    other = events(tmp_path, "--db", "other.db")
    assert not {event["id"] for event in one} & {event["id"] for event in other}


def test_the_doctor_keeps_the_number_of_the_clinic(tmp_path: Path) -> None:
    """What the register knows before the night is read back from the changelog, inheritance and all."""
    bare = practice(clinic(doctor(), location_number=None))
    good(tmp_path, "ingest", night(tmp_path, MONDAY), night(tmp_path, TUESDAY, bare))
    assert said(events(tmp_path)) == [
        ("location_number.released", GLN),
        ("unit.effective_location_number_changed", CLINIC),
        ("unit.effective_location_number_changed", DOCTOR),
    ]
