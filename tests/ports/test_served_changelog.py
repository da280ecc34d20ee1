"""A changelog that stays open: it sees what others write, and that another file took its place."""

from __future__ import annotations

import inspect
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from sordiff.errors import ChangelogFailed, ChangelogMissing
from sordiff.store import session
from sordiff.store.changelog import SqliteChangelog
from sordiff.store.database import open_to_write
from sordiff.store.mark import HighWaterMark, MarkFile
from sordiff.store.recognised import find_log
from sordiff.store.served_changelog import ServedSqliteChangelog
from tests.cli.calling import good
from tests.cli.dumping import write_chain
from tests.http.asking import record


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedSqliteChangelog]:
    """Of three nights the first is recorded."""
    write_chain(tmp_path, units=20, nights=3)
    good(tmp_path, "ingest", "night-0.xml")
    changelog = ServedSqliteChangelog(tmp_path / "sordiff.db")
    yield changelog
    changelog.close()


def _last_run(changelog: ServedSqliteChangelog) -> int:
    with changelog.open_to_query() as session:
        run = session.runs.find_last()
        assert run is not None
        return run.id


def test_it_sees_what_is_written_and_says_that_something_was(
    served: ServedSqliteChangelog, tmp_path: Path
) -> None:
    before = served.read_mark()
    assert (_last_run(served), served.read_mark()) == (1, before)
    record(tmp_path, "night-1.xml")
    assert served.read_mark() != before
    assert _last_run(served) == 2


def test_a_session_reads_one_moment(served: ServedSqliteChangelog, tmp_path: Path) -> None:
    with served.open_to_query() as session:
        before = session.runs.find_last()
        record(tmp_path, "night-1.xml")
        assert session.runs.find_last() == before
        assert _last_run(served) == 1  # one that is opened within it, too
    assert _last_run(served) == 2


def test_it_leaves_no_log_that_others_would_look_through(
    served: ServedSqliteChangelog, tmp_path: Path
) -> None:
    assert _last_run(served) == 1
    record(tmp_path, "night-1.xml")
    assert (tmp_path / "sordiff.db-wal").stat().st_size == 0


def test_who_reads_a_moment_longer_leaves_no_log_either(
    served: ServedSqliteChangelog, tmp_path: Path
) -> None:
    del served
    path = tmp_path / "sordiff.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM runs").fetchone()
        end = Timer(0.2, reader.execute, ("ROLLBACK",))
        with open_to_write(path) as connection:
            connection.execute("CREATE TABLE written (anything)")
            end.start()
        assert find_log(path).stat().st_size == 0
        end.join()


def test_another_file_in_its_place_is_read(served: ServedSqliteChangelog, tmp_path: Path) -> None:
    record(tmp_path, "night-1.xml")
    shutil.copy(tmp_path / "sordiff.db", tmp_path / "backup.db")
    record(tmp_path, "night-2.xml")
    assert _last_run(served) == 3
    before = served.read_mark()
    (tmp_path / "backup.db").replace(tmp_path / "sordiff.db")
    assert served.read_mark() != before
    assert _last_run(served) == 2
    assert served.find_restoration() is not None


def test_what_is_recorded_while_one_looks_makes_no_restored_backup(
    served: ServedSqliteChangelog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served.open_to_query():
        record(tmp_path, "night-1.xml")
        assert served.find_restoration() is None

    read, nights = MarkFile._read, iter(["night-2.xml"])

    def record_and_read(mark: MarkFile) -> HighWaterMark | None:
        for night in nights:
            record(tmp_path, night)
        return read(mark)

    monkeypatch.setattr(MarkFile, "_read", record_and_read)
    assert SqliteChangelog(tmp_path / "sordiff.db").find_restoration() is None
    assert _last_run(served) == 3


def test_a_file_that_is_gone_is_missing(served: ServedSqliteChangelog, tmp_path: Path) -> None:
    assert _last_run(served) == 1
    (tmp_path / "sordiff.db").rename(tmp_path / "elsewhere.db")
    assert served.read_mark() is None
    with pytest.raises(ChangelogMissing):
        _last_run(served)


def test_a_session_of_a_file_that_was_replaced_is_not_used_again(
    served: ServedSqliteChangelog, tmp_path: Path
) -> None:
    record(tmp_path, "night-1.xml")
    shutil.copy(tmp_path / "sordiff.db", tmp_path / "backup.db")
    record(tmp_path, "night-2.xml")
    with ThreadPoolExecutor(1) as elsewhere, served.open_to_query() as session:
        assert session.runs.find_last() is not None
        (tmp_path / "backup.db").replace(tmp_path / "sordiff.db")
        assert elsewhere.submit(_last_run, served).result() == 2
    assert _last_run(served) == 2


def test_who_may_not_wait_is_refused_a_file_that_nobody_looked_at(
    served: ServedSqliteChangelog,
) -> None:
    with pytest.raises(ChangelogFailed), served.reading_at_once():
        _last_run(served)
    assert _last_run(served) == 1
    with served.reading_at_once():
        assert _last_run(served) == 1


def test_all_parts_are_loaded_before_the_first_request() -> None:
    """What is loaded later may be of a release that was installed meanwhile."""
    code = (
        "import sys; from pathlib import Path;"
        " from sordiff.store.served_changelog import ServedSqliteChangelog;"
        " ServedSqliteChangelog(Path('none.db')); print(*sys.modules)"
    )
    loaded = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, check=True
    ).stdout.split()
    late = re.findall(r"^        from (\S+) import", inspect.getsource(session), re.MULTILINE)
    assert len(late) > 20
    assert {*late} <= {*loaded}
