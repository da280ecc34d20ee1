"""A column with another name: the night is held, and the lines that it proposes bring the same file in."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.cli.calling import called, events, good, rows
from tests.coverage.nights import ELEMENTS, nights, register
from tests.making.plain import walk
from tests.making.tables import Row, old_rows, sor2_rows, write_complete, write_old, write_sor2

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = "2024-05-02", "2024-05-03"


def _renamed(rows: list[Row], column: str) -> list[Row]:
    return [{("Ny" + c if c == column else c): v for c, v in row.items()} for row in rows]


def _written(kind: str, day: str, column: str = "") -> bytes:
    night = register(day)
    # One unit changes indeed, so that the night is no quiet one.
    if column:
        list(walk(night))[7].name = "Et nyt navn"
    made = _renamed(old_rows(night) if kind == "sor-csv" else sor2_rows(night), column)
    if kind == "sor-csv":
        return write_old(made)
    return write_sor2(made) if kind == "sor2-daily" else write_complete(made)


@pytest.mark.parametrize(
    ("kind", "column", "field"),
    [
        ("sor2-daily", "ShakId", "shak"),
        ("sor2-daily", "VirtualAddressEmailAddress", '"contact/email"'),
        ("sor2-daily", "EntityTypeId", "unit_type"),
        ("sor2-complete", "ShakId", "shak"),
        ("sor2-complete", "EanLocationCode", '"location_number/number"'),
        ("sor-csv", "Ydernummer", "provider_number"),
        ("sor-csv", "Hovedspeciale", '"specialities/1"'),
    ],
)
def test_the_proposed_lines_bring_the_same_file_in(
    tmp_path: Path, kind: str, column: str, field: str
) -> None:
    for name, content in (("old", _written(kind, OLD)), ("new", _written(kind, NEW, column))):
        (tmp_path / name).write_bytes(content)
    good(tmp_path, "ingest", f"old@{OLD}")
    held = called(tmp_path, "ingest", f"new@{NEW}")
    assert held.exit == 3
    line = f'{field} = ["ny{column.lower()}"]'
    assert f"write under [columns.{kind}] in sordiff.toml: {line}" in held.stderr
    _, table, lines = held.stderr.partition(f"[columns.{kind}]\n")
    assert line in lines.splitlines()
    found = called(tmp_path, "diff", f"old@{OLD}", f"new@{NEW}", "--lang", "da").stderr
    assert table + lines in found
    assert f"skriv under [columns.{kind}] i sordiff.toml: {line}" in found
    (tmp_path / "sordiff.toml").write_text(table + lines)
    good(tmp_path, "ingest", f"new@{NEW}")
    assert [each["type"] for each in events(tmp_path)] == ["sordiff.unit.renamed.v1"]


def test_the_lines_of_an_alert_say_of_which_table_they_are(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(_written("sor2-daily", OLD))
    (tmp_path / "new").write_bytes(_written("sor2-daily", NEW, "ShakId"))
    good(tmp_path, "ingest", f"old@{OLD}")
    assert called(tmp_path, "ingest", f"new@{NEW}").exit == 3
    report = json.loads(good(tmp_path, "report", "--run", "2", "--format", "json"))
    (line,) = [line for each in report["alerts"] for line in each["alert"].get("mapping", ())]
    assert tomllib.loads(line) == {"columns": {"sor2-daily": {"shak": ["nyshakid"]}}}


def test_a_held_table_is_judged_again_by_its_columns_alone(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(_written("sor2-daily", OLD))
    (tmp_path / "new").write_bytes(_written("sor2-daily", NEW, "ShakId"))
    good(tmp_path, "ingest", f"old@{OLD}")
    assert called(tmp_path, "ingest", f"new@{NEW}").exit == 3
    # What other files are read by says nothing of this one.
    for text in ('[fields]\nshak = ["X"]', '[columns.sor-csv]\nshak = ["nyshakid"]'):
        (tmp_path / "sordiff.toml").write_text(text)
        again = called(tmp_path, "ingest", f"new@{NEW}")
        assert (again.exit, "Held already" in again.stdout) == (3, True)
    assert rows(tmp_path, "SELECT count(*) FROM runs") == [(2,)]


def test_a_held_night_is_judged_again_when_its_field_has_ended(tmp_path: Path) -> None:
    old, new = nights(tmp_path, ELEMENTS["shak"], "gone", 2, 3)
    good(tmp_path, "ingest", old)
    assert called(tmp_path, "ingest", new).exit == 3
    (tmp_path / "sordiff.toml").write_text('[anomalies.coverage]\nending = ["cvr"]\n')
    assert called(tmp_path, "ingest", new).exit == 3
    (tmp_path / "sordiff.toml").write_text('[anomalies.coverage]\nending = ["shak"]\n')
    good(tmp_path, "ingest", new)
    assert rows(tmp_path, "SELECT id, state FROM runs") == [
        (1, "accepted"),
        (2, "superseded"),
        (3, "accepted"),
    ]
