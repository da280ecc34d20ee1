"""docs/sqlite.md and docs/datasette.json tell the views as they are, and the answers that they give."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.sqlite_document import (
    DOCUMENT,
    QUERY,
    answered,
    demo_changelog,
    documented_columns,
)
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

METADATA = json.loads((ROOT / "docs" / "datasette.json").read_text(encoding="utf-8"))
DESCRIBED: dict[str, Any] = METADATA["databases"]["sordiff"]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_changelog(tmp_path_factory.mktemp("demo"))


def columns(database: Path) -> dict[str, list[str]]:
    """The columns of each view, as the database has them."""
    with closing(sqlite3.connect(database)) as connection:
        views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall()
        return {
            view: [row[1] for row in connection.execute(f"PRAGMA table_info({view})")]
            for (view,) in views
        }


def test_the_answers_are_what_is_shown(database: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert len(QUERY.findall(text)) >= 10
    assert answered(text, database) == text


def test_every_column_of_every_view_is_told_in_its_order(database: Path) -> None:
    told = {view: list(meanings) for view, meanings in documented_columns().items()}
    assert told == columns(database)


def test_datasette_is_told_the_same(database: Path) -> None:
    tables = DESCRIBED["tables"]
    for view, meanings in documented_columns().items():
        assert tables[view]["columns"] == {
            name: meaning.replace("`", "") for name, meaning in meanings.items()
        }
        sorting = {tables[view].get("sort"), tables[view].get("sort_desc")} - {None}
        assert sorting | set(tables[view].get("facets", ())) <= set(columns(database)[view])
        assert len(sorting) == 1


def test_datasette_hides_what_is_ours(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    hidden = {name for name, table in DESCRIBED["tables"].items() if table.get("hidden")}
    assert hidden == {name for (name,) in found}


def test_the_questions_for_datasette_have_answers(database: Path) -> None:
    asked = {"subject": "630331000016006", "number": "5790008714034"}
    with closing(sqlite3.connect(database)) as connection:
        for query in DESCRIBED["queries"].values():
            assert connection.execute(query["sql"], asked).fetchall()


@pytest.mark.parametrize("query", QUERY.findall(DOCUMENT.read_text(encoding="utf-8")))
def test_no_question_reads_every_event(database: Path, query: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]
    assert not [step for step in plan if step.startswith("SCAN event")]
