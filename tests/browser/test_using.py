"""The page used: leafed through, by keyboard, in the dark, on paper, at its largest and smallest."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from sordiff.model import Kind, SorId
from sordiff.render.report.html import report_html
from sordiff.report import UnitEntry
from tests.browser.making import april, make_report, renamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opened


@pytest.fixture(scope="module")
def page() -> str:
    return report_html(april(400), "da").decode()


def test_leafing(opened: Callable[..., Opened]) -> None:
    found = opened(report_html(april(3000), "en").decode())
    card = found.page.locator("details.card").first
    card.locator("summary").click()
    rows = card.locator("tbody tr")
    first = rows.first.get_attribute("data-k")
    assert rows.count() == 50
    card.locator("[data-step=next]").click()
    assert rows.first.get_attribute("data-k") != first
    assert "51–100 of " in card.locator(".pager").inner_text()
    assert found.page.evaluate("document.activeElement.dataset.step") == "next"
    card.locator("[data-step=previous]").click()
    assert rows.first.get_attribute("data-k") == first
    card.locator("[data-step=every]").click()
    assert rows.count() > 50


def test_by_keyboard_alone(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page)
    press = found.page.keyboard.press
    focused = "document.activeElement"
    press("Tab")
    assert found.page.evaluate(f"{focused}.className") == "skip"
    seen: Counter[str] = Counter()
    for _ in range(60):
        press("Tab")
        where = found.page.evaluate(f"{focused}.id || {focused}.tagName")
        seen[where] += 1
        if where == "SUMMARY":
            break
        assert found.page.evaluate(f"getComputedStyle({focused}).outlineStyle") != "none"
    assert {"theme", "search", "owner", "region", "SUMMARY"} <= seen.keys()
    press("Enter")
    card = found.page.locator("details.card").first
    assert card.get_attribute("open") is not None
    press("Tab")
    press("Enter")
    assert card.locator("thead th").first.get_attribute("aria-sort") == "ascending"
    assert found.page.evaluate(f"{focused}.className") == "sort"


@pytest.mark.parametrize("system", ["light", "dark"])
def test_light_and_dark(opened: Callable[..., Opened], page: str, system: str) -> None:
    found = opened(page, color_scheme=system)
    ground = "getComputedStyle(document.body).backgroundColor"
    before = found.page.evaluate(ground)
    pressed = found.page.locator("#theme").get_attribute("aria-pressed")
    assert pressed == str(system == "dark").lower()
    found.page.click("#theme")
    assert found.page.evaluate(ground) != before
    found.page.emulate_media(media="print")
    assert found.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_on_paper(opened: Callable[..., Opened]) -> None:
    """The list in full, as far as a person would read it, and nothing to click on."""
    found = opened(report_html(april(3000), "da").decode())
    found.page.emulate_media(media="print")
    found.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for hidden in ("#filter", "#theme", ".skip", ".ways"):
        assert not found.page.locator(hidden).is_visible()
    card = found.page.locator("details.card").first
    assert card.locator("tbody tr").count() == 0  # what is closed stays closed
    found.page.evaluate("dispatchEvent(new Event('afterprint'))")
    found.page.evaluate("document.querySelector('details.card').open = true")
    found.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = card.locator("tbody tr").count()
    assert rows > 50
    assert not card.locator(".pager button").count()
    pdf = found.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")


def test_sixty_thousand_changes_are_no_more_elements_than_a_few(
    opened: Callable[..., Opened],
) -> None:
    """What makes the page fast: benchmarks/page.py measures how fast it is."""
    report = april(60_000)
    written = report_html(report, "da")
    assert len(written) < 6_000_000
    found = opened(written.decode())
    found.until("Alle 60.000 ændringer vises")
    found.page.fill("#search", "østergaard skive")
    found.until(" af ")
    assert found.page.evaluate("document.querySelectorAll('*').length") < 12_000
    shown = sum(
        "østergaard" in name and "skive" in name
        for change in report.changes
        if change.unit
        for name in [(report.units[change.unit].name or "").casefold()]
    )
    assert found.told().startswith(f"{shown:,} af".replace(",", "."))


def test_one_change_is_not_many(opened: Callable[..., Opened]) -> None:
    unit = SorId("6001")
    entry = UnitEntry(name="Klinik", kind=Kind.INSTITUTION)
    found = opened(
        report_html(make_report([renamed(unit, "Før", "Klinik")], {unit: entry}), "da").decode()
    )
    assert found.told() == "Den ene ændring vises"
    assert found.complaints == []
