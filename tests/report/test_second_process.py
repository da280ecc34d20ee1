"""What a worker process does of a report of many changes: the same as one process does alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from sordiff.render.report.html import report_html, written_rows
from sordiff.report import Asked
from sordiff.report.groups import find_groups, group_names, names_beside
from sordiff.report.groups.names_beside import group_names_beside, has_many_names
from sordiff.service.query.report import read_report
from sordiff.store.changelog import SqliteChangelog
from sordiff.worker_process import run_in_worker
from tests.browser.making import april
from tests.looking.recording import recorded
from tests.making.strategies import chains
from tests.report.changes import renamed, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


def test_a_worker_groups_names_as_this_process_does() -> None:
    changes = make_renamings()
    with group_names_beside(changes) as wait:
        found = wait()
    assert found == group_names(changes)
    units = table(E_privat=[str(place) for place in range(len(NAMES))])
    groups = find_groups(changes, units, found)
    assert groups == find_groups(make_marked_renamings(), units)
    assert {"renamed.words_removed", "renamed.letter_case"} <= {group.rule for group in groups}


def test_of_a_worker_that_fails_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names_beside, "run_in_worker", run_in_failing_worker)
    with group_names_beside(make_renamings()) as wait:
        assert wait() is None


def test_few_names_need_no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not has_many_names(make_renamings())
    monkeypatch.setattr(names_beside, "_MANY_NAMES", len(NAMES) - 1)
    assert has_many_names(make_renamings())


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
        changelog, asked = SqliteChangelog(database), Asked(since=told[0].register.day)
        assert read_report(changelog, asked, may_fork=True) == read_report(changelog, asked)
