"""A night is judged by the newest ordinary nights, and years of history are not read for it."""

from __future__ import annotations

import random
import sqlite3
from datetime import date, timedelta

import pytest

from sordiff.anomalies.facts import RunFacts
from sordiff.anomalies.history import select_ordinary
from sordiff.anomalies.limits import Limits
from sordiff.anomalies.rules import judge_run
from sordiff.model import Day
from sordiff.service.ingest.alerts import gather_run_facts, read_recorded_facts
from sordiff.store.session import SqliteSession
from tests.looking.rows import add_run, empty_changelog, night

LIMITS = Limits()
MOST = LIMITS.unusual.history


def all_facts(connection: sqlite3.Connection) -> list[RunFacts]:
    session = SqliteSession(connection)
    return [
        gather_run_facts(run, session.counts.read(run.id))
        for run in session.runs.iterate()
        if run.state in {"accepted", "released"}
    ]


def many_runs(connection: sqlite3.Connection, *, last: str) -> None:
    rng = random.Random(last)
    kinds = ["night"] * 8 + ["reissue", "rebaseline"]
    states = ["accepted"] * 8 + ["released", "rejected", "superseded"]
    day = 0
    for run_id in range(1, 3 * MOST):
        kind = "baseline" if run_id == 1 else rng.choice(kinds)
        day += kind != "reissue"
        add_run(
            connection,
            run_id,
            day=night(day),
            kind=kind,
            state=rng.choice(states),
            exceptional=rng.random() < 0.1,
            counts={"unit.renamed": rng.randrange(40), "unit.created": rng.randrange(9)},
        )
    add_run(connection, 3 * MOST, day=night(day + 1), kind=last, counts={"unit.renamed": 3})


@pytest.mark.parametrize("last", ["night", "reissue", "rebaseline"])
@pytest.mark.parametrize("later", [0, 1, 5])
def test_the_verdict_is_that_of_the_whole_history(last: str, later: int) -> None:
    with empty_changelog() as connection:
        many_runs(connection, last=last)
        known, every = read_recorded_facts(SqliteSession(connection), LIMITS), all_facts(connection)
    assert len(known) <= MOST + 2 < len(every)
    assert known[-1] == every[-1]
    newest = date.fromisoformat(max(fact.day for fact in every))
    tonight = Day((newest + timedelta(days=later)).isoformat())
    assert select_ordinary(known, tonight, MOST) == select_ordinary(every, tonight, MOST)
    facts = RunFacts(
        run_id=None,
        kind="night" if later else "reissue",
        day=tonight,
        nights=later,
        counts={"unit.renamed": 1100},
        units=10,
        open_units=9,
        size=1000,
        exceptional=False,
        version="2.0.0",
    )
    told = judge_run(facts, known[-1], known, LIMITS)
    assert told == judge_run(facts, every[-1], every, LIMITS)
    assert told


def test_a_changelog_without_runs_has_no_facts() -> None:
    with empty_changelog() as connection:
        assert read_recorded_facts(SqliteSession(connection), LIMITS) == []
