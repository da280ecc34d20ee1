"""The page in a real browser: what it asks for, what it shows, what one can do with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from sordiff.model import SorId
from sordiff.render.report.html import report_html
from tests.browser.making import april

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.report import Change, Report
    from tests.browser.conftest import Opened


@pytest.fixture(scope="module")
def report() -> Report:
    return april(400)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return report_html(report, "da").decode()


def of_type(report: Report, name: str) -> set[int]:
    return {place for place, change in enumerate(report.changes) if change.type == name}


def owner(report: Report, change: Change) -> str:
    found = report.units[SorId(change.unit or "")].owner
    return (report.units[found].name if found else None) or ""


def region(report: Report, change: Change) -> str:
    return report.regions[report.units[change.unit].region or ""] if change.unit else ""


def test_it_asks_for_nothing_and_complains_of_nothing(
    opened: Callable[..., Opened], page: str
) -> None:
    found = opened(page)
    found.unfold()
    found.page.fill("#search", "skive")
    found.page.wait_for_timeout(200)
    assert found.asked == []
    assert found.complaints == []


def test_its_policy_lets_nothing_else_run(opened: Callable[..., Opened], page: str) -> None:
    """Were there a fault in the escaping, what came in would still be dead."""
    evil = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
    found = opened(page.replace('<p class="facts">', f'<p class="facts">{evil}'))
    assert found.page.title() != "owned"
    assert len(found.complaints) >= 2
    assert found.page.locator("#shown").inner_text()  # its own script does run


def test_every_change_is_there_once(
    opened: Callable[..., Opened], page: str, report: Report
) -> None:
    found = opened(page)
    found.unfold()
    assert sorted(found.drawn()) == list(range(len(report.changes)))


def test_without_javascript_every_change_is_there_too(
    opened: Callable[..., Opened], page: str, report: Report
) -> None:
    found = opened(page, java_script_enabled=False)
    for summary in found.page.locator("details.card summary").all():
        summary.click()
    text = found.page.locator("body").inner_text()
    rows = found.page.locator("table.rows tbody tr")
    assert rows.count() == len(report.changes)
    assert rows.last.is_visible()
    for change in report.changes:
        assert change.subject in text
    assert not found.page.locator("#filter").is_visible()
    assert not found.page.locator("#theme").is_visible()


def test_the_counts_are_those_of_the_report(
    opened: Callable[..., Opened], page: str, report: Report
) -> None:
    chips = opened(page).page.locator(".chips button")
    said = [re.search(r"(\d+)\s*$", text) for text in chips.all_inner_texts()]
    kinds = [int(chip.get_attribute("data-kind") or "") for chip in chips.all()]
    told = {kind: int(found[1]) for kind, found in zip(kinds, said, strict=True) if found}
    assert told == dict(enumerate(report.headline.counts.values()))
    assert list(report.headline.counts)[kinds[0]] == "unit.closed"


def test_by_type(opened: Callable[..., Opened], page: str, report: Report) -> None:
    found = opened(page)
    names = list(report.headline.counts)
    closed, moved = names.index("unit.closed"), names.index("unit.moved")
    found.page.click(f"[data-kind='{closed}']")
    found.unfold()
    assert set(found.drawn()) == of_type(report, "unit.closed")
    found.page.click(f"[data-kind='{moved}']")
    found.unfold()
    both = of_type(report, "unit.closed") | of_type(report, "unit.moved")
    assert set(found.drawn()) == both
    assert found.told() == f"{len(both)} af 400 ændringer vises"


def test_by_region(opened: Callable[..., Opened], page: str, report: Report) -> None:
    found = opened(page)
    found.page.select_option("#region", label="Region Syddanmark")
    found.until(" af ")
    found.unfold()
    wanted = {
        place
        for place, change in enumerate(report.changes)
        if region(report, change) == "Region Syddanmark"
    }
    assert wanted
    assert set(found.drawn()) == wanted


def test_by_owner(opened: Callable[..., Opened], page: str, report: Report) -> None:
    found = opened(page)
    name = owner(report, report.changes[0])
    found.page.fill("#owner", name.upper())
    found.until(" af ")
    found.unfold()
    wanted = {p for p, change in enumerate(report.changes) if owner(report, change) == name}
    assert len(wanted) >= 2
    assert set(found.drawn()) == wanted


def test_by_words_and_numbers(opened: Callable[..., Opened], page: str, report: Report) -> None:
    found = opened(page)
    change = report.changes[-1]
    found.page.fill("#search", change.subject)
    found.until(" af ")
    assert len(report.changes) - 1 in found.drawn()
    wanted = {
        place
        for place, one in enumerate(report.changes)
        if one.unit and "ågesen" in (report.units[one.unit].name or "").casefold()
    }
    found.page.fill("#search", "ÅGESEN")
    found.until(f"{len(wanted)} af ")
    found.unfold()
    assert set(found.drawn()) == wanted
    found.page.click("#clear")
    found.until("Alle")
    assert found.page.evaluate("document.activeElement.id") == "search"


def test_nothing_found_is_said(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page)
    found.page.fill("#search", "no such word")
    found.page.locator("#nothing").wait_for(state="visible")
    assert found.told() == "0 af 400 ændringer vises"
    assert found.drawn() == []


def test_sorted_by_any_column(opened: Callable[..., Opened], page: str, report: Report) -> None:
    found = opened(page)
    card = found.page.locator("details.card").first
    card.locator("summary").click()
    names = card.locator("tbody th b")
    card.locator("thead button").first.click()
    up = names.all_inner_texts()
    assert card.locator("thead th").first.get_attribute("aria-sort") == "ascending"
    card.locator("thead button").first.click()
    down = names.all_inner_texts()
    assert card.locator("thead th").first.get_attribute("aria-sort") == "descending"
    order = found.page.evaluate(
        "names => [...names].sort(new Intl.Collator('da', {numeric: true, sensitivity: 'base'}).compare)",
        up,
    )
    assert up == order
    assert up != down
    group = report.groups[0]
    everything = sorted(
        report.units[report.changes[p].unit or SorId("")].name or "" for p in group.members
    )
    assert set(up) <= set(everything)
    days = card.locator("tbody time")
    card.locator("thead button").last.click()
    assert [d.get_attribute("datetime") for d in days.all()] == sorted(
        d.get_attribute("datetime") or "" for d in days.all()
    )


def test_danish_letters_come_last(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page)
    card = found.page.locator("details.card").first
    card.locator("summary").click()
    card.locator("thead button").first.click()
    while card.locator("[data-step=next][aria-disabled=false]").count():
        card.locator("[data-step=next]").click()
    assert card.locator("tbody th b").last.inner_text()[0] in "ØÅ" or "Klinikken Å" in (
        card.locator("tbody th b").last.inner_text()
    )


def test_a_card_keeps_no_example_that_the_filter_leaves_out(
    opened: Callable[..., Opened],
) -> None:
    from playwright.sync_api import expect

    found = opened(report_html(april(600), "en").decode())
    card = found.page.locator("details.card").first
    examples = card.locator(".example:visible")
    assert examples.count() == 3
    name = card.locator(".example").nth(1).inner_text().partition(" · ")[0]
    found.page.fill("#search", name)
    hidden = found.page.locator(".example[hidden]")
    expect(hidden).not_to_have_count(0, timeout=10_000)
    assert all(name in said for said in examples.all_inner_texts())
    found.page.click("#clear")
    expect(hidden).to_have_count(0, timeout=10_000)
    assert examples.count() == 3
