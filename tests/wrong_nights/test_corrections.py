"""A wrong night that was accepted is put right by events alone, whatever its date."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.replay import Fold
from sordiff.store.changelog import SqliteChangelog
from tests.cli.calling import called, events, good, rows
from tests.making.nights import random_night, random_register
from tests.wrong_nights.recording import ingest, register, unit_id, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainRegister

ENDS = {2: "2024-03-07", 3: "2024-06-30"}
TRUE = [register(f"2024-03-{day:02d}", ends=ENDS) for day in range(5, 11)]
LATER = "2090-01-01T00:00:00+00:00"
WRONG = register("2025-03-07", ends=ENDS)


def state(folder: Path) -> list[Any]:
    return rows(folder, "SELECT * FROM units ORDER BY sor_id")


def told(folder: Path, run: int) -> list[tuple[str, str, str]]:
    return [
        (
            event["type"].removeprefix("sordiff.").removesuffix(".v1"),
            event["subject"],
            event["data"]["cause"],
        )
        for event in events(folder, "--run", str(run))
    ]


@pytest.mark.parametrize("plain", [False, True])
def test_a_misdated_night_is_put_right(tmp_path: Path, plain: bool) -> None:
    ingest(tmp_path, *TRUE[:2], plain=plain)
    (wrong,) = ingest(tmp_path, WRONG, plain=plain, accept=True)
    assert wrong.outcome == "recorded"
    assert ("unit.closed", unit_id(3), "date_elapsed") in told(tmp_path, 3)
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, TRUE[2], plain=plain)
    assert "`sordiff ingest --correct 3 --reason TEXT SNAPSHOT`" in refused.value.advice
    (right,) = ingest(tmp_path, TRUE[2], plain=plain, correct=3)
    assert (right.kind, right.corrects, right.nights_missing, right.outcome) == (
        "correction",
        3,
        0,
        "recorded",
    )
    assert set(told(tmp_path, 4)) >= {
        ("unit.reopened", unit_id(2), "date_elapsed"),
        ("unit.reopened", unit_id(3), "date_elapsed"),
    }
    assert all(event["data"]["snapshot"]["nights"] == 0 for event in events(tmp_path, "--run", "4"))
    (after,) = ingest(tmp_path, TRUE[3], plain=plain)
    assert (after.outcome, after.day_before, after.nights_missing) == ("recorded", "2024-03-07", 0)
    assert ("unit.closed", unit_id(2), "date_elapsed") in told(tmp_path, 5)
    numbers = [int(event["sequence"]) for event in events(tmp_path)]
    assert numbers == list(range(1, len(numbers) + 1))
    ids = [event["id"] for event in events(tmp_path)]
    assert len(set(ids)) == len(ids)


def test_both_roads_tell_a_correction_alike(tmp_path: Path) -> None:
    said = []
    for plain in (False, True):
        folder = tmp_path / str(plain)
        folder.mkdir()
        ingest(folder, *TRUE[:2], plain=plain)
        ingest(folder, WRONG, plain=plain, accept=True)
        ingest(folder, TRUE[2], plain=plain, correct=3)
        said.append((good(folder, "events"), state(folder)))
    assert said[0] == said[1]
    assert said[0][0]


def test_a_night_recorded_before_may_be_the_correction(tmp_path: Path) -> None:
    ingest(tmp_path, *TRUE[:2])
    before = state(tmp_path)
    bad = register("2024-03-07", ends=ENDS, unit2="Forkert")
    ingest(tmp_path, bad)
    ingest(tmp_path, TRUE[1], correct=3)
    assert state(tmp_path) == before
    (taken,) = ingest(tmp_path, TRUE[2])
    assert (taken.outcome, taken.day_before) == ("recorded", "2024-03-06")
    # The step from the true night to the wrong one was told already, with these ids.
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, TRUE[2], correct=5)
    assert refused.value.problems[0].code == "correct"
    assert "content of run 5" in refused.value.problems[0].message


def test_a_step_is_never_told_twice(tmp_path: Path) -> None:
    bad = register("2024-03-07", ends=ENDS, unit2="Forkert")
    ingest(tmp_path, *TRUE[:2], bad)
    ingest(tmp_path, TRUE[1], correct=3)
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, bad, correct=4)
    assert "run 3" in refused.value.problems[0].message
    assert len(rows(tmp_path, "SELECT * FROM runs")) == 4


def test_nor_by_the_true_night_after_a_correction_that_went_back(tmp_path: Path) -> None:
    bad = register("2024-03-07", ends=ENDS, unit2="Forkert")
    true = register(
        "2024-03-07", ends=ENDS, unit2="Rigtig"
    )  # with the CreatedAtTime of the bad one
    ingest(tmp_path, *TRUE[:2], bad)
    ingest(tmp_path, TRUE[1], correct=3)
    again = called(tmp_path, "ingest", written(tmp_path, bad, "again"), "--lang", "da")
    assert (again.exit, "kørsel 3 er rettet af kørsel 4" in again.stderr) == (0, True)
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, true)
    assert "told already, by run 3" in refused.value.problems[0].message
    ingest(tmp_path, register("2024-03-08", ends=ENDS, unit2="Rigtig"))
    found = events(tmp_path)
    assert len({event["id"] for event in found}) == len(found)
    renamed = [event for event in found if event["type"] == "sordiff.unit.renamed.v1"]
    assert [event["data"]["after"] for event in renamed] == ["Forkert", "Klinik 2", "Rigtig"]


def test_what_is_refused(tmp_path: Path) -> None:
    ingest(tmp_path, *TRUE[:3])
    for run, why in ((2, "that is run 3"), (9, "that is run 3")):
        with pytest.raises(SordiffError, match=why):
            ingest(tmp_path, TRUE[3], correct=run)
    with pytest.raises(SnapshotRefused) as refused:
        ingest(tmp_path, WRONG, correct=3)
    assert refused.value.problems[0].code == "date.future"
    file = written(tmp_path, TRUE[3])
    for words in (("--correct", "3"), ("--correct", "3", "--reason", "x", "--rebaseline")):
        assert called(tmp_path, "ingest", file, *words).exit == 2
    assert called(tmp_path, "ingest", file, file, "--correct", "3", "--reason", "x").exit == 2
    missing = called(tmp_path, "ingest", file, "--correct", "2", "--reason", "x", "--lang", "da")
    assert "ikke den senest godkendte: det er kørsel 3" in missing.stderr
    assert len(rows(tmp_path, "SELECT * FROM runs")) == 3


def test_a_correction_is_never_held_for_its_size(tmp_path: Path) -> None:
    ingest(
        tmp_path, register("2024-03-05", units=400), register("2024-03-06", units=20), accept=True
    )
    (right,) = ingest(tmp_path, register("2024-03-06", units=401), correct=2)
    assert (right.outcome, right.counts["unit.restored"]) == ("recorded", 380)


def test_everybody_is_told(tmp_path: Path) -> None:
    ingest(tmp_path, *TRUE[:2])
    ingest(tmp_path, WRONG, accept=True)
    file = written(tmp_path, TRUE[2])
    said = good(
        tmp_path, "ingest", file, "--correct", "3", "--reason", "forkert dato", "--lang", "da"
    )
    assert "rettelse af kørsel 3" in said
    listed = good(tmp_path, "runs").splitlines()
    assert "corrected by run 4" in listed[3]
    assert "correction of run 3" in listed[4]
    view = rows(tmp_path, "SELECT run, kind, corrects, corrected_by FROM v_runs WHERE run > 2")
    assert view == [(3, "night", None, 4), (4, "correction", 3, None)]
    status = json.loads(good(tmp_path, "status", "--format", "json"))
    assert status["last_accepted"]["corrects"] == 3
    (kept,) = rows(tmp_path, "SELECT notice FROM notices WHERE kind = 'run.corrected'")
    notice = json.loads(kept[0])
    assert notice["title"] == "SOR 2024-03-07: run 3 is corrected by run 4"
    assert (notice["run_id"], notice["severity"]) == (3, "info")
    assert "forkert dato" in notice["text"]


def test_a_report_never_tells_half_of_it(tmp_path: Path) -> None:
    ingest(tmp_path, *TRUE[:2])
    ingest(tmp_path, WRONG, accept=True)
    ingest(tmp_path, TRUE[2], correct=3)
    ingest(tmp_path, TRUE[3])
    for since, until, runs in (
        ("2024-03-06", "2024-03-07", [2, 3, 4]),
        ("2024-03-07", "2024-03-07", [3, 4]),
        ("2024-03-07", "2024-03-08", [3, 4, 5]),
        ("2024-03-08", "2025-12-31", [5]),
    ):
        words = ("--since", since, "--until", until, "--format", "json")
        report = json.loads(good(tmp_path, "report", *words))
        assert report["headline"]["runs"] == runs
        # Run 5 closes unit 2, on its true day; in all the others nothing is left over.
        closed = [change["unit"] for change in report["changes"] if change["type"] == "unit.closed"]
        assert closed == ([unit_id(2)] if runs[-1] == 5 else [])
        assert [change for change in report["changes"] if change["type"] == "unit.reopened"] == []
        assert report["headline"]["nights_missing"] == 0
        assert report["headline"]["nights"] == len(set(runs) - {3})
    assert called(tmp_path, "report", "--since", "2024-09-01").exit == 2
    for lang, told_of in (
        ("en", "run 3 (7 march 2025) was wrong"),
        ("da", "kørsel 3 (7. marts 2025) var forkert"),
    ):
        text = good(tmp_path, "report", "--since", "2024-03-07", "--lang", lang)
        assert told_of in text.lower()
    shown = json.loads(
        good(tmp_path, "show", unit_id(3), "--as-of", "2025-03-07", "--format", "json")
    )
    assert (shown["answering"]["run"], shown["state"]["state"]) == (5, "open")


@pytest.mark.parametrize("seed", range(6))
def test_the_law_of_replay_over_random_chains(tmp_path: Path, seed: int) -> None:
    """Forwards and backwards; what a correction leads to is what the night alone would have led to."""
    dice = random.Random(seed)
    night: PlainRegister = random_register(dice, units=40)
    true = [night]
    plain = seed % 2 == 1
    ingest(tmp_path, night, plain=plain, recorded_at=LATER)
    registers = [state(tmp_path)]
    back = False
    for run in range(2, 9):
        wrong = run % 3 == 0
        before = true[-1]
        # After a way back the next night is a later one: a step is told once.
        days = 2 if back else dice.choice([1, 90]) if wrong else 1
        night = random_night(dice, before, days=days, intensity=15)
        ingest(tmp_path, night, plain=plain, accept=True, recorded_at=LATER)
        registers.append(state(tmp_path))
        if wrong:
            right = dice.choice([before, random_night(dice, before, days=1, intensity=15)])
            done = len(registers)
            ingest(tmp_path, right, plain=plain, correct=done, recorded_at=LATER)
            registers.append(state(tmp_path))
            back = right is before
            if back:
                assert [row[-1] for row in registers[-1]] == [row[-1] for row in registers[-3]]
            night = right
        else:
            back = False
        true.append(night)
    assert len(registers) > 8
    ids = [event["id"] for event in events(tmp_path)]
    assert len(set(ids)) == len(ids)
    with SqliteChangelog(tmp_path / "sordiff.db").open_to_query() as session:
        steps = [
            (session.events.read(run)[0], session.events.read_adoptions(run))
            for run in range(1, len(registers) + 1)
        ]
        last = session.state.read_units()
        fold = Fold(last.values(), {})
        units = [last]
        for found, adoptions in reversed(steps[1:]):
            of_units = [e for e in found if not e.name.startswith("classification.")]
            fold.backwards(of_units, [a for a in adoptions if "/" not in a.subject])
            units.insert(0, fold.as_units())
        for found, adoptions in steps[1:]:
            of_units = [e for e in found if not e.name.startswith("classification.")]
            fold.forwards(of_units, [a for a in adoptions if "/" not in a.subject])
        assert fold.as_units() == last
        for run, known in enumerate(units, start=1):
            assert sorted(known) == [row[0] for row in registers[run - 1]]
            past = session.past(run)
            assert past.units(known) == known
