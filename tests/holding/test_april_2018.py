"""The import of April 2018: held, superseded, released or accepted, and never told twice."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sordiff.changelog.records import Decision
from sordiff.report import Outcome
from sordiff.service.ingest.decide import reject_run, release_run
from sordiff.store.changelog import SqliteChangelog
from sordiff.wire import DEFAULT_SOURCE
from tests.holding.april import (
    MONDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    imported,
    next_ordinary,
    written,
)
from tests.holding.conftest import ingest
from tests.making.plain import PlainRegister

DECISION = Decision(user="vagt", at="2018-04-25T08:00:00+00:00", reason="importen er varslet")


def rows(database: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()


def import_nights(sunday: PlainRegister, folder: Path) -> list[Path]:
    """Monday, Tuesday, Wednesday and Thursday as files."""
    import random

    monday = imported(sunday, 500, 100_000, MONDAY)
    tuesday = imported(monday, 230, 200_000, TUESDAY)
    wednesday = next_ordinary(random.Random(3), tuesday, WEDNESDAY)
    thursday = next_ordinary(random.Random(4), wednesday, THURSDAY)
    return [written(night, folder) for night in (monday, tuesday, wednesday, thursday)]


def test_unattended_it_is_held_again_and_again_and_released_once(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    monday, tuesday, wednesday, thursday = import_nights(spring[1], tmp_path)
    before = rows(changelog, "SELECT * FROM units ORDER BY sor_id")
    last = rows(changelog, "SELECT max(sequence) FROM events")[0][0]

    first = ingest(changelog, monday)
    assert first.outcome is Outcome.HELD
    assert {alert.code for alert in first.alerts if alert.severity == "critical"} >= {
        "limit.unit.created"
    }
    second = ingest(changelog, tuesday)
    assert (second.outcome, second.superseded) == (Outcome.HELD, first.run_id)
    third = ingest(changelog, wednesday)
    assert (third.outcome, third.superseded) == (Outcome.HELD, second.run_id)
    # Compared with Sunday: everything that truly came since is in the run that waits.
    assert third.counts["unit.created"] == 3 * 730
    assert rows(changelog, "SELECT * FROM units ORDER BY sor_id") == before
    assert rows(changelog, "SELECT max(sequence) FROM events")[0][0] == last

    released = release_run(SqliteChangelog(changelog), third.run_id, DECISION, DEFAULT_SOURCE)
    assert (released.state, released.first_sequence) == ("released", last + 1)
    assert (released.decided_by, released.reason) == ("vagt", "importen er varslet")
    sequences = [n for (n,) in rows(changelog, "SELECT sequence FROM events WHERE sequence > 0")]
    assert sorted(sequences) == list(range(1, len(sequences) + 1))
    created = "SELECT subject FROM events WHERE type = 'unit.created' AND sequence IS NOT NULL"
    subjects = rows(changelog, created)
    assert len(set(subjects)) == len(subjects) == 3 * 730
    assert ingest(changelog, thursday).outcome is Outcome.RECORDED


def test_a_released_run_leads_to_the_state_of_an_accepted_one(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    monday = import_nights(spring[1], tmp_path)[0]
    other = tmp_path / "other.db"
    other.write_bytes(changelog.read_bytes())
    held = ingest(changelog, monday)
    release_run(SqliteChangelog(changelog), held.run_id, DECISION, DEFAULT_SOURCE)
    assert ingest(other, monday, accept=True).outcome is Outcome.RECORDED
    for table in ("units", "known_units", "location_number_owners", "events", "adoptions"):
        query = f"SELECT * FROM {table} ORDER BY 1, 2"  # noqa: S608
        assert rows(changelog, query) == rows(other, query), table


def test_an_accepted_import_sets_the_level_and_stays_out_of_the_history(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    monday, tuesday, wednesday, _ = import_nights(spring[1], tmp_path)
    assert ingest(changelog, monday, accept=True).outcome is Outcome.RECORDED
    assert ingest(changelog, tuesday, accept=True).outcome is Outcome.RECORDED
    after = ingest(changelog, wednesday)
    assert after.outcome is Outcome.RECORDED
    assert [alert for alert in after.alerts if alert.severity == "critical"] == []
    exceptional = rows(changelog, "SELECT exceptional FROM runs ORDER BY id DESC LIMIT 3")
    assert [flag for (flag,) in exceptional] == [0, 1, 1]


def test_half_a_well_formed_file_heals_by_itself_and_nobody_hears_of_it(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    import copy
    import random

    sunday = spring[1]
    half = next_ordinary(random.Random(1), sunday, MONDAY)
    half.units = half.units[: len(half.units) * 2 // 3]
    whole = next_ordinary(random.Random(2), copy.deepcopy(sunday), TUESDAY)
    last = rows(changelog, "SELECT max(sequence) FROM events")[0][0]

    held = ingest(changelog, written(half, tmp_path))
    assert held.outcome is Outcome.HELD
    healed = ingest(changelog, written(whole, tmp_path))
    assert (healed.outcome, healed.superseded) == (Outcome.RECORDED, held.run_id)
    assert rows(
        changelog,
        f"SELECT count(*) FROM alerts WHERE run_id = {held.run_id} AND resolved_by IS NULL",  # noqa: S608
    ) == [(0,)]
    told = f"SELECT type FROM events WHERE sequence > {last}"  # noqa: S608
    assert ("unit.removed",) not in rows(changelog, told)


def test_a_rejected_run_stays_out_and_its_file_is_refused(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    import pytest

    from sordiff.errors import SnapshotRefused, SordiffError

    monday, tuesday, *_ = import_nights(spring[1], tmp_path)
    held = ingest(changelog, monday)
    assert (
        reject_run(SqliteChangelog(changelog), held.run_id, DECISION, DEFAULT_SOURCE).state
        == "rejected"
    )
    assert (
        reject_run(SqliteChangelog(changelog), held.run_id, DECISION, DEFAULT_SOURCE).state
        == "rejected"
    )
    with pytest.raises(SnapshotRefused, match="1 problem") as refused:
        ingest(changelog, monday)
    assert "vagt: importen er varslet" in str(refused.value.problems[0])
    with pytest.raises(SordiffError, match="only the newest held run"):
        release_run(SqliteChangelog(changelog), held.run_id, DECISION, DEFAULT_SOURCE)
    later = ingest(changelog, tuesday)
    assert (later.outcome, later.superseded) == (Outcome.HELD, None)


def test_what_was_changed_while_it_waited_is_not_released(
    changelog: Path, spring: tuple[Path, PlainRegister], tmp_path: Path
) -> None:
    import pytest

    from sordiff.errors import SordiffError

    held = ingest(changelog, import_nights(spring[1], tmp_path)[0])
    with closing(sqlite3.connect(changelog)) as connection, connection:
        connection.execute(
            "UPDATE events SET data = replace(data, 'Klinik', 'Hospital') WHERE run_id = ?",
            [held.run_id],
        )
    with pytest.raises(SordiffError, match="its digest differs"):
        release_run(SqliteChangelog(changelog), held.run_id, DECISION, DEFAULT_SOURCE)
    assert rows(changelog, "SELECT state FROM runs ORDER BY id DESC LIMIT 1") == [("held",)]
