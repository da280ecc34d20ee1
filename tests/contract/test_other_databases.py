"""The changelog is the same in DuckDB, polars and Datasette as in SQLite."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.other_databases import ORDERS, duckdb_over, random_changelog, read_view
from tests.contract.sqlite_document import DOCUMENT, QUERY, demo_changelog
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

METADATA = json.loads((ROOT / "docs" / "datasette.json").read_text(encoding="utf-8"))
QUESTIONS = QUERY.findall(DOCUMENT.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def changelog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return random_changelog(tmp_path_factory.mktemp("random"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_changelog(tmp_path_factory.mktemp("demo"))


def test_duckdb_reads_each_view_as_sqlite_does(changelog: Path) -> None:
    with duckdb_over(changelog) as connection:
        for view, order in ORDERS.items():
            found = connection.sql(f"SELECT * FROM {view} ORDER BY {order}")  # noqa: S608  # ours
            assert {str(kind) for kind in found.types} <= {"VARCHAR", "BIGINT", "INTEGER"}
            told = found.fetchall()
            assert len(told) > 3
            assert told == read_view(changelog, view)
            # Most columns have something to be compared.
            assert sum(map(any, zip(*told, strict=True))) > len(found.columns) / 2


def test_duckdb_answers_the_questions(demo: Path) -> None:
    with duckdb_over(demo) as duck, closing(sqlite3.connect(demo)) as connection:
        for question in QUESTIONS:
            answer = connection.execute(question).fetchall()
            assert answer
            assert _as_text(duck.execute(question).fetchall()) == _as_text(answer), question


def _as_text(rows: list[tuple[Any, ...]]) -> list[list[str]]:
    """`json_extract` gives JSON in DuckDB."""
    return sorted([str(value) for value in row] for row in rows)


@pytest.mark.parametrize("view", ORDERS)
def test_polars_reads_each_view(changelog: Path, view: str) -> None:
    import polars as pl  # late, for it is heavy, and each worker collects all tests

    query = f"SELECT * FROM {view} ORDER BY {ORDERS[view]}"  # noqa: S608  # ours
    with closing(sqlite3.connect(changelog)) as connection:
        frame = pl.read_database(query, connection, infer_schema_length=None)
    assert set(frame.dtypes) <= {pl.String, pl.Int64, pl.Null}
    assert frame.rows() == read_view(changelog, view)


def test_datasette_shows_the_views_and_answers(demo: Path) -> None:
    shown = asyncio.run(
        _get(
            demo,
            "/sordiff/v_changes.json?_shape=array&_size=max&_sort=sequence",
            "/sordiff/closing_next.json?_shape=array",
            "/sordiff/v_units",
        )
    )
    changes = [tuple(row.values()) for row in json.loads(shown[0])]
    assert changes == read_view(demo, "v_changes")
    (closing_next,) = json.loads(shown[1])
    assert closing_next["name"] == "Lungemedicinsk Dagafsnit"
    assert METADATA["databases"]["sordiff"]["tables"]["v_units"]["columns"]["sor_id"] in shown[2]


async def _get(database: Path, *addresses: str) -> list[str]:
    from datasette.app import Datasette  # late, as polars

    datasette = Datasette([str(database)], metadata=METADATA)
    answers = [await datasette.client.get(address) for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.text for answer in answers]
