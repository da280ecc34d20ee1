"""All formats of a report say the same: every count and every id of one is in the others."""

import csv
import html
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from sordiff.render.language import LANGUAGES, Catalogue
from sordiff.render.report import xlsx
from sordiff.render.report.csv import report_csv
from sordiff.render.report.edition import Edition
from sordiff.render.report.headline import count_title, counted_parts
from sordiff.render.report.html import report_html
from sordiff.render.report.json import report_json
from sordiff.render.report.markdown import report_markdown
from sordiff.render.text.colour import Paint
from sordiff.report import Change, Report
from sordiff.service.query.report import read_report
from sordiff.store.changelog import SqliteChangelog
from tests.contract.validating import validator
from tests.scenarios.reporting import as_text, questions

# SOR ids and GLNs of the stories, wherever they stand in a text.
ID = re.compile(r"(?<![\w.])\d{13,17}(?!\w)")


def assert_formats_agree(database: Path) -> None:
    """For every question that is asked of a story."""
    for asked in questions(database, limit=None).values():
        report = read_report(SqliteChangelog(database), asked)
        told = json.loads(report_json(report))
        validator("report").validate(told)
        _assert_csv(report, told)
        _assert_workbook(report, told)
        shown = [report.changes[place] for place in _places_shown(told)]
        for language in LANGUAGES:
            _assert_told(report, told, language, shown)


def _shown(change: Change) -> str:
    """What people see of a subject: of list/code the code, behind what the list is of."""
    is_code = change.type.startswith("classification.")
    return change.subject.partition("/")[2] if is_code else change.subject


def _places_shown(told: dict[str, Any]) -> list[int]:
    """What is shown to people where no list is cut: the members of groups, and what is single."""
    lists = [group["members"] for group in told["groups"]]
    lists += [section["single"] for section in told["sections"]]
    return sorted({place for places in lists for place in places})


def _assert_csv(report: Report, told: dict[str, Any]) -> None:
    text = b"".join(report_csv(report)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["type"] for row in rows] == [change["type"] for change in told["changes"]]
    assert Counter(row["type"] for row in rows) == told["headline"]["counts"]
    for row, change in zip(rows, told["changes"], strict=True):
        assert row["subject"].strip() == change["subject"]
        assert row["unit_id"].strip() == change.get("unit", "")
        assert (row["group"] != "") == ("group" in change)


def _assert_workbook(report: Report, told: dict[str, Any]) -> None:
    """A sheet a section, with all its changes; the first sheet is the overview."""
    paint = Paint(wanted=False)
    edition = Edition(report=report, language=Catalogue("da"), paint=paint)
    (raw,) = xlsx.print_report(edition)
    book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    _, *sheets = book.sheet_names
    rows = [book.get_sheet_by_name(name).to_python()[1:] for name in sheets]
    assert [len(lines) for lines in rows] == [section["count"] for section in told["sections"]]
    subjects = Counter(str(line[3]) for lines in rows for line in lines)
    assert subjects == Counter(change["subject"] for change in told["changes"])


def _assert_told(report: Report, told: dict[str, Any], language: str, shown: list[Change]) -> None:
    catalogue = Catalogue(language)
    text = as_text(report, language)
    markdown = "\n".join(report_markdown(report, catalogue))
    page = html.unescape(report_html(report, language).decode())
    known = set(ID.findall(json.dumps(told)))
    for name, said in (("text", text), ("markdown", markdown)):
        assert set(ID.findall(said)) <= known, name
    bare = [said.replace("\\", "") for said in (text, markdown, page)]
    for change in shown:
        for said in bare:
            assert _shown(change) in said, change
            assert change.unit is None or change.unit in said, change
    for change in report.changes:
        assert _shown(change) in page, change
    flat = " ".join(text.split())
    for part, count in counted_parts(report.headline):
        title = count_title(part, count, report.headline, catalogue)
        counted = f"{part.sign}{catalogue.number(count)} {title}"
        assert counted in flat, counted
        assert counted in markdown, counted
    for count in told["headline"]["counts"].values():
        assert catalogue.number(count) in page
    for group in told["groups"]:
        assert len(group["members"]) == group["count"]
        for said in bare:
            assert catalogue.number(group["count"]) in said, group["rule"]
    sections = {section["name"]: section["count"] for section in told["sections"]}
    assert sum(sections.values()) == len(told["changes"])
    _assert_sections(report, language, text=text, markdown=markdown, page=page)


def _assert_sections(report: Report, language: str, **said: str) -> None:
    """A section has all its changes counted in its heading, and says how many stand in groups."""
    catalogue = Catalogue(language)
    shown = [section for section in report.sections if section.single]
    for section in shown:
        assert section.grouped + len(section.single) == section.count
    expected = [(section.count, section.grouped) for section in shown]
    heads = {
        "text": r"^\S.* \((?P<count>[\d.,]+)\)(?: · (?P<note>.+))?$",
        "markdown": r"^## .* \((?P<count>[\d.,]+)\)$(?:\n\n(?!- )(?P<note>.+))?",
        "page": (
            r'<h2 id="part-\w+">[^<]* <span class="n" data-count="[\d.,]+">(?P<count>[\d.,]+)</span>'
            r'</h2>(?:\n<p class="note">(?P<note>[^<]+)\.</p>)?'
        ),
    }
    for name, pattern in heads.items():
        found = [
            (int(re.sub(r"\D", "", head["count"])), head["note"])
            for head in re.finditer(pattern, said[name], re.MULTILINE)
        ]
        told = [
            (count, catalogue.counted("list.grouped", grouped) if grouped else None)
            for count, grouped in expected
        ]
        assert found == told, name
