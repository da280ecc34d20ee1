"""What a worker process does of a report of many changes: the same as one process does alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from sordiff.model import Day, SorId
from sordiff.render.report.html import report_html, written_rows
from sordiff.report import Asked
from sordiff.report.groups import find_groups, group_names, names_beside
from sordiff.report.groups.names_beside import begin_to_group_names
from sordiff.service.query import report as query_report
from sordiff.service.query import units_beside
from sordiff.service.query.report import read_report
from sordiff.service.query.report_period import choose_period
from sordiff.service.query.report_units import Units
from sordiff.service.query.units_beside import is_of_many_nights, read_units_beside
from sordiff.store.changelog import SqliteChangelog
from sordiff.worker_process import run_in_worker
from tests.browser.making import april
from tests.cli.calling import good
from tests.cli.practice import CLINIC, MONDAY, OWNER, TUESDAY, WEDNESDAY, clinic, night, practice
from tests.looking.recording import recorded
from tests.making.strategies import chains
from tests.report.changes import renamed, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sordiff.report import Change
    from sordiff.worker_process import SendPart, WorkerProcess
    from tests.making.plain import PlainRegister

NAMES = [
    *(
        ("Nordby Apotek - filial af X", "Nordby Apotek"),
        ("Havnens Apotek - filial af Y", "Havnens Apotek"),
    ),
    *(("Torvets Apotek, filial af Ø", "Torvets Apotek"), ("ØSTER APOTEK", "Øster Apotek")),
    *(("VESTER APOTEK", "Vester Apotek"), ("SØNDER APOTEK", "Sønder Apotek"), ("A", "B")),
]


@contextmanager
def run_in_failing_worker(work: Callable[[SendPart], None]) -> Iterator[WorkerProcess]:
    def fail(send: SendPart) -> None:
        work(send)
        raise ValueError

    with run_in_worker(fail) as worker:
        yield worker


def make_renamings() -> Sequence[Change]:
    """New names as they are before their words are marked."""
    return [replace(one, stretches=()) for one in make_marked_renamings()]


def make_marked_renamings() -> Sequence[Change]:
    return [renamed(*both, subject=str(place)) for place, both in enumerate(NAMES)]


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_beside, "_MANY_NAMES", len(NAMES) - 1)


@pytest.mark.usefixtures("few_are_many")
def test_a_worker_groups_names_as_this_process_does() -> None:
    names = make_renamings()
    # Between others, so that the places of the names are not those among the names.
    created = replace(names[0], type="unit.created")
    changes = [one for name in names for one in (created, name)]
    with begin_to_group_names(may_fork=True) as beside:
        wait = beside.begin(changes)
        assert wait is not None
        assert wait() == group_names(changes)
        wait = beside.begin(names)
        assert wait is not None
        found = wait()
    units = table(E_privat=[str(place) for place in range(len(NAMES))])
    groups = find_groups(names, units, lambda: found)
    assert groups == find_groups(make_marked_renamings(), units)
    assert {"renamed.words_removed", "renamed.letter_case"} <= {group.rule for group in groups}


@pytest.mark.usefixtures("few_are_many")
def test_of_a_worker_that_fails_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Sequence[Change]) -> NoReturn:
        raise ValueError

    monkeypatch.setattr(names_beside, "group_names", fail)
    with begin_to_group_names(may_fork=True) as beside:
        wait = beside.begin(make_renamings())
        assert wait is not None
        assert wait() is None


@pytest.mark.usefixtures("few_are_many")
def test_few_names_need_no_worker() -> None:
    with begin_to_group_names(may_fork=True) as beside:
        assert beside.begin(make_renamings()[1:]) is None
        assert beside.begin(make_renamings()) is not None
    with begin_to_group_names(may_fork=False) as beside:
        assert beside.begin(make_renamings()) is None


@pytest.mark.parametrize("runs", [run_in_worker, run_in_failing_worker])
def test_two_processes_write_the_page_of_one(
    monkeypatch: pytest.MonkeyPatch, runs: Callable[..., object]
) -> None:
    monkeypatch.setattr(written_rows, "run_in_worker", runs)
    report = april(12_000)
    assert report_html(report, "da", may_fork=True) == report_html(report, "da")


@settings(max_examples=10)
@given(chains(3, intensity=12))
def test_a_report_of_two_processes_is_that_of_one(chain: list[PlainRegister]) -> None:
    with (
        pytest.MonkeyPatch.context() as patched,
        recorded(chain, [2] * 3, [False] * 3) as (database, told),
    ):
        patched.setattr(names_beside, "_MANY_NAMES", -1)
        patched.setattr(units_beside, "_MANY_EVENTS", 0)
        changelog, asked = SqliteChangelog(database), Asked(since=told[0].register.day)
        assert read_report(changelog, asked, may_fork=True) == read_report(changelog, asked)


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two nights of a practice whose clinic got another name."""
    monkeypatch.setattr(units_beside, "_MANY_EVENTS", 1)
    first = night(tmp_path, MONDAY, practice())
    good(tmp_path, "ingest", first, night(tmp_path, TUESDAY, practice(clinic(name="Ny"))))
    return tmp_path


ASKED = Asked(since=Day(TUESDAY), until=Day(WEDNESDAY))


def test_a_server_holds_nothing_of_what_a_report_was_made_of(
    nights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[object] = []
    monkeypatch.setattr(query_report, "hold_until_left", held.append)
    changelog = SqliteChangelog(nights / "sordiff.db")
    read_report(changelog, ASKED)
    assert not held
    read_report(changelog, ASKED, may_fork=True)
    assert held


def test_a_worker_reads_the_units_of_a_period_and_all_above_them(nights: Path) -> None:
    changelog = SqliteChangelog(nights / "sordiff.db")
    with read_units_beside(changelog, ASKED) as wait, changelog.open_to_query() as session:
        found = wait(session)
        units = Units(session, choose_period(session, ASKED), ())
        assert found == units.table(map(SorId, (CLINIC,)))
    assert found[SorId(CLINIC)].owner == OWNER


def test_units_of_another_state_of_the_register_are_none(nights: Path) -> None:
    changelog, later = (SqliteChangelog(nights / name) for name in ("sordiff.db", "later.db"))
    good(nights, "backup", "later.db")
    third = night(nights, WEDNESDAY, practice(clinic(name="Nyere")))
    good(nights, "ingest", third, "--db", "later.db")
    with read_units_beside(changelog, ASKED) as wait, later.open_to_query() as session:
        assert wait(session) == {}


def test_where_a_unit_above_is_not_there_the_worker_tells_of_none(nights: Path) -> None:
    with closing(sqlite3.connect(nights / "sordiff.db")) as connection, connection:
        connection.execute("DELETE FROM units WHERE sor_id = ?", [OWNER])
    changelog = SqliteChangelog(nights / "sordiff.db")
    with read_units_beside(changelog, ASKED) as wait, changelog.open_to_query() as session:
        assert wait(session) == {}


@pytest.mark.parametrize(
    ("asked", "is_so"),
    [
        (ASKED, True),
        (Asked(since=Day(TUESDAY)), True),
        (Asked(since=Day(TUESDAY), until=Day(TUESDAY)), False),
        (Asked(since=Day(TUESDAY), unit=SorId(CLINIC)), False),
        (Asked(), False),
    ],
)
def test_only_a_period_may_have_many_nights(asked: Asked, is_so: bool) -> None:
    assert is_of_many_nights(asked) is is_so
