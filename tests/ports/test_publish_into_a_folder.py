"""`sordiff publish --to ndjson:DIR`, as a person and a cron job call it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from sordiff.errors import NotPublished
from sordiff.event_sink import EventSink
from sordiff.kafka.sink import KafkaSink
from sordiff.ndjson.sink import NdjsonSink
from sordiff.service.publish.follow import follow_changelog
from sordiff.service.publish.sending import PublishOptions
from sordiff.settings import load_settings
from sordiff.store.changelog import SqliteChangelog
from tests.cli.calling import Called, called, good
from tests.made_once import copy_once_made
from tests.older_changelogs import take_back
from tests.scenarios.telling import ROOT

DEMO = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
TO = ("--to", "ndjson:out")
HOLDING = '[alarms.counts]\n"unit.created" = { count = 0 }\n'
KILLS = 24


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("[!.]*.ndjson"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*.ndjson"))
    }


def execute(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "sordiff.db")) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        return connection.execute(statement).fetchall()


def forget(folder: Path) -> None:
    """As if sordiff had been killed between the file and its mark."""
    execute(folder, "UPDATE outbox_marks SET published_at = NULL")


def refused(folder: Path, *arguments: str, code: int = 2) -> str:
    """What a refusal says; nothing in the folder has changed."""
    before = contents(folder)
    done: Called = called(folder, "publish", *(arguments or TO))
    assert done.exit == code, done
    assert contents(folder) == before
    return done.stderr


@pytest.fixture
def demo(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """The three nights of the demonstration, nothing published."""
    return copy_once_made(
        tmp_path_factory, "demo", lambda folder: good(folder, "ingest", *DEMO), tmp_path
    )


def test_each_run_is_a_file_with_the_events_that_are_printed(demo: Path) -> None:
    told = good(demo, "publish", *TO)
    assert told.splitlines()[1].startswith("Run 2 · 2024-03-05 · 13 events · 15 messages · ndjson:")
    out = demo / "out"
    assert files(out) == [
        "00000001-2024-03-04-run-1.ndjson",
        "00000002-2024-03-05-run-2.ndjson",
        "00000003-2024-03-06-run-3.ndjson",
    ]
    for number, name in enumerate(files(out), start=1):
        text = (out / name).read_text(encoding="utf-8")
        first, *events, last = text.splitlines(keepends=True)
        assert "".join(events) == good(demo, "events", "--run", str(number))
        assert json.loads(first)["type"] == "sordiff.run.started.v1"
        completed = json.loads(last)
        assert completed["type"] == "sordiff.run.completed.v1"
        assert completed["data"]["run"]["id"] == number
        assert "sequence" not in completed


def test_nothing_is_published_twice(demo: Path) -> None:
    good(demo, "publish", *TO)
    before = contents(demo / "out")
    assert good(demo, "publish", *TO) == ""
    forget(demo)
    assert good(demo, "publish", *TO).count("had arrived before") == 3
    assert contents(demo / "out") == before


def test_what_comes_later_comes_behind(tmp_path: Path) -> None:
    for night in DEMO:
        good(tmp_path, "ingest", night)
        good(tmp_path, "publish", *TO)
    assert [name[:8] for name in files(tmp_path / "out")] == ["00000001", "00000002", "00000003"]


def test_decisions_and_retractions_are_files_in_their_order(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *DEMO[:2])
    (tmp_path / "sordiff.toml").write_text(HOLDING + '[publish]\nto = ["ndjson:out"]\n')
    assert called(tmp_path, "run", DEMO[2]).exit == 3
    good(tmp_path, "release", "3", "--reason", "announced")
    good(tmp_path, "publish")
    assert "Run 2 is retracted" in good(tmp_path, "retract", "2", "--reason", "wrong file")
    kinds = [name.partition("-run-")[2] for name in files(tmp_path / "out")]
    assert kinds == [
        "1.ndjson",
        "2.ndjson",
        "3.run.held.ndjson",
        "3.run.released.ndjson",
        "3.ndjson",
        "2.run.retracted.ndjson",
    ]
    [retracted] = lines(tmp_path / "out" / files(tmp_path / "out")[-1])
    assert retracted["data"]["reason"] == "wrong file"
    before = contents(tmp_path / "out")
    forget(tmp_path)
    assert good(tmp_path, "publish").count("had arrived before") == 6
    assert contents(tmp_path / "out") == before


def test_the_state_is_the_register(demo: Path) -> None:
    good(demo, "publish", "--state", *TO)
    units = lines(demo / "out" / "state" / "units.ndjson")
    assert {event["type"] for event in units} == {"sordiff.unit.state.v1"}
    recorded = [sor_id for (sor_id,) in execute(demo, "SELECT sor_id FROM units ORDER BY sor_id")]
    assert [event["subject"] for event in units] == recorded
    numbers = lines(demo / "out" / "state" / "location-numbers.ndjson")
    query = "SELECT DISTINCT location_number FROM units WHERE location_number > '' ORDER BY 1"
    assert [event["subject"] for event in numbers] == [key for (key,) in execute(demo, query)]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many calls, each killed with -9 at another moment and made again: see killing.py."""
    start = tmp_path_factory.mktemp("start")
    good(start, "ingest", DEMO[0])
    good(start, "publish", *TO)  # so that the changelog has its name
    good(start, "ingest", *DEMO[1:])
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.ports.killing", str(start), str(folder), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert int(done.stdout) > 500
    return folder


