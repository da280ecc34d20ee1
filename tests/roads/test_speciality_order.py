"""The main speciality: told by a type or, where none does, by its place; and not told anew by a newer sordiff."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from sordiff.service.ingest.compare import compare_files
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions
from tests.cli.calling import called, events, good, rows
from tests.making.xml import Layout, write_snapshot
from tests.older_changelogs import take_back
from tests.unit.small import IDS, night, unit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.making.plain import PlainRegister

Pairs = list[tuple[str | None, str | None]]
MAIN = "51000095001"


def register(pairs: Pairs, day: str = "2024-05-02", name: str = "Afsnit") -> PlainRegister:
    ward = unit(2, "organizational_unit", name=name, specialities=pairs)
    return night(unit(0, "owner", unit(1, "institution", ward)), date=day)


def write(folder: Path, day: str, pairs: Pairs, name: str = "Afsnit") -> str:
    (folder / f"{day}.xml").write_bytes(write_snapshot(register(pairs, day, name), version=2))
    return f"{day}.xml"


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "fast"])
@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([("2", None), ("1", None)], [("1", None), ("2", None)], ("2", "1")),
        ([("3", None), ("2", None), ("1", None)], [("3", None), ("1", None), ("2", None)], None),
        ([("2", " "), ("1", None)], [("2", None), ("1", " ")], None),
        ([("2", MAIN), ("1", None)], [("1", None), ("2", MAIN)], None),
        ([(" ", None), ("2", None), ("1", None)], [("2", None), ("1", None)], None),
        ([("2", None), ("1", None), ("2", None)], [("2", None), ("1", None)], None),
    ],
)
def test_the_first_counts_where_no_type_tells_the_main_one(
    tmp_path: Path, before: Pairs, after: Pairs, told: tuple[str, str] | None, plain: bool
) -> None:
    files = [
        tmp_path / write(tmp_path, f"2024-05-0{day}", pairs)
        for day, pairs in enumerate((before, after), start=2)
    ]
    old, new = files
    how = ReadOptions(plain=plain)
    found: Any = compare_files(old, new, Settings(), lambda found: found.events, how)
    assert [(event.data.before[0].code, event.data.after[0].code) for event in found] == (
        [told] if told else []
    )


@pytest.mark.parametrize("seed", range(3))
def test_only_the_first_keeps_its_place_when_siblings_are_shuffled(
    tmp_path: Path, seed: int
) -> None:
    pairs: Pairs = [("5", None), ("1", None), ("4", None), ("2", None), ("3", None)]
    path = tmp_path / "Sor.xml"
    path.write_bytes(write_snapshot(register(pairs), version=2, layout=Layout(shuffle=seed)))
    shown = tmp_path / "2.xml"
    shown.write_bytes(write_snapshot(register(pairs, "2024-05-03"), version=2))
    assert compare_files(path, shown, Settings(), lambda found: found.events) == ()


def test_diff_says_which_is_the_main_one_now(tmp_path: Path) -> None:
    first = write(tmp_path, "2024-05-02", [("2", None), ("1", None)])
    second = write(tmp_path, "2024-05-03", [("1", None), ("2", None)])
    english = good(tmp_path, "diff", first, second, "--lang", "en")
    assert "specialities: the main one is now 1, no longer 2" in english
    danish = good(tmp_path, "diff", first, second, "--lang", "da")
    assert "specialer: hovedspecialet er nu 1, ikke længere 2" in danish


@pytest.mark.parametrize("held_first", [False, True], ids=["at once", "after a held night"])
def test_what_an_older_sordiff_recorded_in_order_of_codes_is_no_change(
    tmp_path: Path, held_first: bool
) -> None:
    pairs: Pairs = [("2", None), ("1", None)]
    good(tmp_path, "ingest", write(tmp_path, "2024-05-02", pairs))
    with closing(sqlite3.connect(tmp_path / "sordiff.db")) as connection, connection:
        record = 'replace(record, \'[{"code":"2"},{"code":"1"}]\', \'[{"code":"1"},{"code":"2"}]\')'
        changed = connection.execute(
            f"UPDATE units SET record = {record} WHERE record <> {record}"  # noqa: S608  # ours
        )
        assert changed.rowcount == 1
        take_back(connection, 14)
    # Also on a night that is rejected, and then on one on which nothing else changes.
    if held_first:  # a night dated ahead; with it the changelog has come to today's schema
        assert called(tmp_path, "ingest", write(tmp_path, "2999-01-01", pairs)).exit == 3
        good(tmp_path, "reject", "2", "--reason", "misdated")
    good(tmp_path, "ingest", write(tmp_path, "2024-05-03", pairs))
    assert events(tmp_path) == []
    adopted = rows(tmp_path, "SELECT DISTINCT subject, path FROM adoptions")
    assert adopted == [(IDS[2], "specialities")]
    good(tmp_path, "ingest", write(tmp_path, "2024-05-04", pairs[::-1], "Nyt navn"))
    assert [event["type"].split(".")[2] for event in events(tmp_path)] == [
        "renamed",
        "specialities_changed",
    ]
    assert [each["code"] for each in events(tmp_path)[1]["data"]["before"]] == ["2", "1"]
