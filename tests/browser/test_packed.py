"""A page of very many changes: most of its rows are packed, and nothing is lost by it."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING

import pytest

from sordiff.render.report.html import Surroundings, report_html
from sordiff.render.report.html.packed import PACKING, Packing
from tests.browser.making import april

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.report import Report
    from tests.browser.conftest import Opened

_EACH = 5
_ROW = re.compile(r"^<tr .*$", re.MULTILINE)
_PACKED = re.compile('<script type="text/plain" id="packed">(.*)</script>')


@pytest.fixture(scope="module")
def report() -> Report:
    return april(400)


@pytest.fixture(scope="module")
def plain(report: Report) -> str:
    return report_html(report, "da").decode()


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    around = Surroundings(packing=Packing(above=399, plain=_EACH))
    return report_html(report, "da", around=around).decode()


def test_a_page_that_is_not_very_large_is_plain(report: Report, plain: str) -> None:
    assert len(report.changes) <= PACKING.above
    assert _PACKED.search(plain) is None
    assert "data-packed" not in plain


def test_a_site_packs_nothing(report: Report, plain: str) -> None:
    assert report_html(report, "da", around=Surroundings()).decode() == plain


def test_the_packed_rows_are_those_that_are_left_out(plain: str, page: str) -> None:
    found = _PACKED.search(page)
    assert found is not None
    unpacked = zlib.decompress(base64.b64decode(found[1])).decode()
    rows = [row for row in unpacked.split("\n") if row]
    assert sorted([*_ROW.findall(page), *rows]) == sorted(_ROW.findall(plain))
    lists = [len(each.split("\n")) for each in unpacked.split("\n\n")]
    assert lists == [int(count) for count in re.findall(r'data-packed="(\d+)"', page)]


def test_every_change_is_there_once(
    opened: Callable[..., Opened], page: str, report: Report
) -> None:
    found = opened(page)
    found.until("Alle 400 ændringer vises")
    found.unfold()
    assert sorted(found.drawn()) == list(range(len(report.changes)))
    assert not any(note.is_visible() for note in found.page.locator("p.more").all())
    assert found.complaints == []
    assert found.asked == []


def test_the_rows_are_in_the_order_of_the_plain_page(
    opened: Callable[..., Opened], page: str, plain: str
) -> None:
    shown = []
    for written in (page, plain):
        found = opened(written)
        found.until("Alle")
        found.unfold()
        shown.append(found.drawn())
    assert shown[0] == shown[1]


@pytest.mark.parametrize("words", ["østergaard", "600000001200010", "skive", "findes ikke"])
def test_what_is_packed_is_found(
    opened: Callable[..., Opened], page: str, plain: str, words: str
) -> None:
    told = []
    for written in (page, plain):
        found = opened(written)
        found.until("Alle")
        found.page.fill("#search", words)
        found.until(" af ")
        told.append(found.told())
    assert told[0] == told[1]


def test_without_javascript_the_first_are_there_and_it_is_said_how_many_are_not(
    opened: Callable[..., Opened], page: str
) -> None:
    found = opened(page, java_script_enabled=False)
    for summary in found.page.locator("details.card summary").all():
        summary.click()
    tables = found.page.locator("table.rows").all()
    assert max(table.locator("tbody tr").count() for table in tables) == _EACH
    packed = [int(count) for count in re.findall(r'data-packed="(\d+)"', page)]
    notes = found.page.locator(".list + p.more, noscript + p.more").all_inner_texts()
    said = [int(match[1]) for note in notes if (match := re.match(r"(\d+) rækker mere", note))]
    assert said == [count for count in packed if count > 1]
    said_above = found.page.locator("header .alert.warning").first
    assert said_above.is_visible()
    assert "rapporten som CSV har dem alle" in said_above.inner_text()


def test_a_browser_that_cannot_unpack_says_so(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page, locale="da-DK")  # in a context of its own, for what is taken away there
    found.page.add_init_script("delete window.DecompressionStream")
    found.page.reload()
    found.until("kan ikke pakke de øvrige rækker ud")
    found.page.evaluate("document.querySelector('details.card').open = true")
    found.page.locator("details.card p.more").first.wait_for()
    assert found.page.locator("details.card").first.locator("tbody tr").count() == _EACH