def test_killed_at_any_moment_the_next_call_goes_on(killed: Path) -> None:
    undisturbed = contents(killed / "undisturbed" / "out")
    assert len([name for name in undisturbed if "-run-" in name]) == 3
    for number in range(KILLS):
        assert contents(killed / str(number) / "out") == undisturbed, number
        assert not list((killed / str(number) / "out").rglob(".*.unfinished"))


def test_killed_at_any_moment_a_file_is_there_whole_or_not_at_all(killed: Path) -> None:
    undisturbed = contents(killed / "undisturbed" / "out")
    runs = [name for name in undisturbed if "-run-" in name]
    seen = set()
    for number in range(KILLS):
        there = contents(killed / f"{number}.seen" / "out")
        assert there.items() <= undisturbed.items(), number
        found = [name for name in there if "-run-" in name]
        assert found == runs[: len(found)], "in their order"
        seen.add(len(found))
    assert seen == {1, 2, 3}, "the kills were spread over the whole call"


def test_after_a_restored_backup_the_same_nights_have_arrived(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    good(tmp_path, "publish", *TO)
    shutil.copy(tmp_path / "sordiff.db", tmp_path / "backup.db")
    good(tmp_path, "ingest", *DEMO[1:])
    good(tmp_path, "publish", *TO)
    shutil.copy(tmp_path / "backup.db", tmp_path / "sordiff.db")
    (tmp_path / "sordiff.db.mark").unlink()  # as on another machine
    good(tmp_path, "ingest", DEMO[2])
    said = refused(tmp_path)
    assert "The folder" in said
    assert "which this changelog does not know" in said or "another run 2" in said
    assert "`sordiff publish --to ndjson:" in said
    shutil.copy(tmp_path / "backup.db", tmp_path / "sordiff.db")
    (tmp_path / "sordiff.db.mark").unlink()
    good(tmp_path, "ingest", *DEMO[1:])
    before = contents(tmp_path / "out")
    assert good(tmp_path, "publish", *TO).count("had arrived before") == 2
    assert contents(tmp_path / "out") == before


def test_what_a_lost_changelog_published_can_be_adopted(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *DEMO[:2])
    good(tmp_path, "publish", *TO)
    before = contents(tmp_path / "out")
    (tmp_path / "sordiff.db").unlink()
    good(tmp_path, "ingest", DEMO[0], DEMO[2])
    said = refused(tmp_path)
    assert "published from another changelog" in said
    assert "a new changelog needs a folder of its own" in said
    good(tmp_path, "publish", "--adopt", *TO)
    after = contents(tmp_path / "out")
    assert before.items() < after.items()
    new = [name for name in after if name not in before and "-run-" in name]
    assert new == ["00000003-2024-03-06-run-2.ndjson"]
    first, *_, last = lines(tmp_path / "out" / new[0])
    assert first["data"]["first_sequence"] == f"{14:020}", "behind what is there"
    assert last["data"]["beyond_events"]
    assert (tmp_path / "out" / "state" / "units.ndjson").exists()
    assert good(tmp_path, "publish", *TO) == ""


def test_the_folder_of_another_source_is_refused(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    good(tmp_path, "publish", *TO)
    (tmp_path / "sordiff.db").unlink()
    (tmp_path / "sordiff.toml").write_text('source = "urn:somebody:else"\n')
    good(tmp_path, "ingest", DEMO[0])
    for adopt in ([], ["--adopt"]):
        said = refused(tmp_path, *adopt, *TO)
        assert "of urn:sordiff:sor, published from another changelog" in said
        assert "needs a folder of its own" in said


def test_a_changelog_is_published_with_the_source_that_it_has(tmp_path: Path) -> None:
    good(tmp_path, "ingest", DEMO[0])
    (tmp_path / "sordiff.toml").write_text('source = "urn:sordiff:renamed"\n')
    good(tmp_path, "publish", *TO)
    found = [lines(tmp_path / "out" / name)[0]["source"] for name in files(tmp_path / "out")]
    assert found == ["urn:sordiff:sor"]


def test_two_folders_are_filled_each_by_itself(demo: Path) -> None:
    good(demo, "publish", *TO)
    good(demo, "publish", "--to", "ndjson:second", *TO)
    assert contents(demo / "second") == contents(demo / "out")


def test_one_that_fails_does_not_stop_the_other(demo: Path) -> None:
    (demo / "second").write_text("no folder")
    done = called(demo, "publish", "--to", "ndjson:second", *TO)
    assert done.exit == 2
    assert len(files(demo / "out")) == 3
    assert "second failed while making it" in done.stderr
    status = json.loads(good(demo, "status", "--format", "json"))
    assert list(status["sinks"]) == [f"ndjson:{demo / 'out'}"], (
        "what never was there is not counted"
    )


NO_BROKER = """
[publish]
to = ["kafka", "ndjson:out"]
[kafka]
bootstrap_servers = ["127.0.0.1:1"]
timeout_seconds = 0.2
"""


def test_a_night_goes_into_the_folder_while_the_broker_is_away(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(NO_BROKER)
    done = called(tmp_path, "run", *DEMO)
    assert done.exit == 4
    assert "No Kafka answers at 127.0.0.1:1" in done.stderr
    assert len(files(tmp_path / "out")) == 3
    status = json.loads(good(tmp_path, "status", "--format", "json"))
    assert {sink.partition(":")[0]: n["runs"] for sink, n in status["sinks"].items()} == {
        "kafka": 3,
        "ndjson": 0,
    }
    assert called(tmp_path, "retract", "2", "--reason", "wrong file").exit == 4
    assert files(tmp_path / "out")[-1].endswith("-run-2.run.retracted.ndjson")


def test_following_fills_the_folder_while_the_broker_is_away(tmp_path: Path) -> None:
    (tmp_path / "sordiff.toml").write_text(NO_BROKER)
    good(tmp_path, "ingest", *DEMO)
    settings = load_settings(tmp_path / "sordiff.toml")
    sinks: list[EventSink] = [KafkaSink(settings.kafka), NdjsonSink(tmp_path / "out")]
    options = PublishOptions(now=lambda: "2024-03-06T05:00:00+00:00", new_name="me")
    pauses: list[float] = []
    following = follow_changelog(
        SqliteChangelog(tmp_path / "sordiff.db"), sinks, options, pauses.append
    )
    told = [next(following) for _ in range(5)]
    assert [isinstance(one, NotPublished) for one in told] == [True, False, False, False, True]
    assert pauses == [4]
    assert len(files(tmp_path / "out")) == 3


def test_what_waits_is_counted_for_each(tmp_path: Path) -> None:
    good(tmp_path, "ingest", *DEMO[:2])
    good(tmp_path, "publish", *TO, "--to", "ndjson:second")
    good(tmp_path, "ingest", DEMO[2])
    good(tmp_path, "publish", *TO)
    status = json.loads(good(tmp_path, "status", "--format", "json"))
    waiting = {sink.rpartition("/")[2]: found["events"] for sink, found in status["sinks"].items()}
    assert waiting == {"out": 0, "second": 33}
    assert status["unpublished"]["events"] == 33
    text = good(tmp_path, "status", "--lang", "en")
    assert "second: 1 run · 33 events" in " ".join(text.split())
    metrics = tmp_path / "sordiff.prom"
    (tmp_path / "sordiff.toml").write_text(
        f'[publish]\nto = ["ndjson:out"]\n[notices]\nmetrics_file = "{metrics}"\n'
    )
    good(tmp_path, "run", DEMO[2])
    told = metrics.read_text()
    assert f'sordiff_sink_backlog{{sink="ndjson:{tmp_path / "second"}"}} 33\n' in told
    assert f'sordiff_sink_backlog{{sink="ndjson:{tmp_path / "out"}"}} 0\n' in told


def test_a_sink_that_was_tried_once_is_forgotten(demo: Path) -> None:
    good(demo, "publish", *TO, "--to", "ndjson:tried")
    tried = files(demo / "tried")
    told = good(demo, "publish", "--forget", "ndjson:tried", "--lang", "en")
    assert told == f"ndjson:{demo / 'tried'} is forgotten: nothing waits for it any more\n"
    sinks = json.loads(good(demo, "status", "--format", "json"))["sinks"]
    assert list(sinks) == [f"ndjson:{demo / 'out'}"]
    assert files(demo / "tried") == tried, "what it has stays there"
    assert "was ever published" in refused(demo, "--forget", "ndjson:tried")
    assert "no other way" in refused(demo, "--forget", "ndjson:out", "--state")
    good(demo, "publish", "--to", "ndjson:tried")
    assert files(demo / "tried") == tried, "found as it was left, and nothing twice"


def _lose(folder: Path, *taken: str) -> None:
    """Three nights of which two are published, and files of the folder are taken away."""
    for night in DEMO[:2]:
        good(folder, "ingest", str(night))
    good(folder, "publish", *TO)
    for path in [path for pattern in taken for path in (folder / "out").glob(pattern)]:
        path.unlink()
    good(folder, "ingest", str(DEMO[2]))


def _last_line(folder: Path) -> dict[str, Any]:
    return lines(folder / "out" / files(folder / "out")[-1])[-1]


def test_an_emptied_folder_is_refused_and_healed(tmp_path: Path) -> None:
    """Who reads on there would miss what it had, and not know."""
    _lose(tmp_path, "*.ndjson")
    refused = called(tmp_path, "publish", *TO)
    assert refused.exit == 2
    assert "does not have run 2 of urn:sordiff:sor any more" in refused.stderr
    sink = f"ndjson:{tmp_path / 'out'}"
    assert f"`sordiff publish --forget {sink}`" in refused.stderr
    assert files(tmp_path / "out") == []
    good(tmp_path, "publish", "--forget", sink)
    good(tmp_path, "publish", *TO)
    whole = tmp_path / "whole"
    good(tmp_path, "publish", "--to", f"ndjson:{whole}")
    assert contents(tmp_path / "out") == contents(whole)


def test_a_folder_without_its_newest_file_is_refused(tmp_path: Path) -> None:
    _lose(tmp_path, "00000002*")
    there = contents(tmp_path / "out")
    refused = called(tmp_path, "publish", *TO)
    assert refused.exit == 2
    assert "Put its file back" in refused.stderr
    # Where older files were moved away, that would be refused in its turn.
    assert "--forget" not in refused.stderr
    assert contents(tmp_path / "out") == there


@pytest.mark.parametrize("way", ["--state", "--adopt"])
@pytest.mark.parametrize("taken", ["*.ndjson", "00000002*"])
def test_who_goes_on_without_a_lost_run_tells_that_the_state_is_to_be_read(
    tmp_path: Path, taken: str, way: str
) -> None:
    _lose(tmp_path, taken)
    good(tmp_path, "publish", *TO, way)
    assert files(tmp_path / "out")[-1].endswith("-run-3.ndjson")
    assert contents(tmp_path / "out").keys() > {"state/units.ndjson"}
    assert _last_line(tmp_path)["data"]["beyond_events"] is True


@pytest.mark.parametrize("later", [False, True])
def test_a_run_is_missed_that_is_lost_after_the_whole_state_was_written(
    tmp_path: Path, *, later: bool
) -> None:
    """Who reads files has no reason to read the state again."""
    for night in DEMO[: 3 if later else 2]:
        good(tmp_path, "ingest", str(night))
    if not later:
        good(tmp_path, "publish", *TO)
    good(tmp_path, "publish", *TO, "--state")
    (tmp_path / "out" / files(tmp_path / "out")[-1]).unlink()
    if later:
        good(tmp_path, "ingest", "--correct", "3", "--reason", "told", str(DEMO[1]))
    else:
        good(tmp_path, "ingest", str(DEMO[2]))
    assert called(tmp_path, "publish", *TO).exit == 2
    good(tmp_path, "publish", *TO, "--state")
    assert _last_line(tmp_path)["data"]["beyond_events"] is True
    good(tmp_path, "publish", *TO)


def test_the_state_is_written_before_there_is_a_run_that_says_so(tmp_path: Path) -> None:
    for night in DEMO[:2]:
        good(tmp_path, "ingest", str(night))
    good(tmp_path, "publish", *TO)
    (tmp_path / "out" / files(tmp_path / "out")[-1]).unlink()
    good(tmp_path, "publish", *TO, "--state")
    good(tmp_path, "ingest", str(DEMO[2]))
    good(tmp_path, "publish", *TO)
    assert _last_line(tmp_path)["data"]["beyond_events"] is True


def test_of_a_restored_backup_the_later_files_are_enough(tmp_path: Path) -> None:
    for night in DEMO[:2]:
        good(tmp_path, "ingest", str(night))
    good(tmp_path, "publish", *TO)
    backup = tmp_path / "backup.db"
    good(tmp_path, "backup", str(backup))
    good(tmp_path, "ingest", str(DEMO[2]))
    good(tmp_path, "publish", *TO)
    for name in files(tmp_path / "out")[:-1]:
        (tmp_path / "out" / name).unlink()
    for path in tmp_path.glob("sordiff.db*"):
        path.unlink()
    shutil.copy(backup, tmp_path / "sordiff.db")
    good(tmp_path, "ingest", str(DEMO[2]))
    there = contents(tmp_path / "out")
    assert "had arrived" in good(tmp_path, "publish", *TO)
    assert contents(tmp_path / "out") == there


def test_the_whole_state_alone_tells_of_nothing_beyond_the_events(tmp_path: Path) -> None:
    _lose(tmp_path)
    good(tmp_path, "publish", *TO, "--state")
    assert _last_line(tmp_path)["data"]["beyond_events"] is False


def test_a_lost_word_about_a_run_is_missed_too(tmp_path: Path) -> None:
    _lose(tmp_path)
    good(tmp_path, "publish", *TO)
    good(tmp_path, "retract", "3", "--reason", "told")
    good(tmp_path, "publish", *TO)
    kept = files(tmp_path / "out")
    (tmp_path / "out" / kept[-1]).rename(tmp_path / "aside")
    good(tmp_path, "ingest", "--correct", "3", "--reason", "told", str(DEMO[1]))
    refused = called(tmp_path, "publish", *TO)
    assert refused.exit == 2
    assert "does not have run.retracted of run 3 of urn:sordiff:sor any more" in refused.stderr
    (tmp_path / "aside").rename(tmp_path / "out" / kept[-1])
    for name in kept[:-1]:
        (tmp_path / "out" / name).unlink()  # the newest file is enough, also where it is no run
    good(tmp_path, "publish", *TO)
    assert files(tmp_path / "out")[-1].endswith("-run-4.ndjson")


def test_older_files_may_be_moved_away(tmp_path: Path) -> None:
    _lose(tmp_path, "00000001*")
    good(tmp_path, "publish", *TO)
    assert [name.split("-run-")[1] for name in files(tmp_path / "out")] == ["2.ndjson", "3.ndjson"]


@pytest.mark.parametrize("name", ["elsewhere", "ndjson:", "s3:bucket"])
def test_what_is_no_sink_is_refused(demo: Path, name: str) -> None:
    assert "neither kafka nor ndjson:DIR" in refused(demo, "--to", name)


def test_a_replay_into_a_folder_is_refused(demo: Path) -> None:
    done = called(demo, "replay", *TO, "--same-topics")
    assert done.exit == 2
    assert "a folder keeps every run" in " ".join(done.stderr.replace("│", " ").split())


def test_an_older_changelog_keeps_its_marks(demo: Path) -> None:
    """As the version before left it, which had marks for Kafka alone."""
    from sordiff.store.migrations import MIGRATIONS

    with closing(sqlite3.connect(demo / "sordiff.db")) as connection, connection:
        take_back(connection, 10)
        for statement in (
            "DROP TABLE outbox_marks",
            "DROP TABLE outbox",
            "DROP TABLE sinks",
            *filter(str.strip, MIGRATIONS[3].split(";")[:2]),
            "DROP TABLE changelogs",
            *filter(str.strip, MIGRATIONS[3].split(";")[2:]),
            *filter(str.strip, MIGRATIONS[8].split(";")),
            (
                "UPDATE outbox SET attempted_at = 'then', published_at = 'later', beyond_events = 1"
                " WHERE run_id = 1"
            ),
            "UPDATE outbox SET attempted_at = 'then' WHERE run_id = 2",
            "INSERT INTO outbox (run_id, kind, recorded_at) VALUES (3, 'whole state', 'now')",
            (
                "INSERT INTO changelogs (changelog_id, role, since, beyond_events)"
                " VALUES ('me', 'own', 'first', 1)"
            ),
            "PRAGMA user_version = 9",
        ):
            connection.execute(statement)
    good(demo, "publish", *TO)
    marks = execute(
        demo,
        "SELECT outbox_id, attempted_at, published_at, beyond_events FROM outbox_marks"
        " WHERE sink = 'kafka' ORDER BY outbox_id",
    )
    assert marks == [(1, "then", "later", 1), (2, "then", None, 0)]
    assert execute(demo, "SELECT since, beyond_events FROM sinks WHERE sink = 'kafka'") == [
        ("first", 1)
    ]
    assert execute(demo, "SELECT kind FROM outbox WHERE sink = 'kafka'") == [("whole state",)]
    assert len(files(demo / "out")) == 3, "the folder waits for all of it, but not for that state"
    assert not (demo / "out" / "state").exists()
    last = lines(demo / "out" / files(demo / "out")[-1])[-1]
    assert last["data"]["changelog"] == "me"
    status = json.loads(good(demo, "status", "--format", "json"))
    assert status["sinks"]["kafka"]["runs"] == 2
    assert status["sinks"]["kafka"]["messages"] == 1
