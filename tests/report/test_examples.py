"""An example of a group says whom it is about, from what and to what, with the ids where they belong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from sordiff.model import Kind, SorId
from sordiff.render.language import Catalogue
from sordiff.render.report.html import report_html
from sordiff.render.report.markdown import report_markdown
from sordiff.render.report.text import report_text
from sordiff.render.text.colour import Paint
from sordiff.report import Change, Report, UnitEntry
from tests.report.changes import change, empty_report

OLD, NEW, OWNER = "600000000000011", "600000000000022", "600000000000033"


def unit(name: str, kind: Kind = Kind.INSTITUTION) -> UnitEntry:
    return UnitEntry(name=name, kind=kind, owner=SorId(OWNER), parent=SorId(OWNER))


UNITS = {
    SorId(OLD): unit("Det gamle apotek"),
    SorId(NEW): unit("Det nye apotek"),
    SorId(OWNER): UnitEntry(name="Kæden A/S", kind=Kind.OWNER, owner=SorId(OWNER)),
}


def grouped(name: str, **said: Any) -> Report:
    """A night in which the same happened to three numbers, or thrice to the new unit."""
    found: list[Change] = []
    for place in range(3):
        if name.startswith("location_number."):
            found.append(change(name, f"579000000000{place}", unit=SorId(NEW), **said))
        else:
            found.append(change(name, NEW, **said))
    report = empty_report(found, units=UNITS)
    assert [group.count for group in report.groups] == [3]
    return report


def text(report: Report) -> str:
    return "\n".join(report_text(report, Catalogue("da"), Paint(wanted=False, width=200)))


def markdown(report: Report) -> str:
    return "\n".join(report_markdown(report, Catalogue("da"))).replace("`", "").replace("\\", "")


@pytest.mark.parametrize("form", [text, markdown])
def test_a_number_that_changed_hands_names_both_with_their_own_ids(
    form: Callable[[Report], str],
) -> None:
    said = form(grouped("location_number.reassigned", before=OLD, after=NEW, relation="same_owner"))
    line = f"5790000000001 · fra Det gamle apotek ({OLD}) til Det nye apotek ({NEW})"
    assert [found.strip(" -") for found in said.splitlines()].count(line) == 1


@pytest.mark.parametrize("form", [text, markdown])
def test_a_number_that_was_assigned_or_released_names_the_holder(
    form: Callable[[Report], str],
) -> None:
    come = form(grouped("location_number.assigned", after=NEW))
    assert f"5790000000001 · nu hos Det nye apotek ({NEW})" in come
    gone = form(grouped("location_number.released", before=NEW))
    assert f"5790000000001 · ikke længere hos Det nye apotek ({NEW})" in gone


@pytest.mark.parametrize("form", [text, markdown])
def test_a_moved_unit_says_from_where_and_to_where(form: Callable[[Report], str]) -> None:
    said = form(grouped("unit.moved", before=(OLD,), after=(OWNER,)))
    assert "Det nye apotek · fra Det gamle apotek til Kæden A/S" in said


def test_an_example_on_the_page_has_the_type_and_the_id_of_its_unit() -> None:
    report = grouped("unit.moved", before=(OLD,), after=(OWNER,))
    units = {**report.units, SorId(NEW): replace(report.units[SorId(NEW)], unit_type="apotek")}
    page = report_html(replace(report, units=units, unit_types={"apotek": "privat apotek"}), "da")
    said = "Det nye apotek · privat apotek · fra Det gamle apotek til Kæden A/S"
    assert f"{said} <small><code>{NEW}</code></small>" in page.decode()
