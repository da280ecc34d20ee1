"""The changes as tables: CSV for programs and for a spreadsheet, and a workbook."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import python_calamine
from msgspec.structs import replace

from sordiff.model import Day, Kind, SorId
from sordiff.render.language import Catalogue
from sordiff.render.report import csv as csv_format
from sordiff.render.report import xlsx
from sordiff.render.report.edition import CsvDialect, Edition
from sordiff.render.text.colour import Paint
from sordiff.report import UnitEntry
from tests.report.changes import change, empty_report

UNIT = SorId("190041000016002")
FORMULA = "=HYPERLINK(1); \"a\", 'b'"
HAPPENED = [
    change("unit.provider_number_changed", UNIT, before="19062", after="019062"),
    change("unit.shak_changed", UNIT, before="+1", after=FORMULA, effective=Day("2024-03-02")),
    change("unit.closed", UNIT, after="2024-03-01"),
]


def edition(**asked: Any) -> Edition:
    units = {UNIT: UnitEntry(name="Lægehus, \u200bnord", kind=Kind.INSTITUTION)}
    report = empty_report(HAPPENED, units=units)
    paint = Paint(wanted=False)
    return Edition(report=report, language=Catalogue("da"), paint=paint, **asked)


def rows(dialect: CsvDialect, delimiter: str) -> tuple[bytes, list[dict[str, str]]]:
    raw = b"".join(csv_format.print_report(edition(csv=dialect)))
    text = io.StringIO(raw.decode("utf-8-sig"), newline="")
    return raw, list(csv.DictReader(text, delimiter=delimiter, strict=True))


def test_plain_csv_has_each_value_as_it_is() -> None:
    raw, found = rows(CsvDialect.PLAIN, ",")
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(HAPPENED) + 1
    by_type = {row["type"]: row for row in found}
    assert by_type["unit.provider_number_changed"]["after"] == "019062"
    assert by_type["unit.shak_changed"]["after"] == FORMULA
    assert {row["unit_id"] for row in found} == {UNIT}
    assert {row["unit_name"] for row in found} == {"Lægehus, ⟨U+200B⟩nord"}


def test_csv_for_a_spreadsheet_keeps_ids_and_runs_no_formula() -> None:
    raw, found = rows(CsvDialect.EXCEL, ";")
    assert raw.startswith(b"\xef\xbb\xbf")
    by_type = {row["type"]: row for row in found}
    assert by_type["unit.provider_number_changed"]["after"] == "\t019062"
    assert by_type["unit.shak_changed"]["after"] == f"'{FORMULA}"


def test_a_workbook_has_a_sheet_a_section_with_ids_as_text_and_days_as_days() -> None:
    (raw,) = xlsx.print_report(edition())
    assert raw == b"".join(xlsx.print_report(edition()))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == ["Overblik", "Lukket og fjernet", "Andre ændringer"]
    head, *lines = book.get_sheet_by_name("Andre ændringer").to_python()
    told = [dict(zip(map(str, head), line, strict=True)) for line in lines]
    assert [row["hændelse"] for row in told] == ["Ydernummer", "SHAK-kode"]
    assert [row["efter"] for row in told] == ["019062", FORMULA]
    assert {row["SOR-id"] for row in told} == {UNIT}
    assert told[1]["gælder fra"] == date(2024, 3, 2)
    overview = [line[0] for line in book.get_sheet_by_name("Overblik").to_python()]
    assert overview[0] == "SOR · 23. april 2018 → 24. april 2018"
    assert "1 lukket" in overview


def test_a_workbook_has_its_head_in_sight_and_its_columns_filtered() -> None:
    import zipfile

    (raw,) = xlsx.print_report(edition())
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert "<autoFilter" in sheet


def test_the_overview_of_a_night_without_changes_says_so() -> None:
    empty = replace(edition(), report=empty_report())
    (raw,) = xlsx.print_report(empty)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == ["Overblik"]
    assert ["ingen ændringer"] in book.get_sheet_by_name("Overblik").to_python()
