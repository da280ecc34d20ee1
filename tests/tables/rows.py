"""Rows in plain words, a small register of them, and the events that lie between two files of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sordiff.errors import SnapshotRefused
from sordiff.snapshot import ReadOptions, Snapshot, read_snapshot
from tests.cli.calling import called, lines, said
from tests.making.numbers import valid_gln, valid_sor_id
from tests.making.tables import Row, guarded

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = "2026-11-26", "2026-11-27"
OWNER, HOSPITAL, WARD, CLINIC = (valid_sor_id(n) for n in (1, 2, 3, 4))
NUMBER, OTHER_NUMBER = valid_gln(1), valid_gln(2)


def sor2(sequence: int, kind: str, name: str, above: int | None = None, **cells: str) -> Row:
    """A row of SOR2; `cells` by the names of their columns, `_` in names left out."""
    row = {
        "SorId": guarded(valid_sor_id(sequence)),
        "SorType": kind,
        "EntityName": name,
        "EntityTypeId": "",
        "EntityTypeName": "",
        "ParentSorId": guarded(valid_sor_id(above)) if above else "",
        "EanLocationCode": "",
        "PostalAddressStreetName": "",
        "PostalAddressCoordETRS89z32EMeasure": "",
        "FirstFromDate": "2010-01-01",
        "FromDate": "2010-01-01",
        "ToDate": "",
    }
    assert cells.keys() <= row.keys() | {"ShakId"}, cells
    return row | cells


def hospital(number: str = NUMBER, street: str = "Testgade", **ward: str) -> list[Row]:
    """An owner, its hospital, and two units in that, which all have what the hospital has."""
    said = {"EanLocationCode": number, "PostalAddressStreetName": street}
    return [
        sor2(1, "IE", "Region Prøve", EntityTypeId="1", EntityTypeName="region"),
        sor2(2, "SI", "Prøve Hospital", 1, EntityTypeId="2", EntityTypeName="hospital", **said),
        sor2(3, "OE", "Afsnit", 2, EntityTypeId="3", EntityTypeName="afsnit", **(said | ward)),
        sor2(4, "OE", "Klinik", 2, EntityTypeId="3", EntityTypeName="afsnit", **said),
    ]


def old(sequence: int, kind: str, name: str, above: int | None = None, **cells: str) -> Row:
    """A row of sor.csv; `cells` by the names of their columns, `_` for `-`."""
    row = {
        "Enhedsnavn": name,
        "Enhedstype": "",
        "SOR-type": kind,
        "Gaeldende_fra_dato": "2010-01-01",
        "Ophoert_dato": "",
        "SOR-kode": valid_sor_id(sequence),
        "Parent-SOR-kode": valid_sor_id(above) if above else "",
        "Institutionsejer": "",
        "Lokationsnummer": "",
        "Nedarvningsstatus": "",
        "Region": "",
        "Hovedspeciale": "",
    }
    assert cells.keys() <= row.keys(), cells
    return row | cells


def read(folder: Path, content: bytes, day: str = NEW, **options: Any) -> Snapshot:
    """The file read for its day."""
    path = folder / "table"
    path.write_bytes(content)
    return read_snapshot(path, ReadOptions(snapshot_date=day, **options))  # type: ignore[arg-type]  # a day is text


def between(
    folder: Path, before: bytes, after: bytes, days: tuple[str, str] = (OLD, NEW)
) -> list[dict[str, Any]]:
    """The events from one file to the other, each held against its schema."""
    for name, content in (("old", before), ("new", after)):
        (folder / name).write_bytes(content)
    paths = [f"{name}@{day}" for name, day in zip(("old", "new"), days, strict=True)]
    done = called(folder, "diff", *paths, "--format", "jsonl")
    assert done.exit == 0, done.stderr
    return lines(done.stdout)


def told(
    folder: Path, before: bytes, after: bytes, days: tuple[str, str] = (OLD, NEW)
) -> list[tuple[str, str]]:
    """Type and subject of each event from one file to the other."""
    return said(between(folder, before, after, days))


def problems(folder: Path, content: bytes) -> list[tuple[str, int | None]]:
    """Code and line of each problem for which the file is refused."""
    found = []
    for plain in (False, True):
        try:
            read(folder, content, plain=plain)
        except SnapshotRefused as refused:
            found.append([(problem.code, problem.line) for problem in refused.problems])
        else:
            found.append([])
    assert found[0] == found[1]
    return found[0]


def data(events: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The data of the one event of that type."""
    (event,) = [event for event in events if event["type"] == f"sordiff.{kind}.v1"]
    found: dict[str, Any] = event["data"]
    return found
