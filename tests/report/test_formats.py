"""The table of formats: what the command line offers, and that a format is one module and one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import sordiff.render.report
from sordiff.cli.main import build_command
from sordiff.render.language import Catalogue
from sordiff.render.report.edition import Edition
from sordiff.render.report.formats import FORMAT_BY_NAME, FORMATS, ReportFormat
from sordiff.render.text.colour import Paint
from tests.contract.commands import list_built
from tests.report.changes import change, empty_report

if TYPE_CHECKING:
    from pathlib import Path

INVENTED = """
def print_report(edition):
    return [f"{len(edition.report.changes)} {edition.language.language}".encode()]
"""


def edition() -> Edition:
    return Edition(
        report=empty_report([change("unit.closed", "1")]),
        language=Catalogue("da"),
        paint=Paint(wanted=False),
    )


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_format_is_printed_by_the_module_of_its_name(row: ReportFormat) -> None:
    assert b"".join(row.printer().print_report(edition()))


def test_an_invented_format_is_one_module_and_one_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "invented.py").write_text(INVENTED)
    monkeypatch.setattr(sordiff.render.report, "__path__", [str(tmp_path)])
    row = ReportFormat(name="invented")
    assert list(row.printer().print_report(edition())) == [b"1 da"]


def test_the_command_line_offers_the_formats_of_the_table() -> None:
    command = dict(list_built(build_command()))["sordiff report"]
    option: Any = next(p for p in command.params if "--format" in p.opts)
    assert list(option.type.choices) == list(FORMAT_BY_NAME)
    assert option.default == FORMATS[0].name
