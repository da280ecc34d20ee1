"""How the page is laid out: on a telephone, with a short history, under a filter that stays in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sordiff.render.report.html import report_html
from tests.browser.making import april

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.report import Report
    from tests.browser.conftest import Opened

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# All at once: a question to the browser for each of hundreds takes seconds.
_SIDES = """all => all.map((one) => {
  const box = one.getBoundingClientRect();
  return [box.left, box.right];
})"""


@pytest.fixture(scope="module")
def report() -> Report:
    return april(120)


def box(found: Opened, selector: str) -> dict[str, float]:
    bounds = found.page.locator(selector).first.bounding_box()
    assert bounds is not None
    return {side: float(bounds[side]) for side in ("x", "y", "width", "height")}


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_ninety_nights_fit_with_their_names_and_days(
    opened: Callable[..., Opened], report: Report, viewport: dict[str, int]
) -> None:
    found = opened(report_html(report, "da").decode(), viewport=viewport)
    frame = box(found, ".picture")
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= viewport["width"]
    assert found.page.evaluate("document.body.scrollWidth <= innerWidth")
    for selector in (".picture .name", ".picture .day", ".picture .now", ".picture .bar"):
        sides = found.page.locator(selector).evaluate_all(_SIDES)
        assert sides
        for left, right in sides:
            assert left >= frame["x"]
            assert right <= frame["x"] + frame["width"]
    days = found.page.locator(".picture .day").all_text_contents()
    assert (days[0], days[-1]) == ("25. jan.", "24. apr.")


def test_a_short_history_takes_no_more_room_than_it_needs(
    opened: Callable[..., Opened], report: Report
) -> None:
    short = replace(report, nights=report.nights[-3:])
    found = opened(report_html(short, "en").decode(), viewport=DESK)
    assert box(found, ".picture")["width"] < 400
    assert box(found, ".picture .bar")["width"] > 40
    assert found.page.locator(".picture .day").all_text_contents() == ["22 Apr", "23 Apr", "24 Apr"]


def test_the_filter_that_stays_in_view_is_low(
    opened: Callable[..., Opened], report: Report
) -> None:
    found = opened(report_html(report, "da").decode(), viewport=DESK)
    assert box(found, "#filter")["height"] < 125
    assert found.page.get_attribute("#owner", "placeholder") == "alle institutionsejere"
    last = found.page.locator(".chips button").last
    last.click()
    assert last.get_attribute("aria-pressed") == "true"


def test_a_telephone_names_owner_and_region(opened: Callable[..., Opened], report: Report) -> None:
    same = dict.fromkeys(report.regions, "Region Kattegat")
    owners = {
        sor_id: replace(unit, name="Region Kattegat") if unit.owner == sor_id else unit
        for sor_id, unit in report.units.items()
    }
    told = replace(report, regions=same, units=owners)
    found = opened(report_html(told, "da").decode(), viewport=PHONE)
    found.unfold()
    row = found.page.locator("table.rows tbody tr", has=found.page.locator("td.same")).first
    label = "element => getComputedStyle(element, '::before').content"
    assert row.locator("td").nth(1).evaluate(label) == '"Institutionsejer: "'
    assert not row.locator("td.same").is_visible()
    button = box(found, "#theme")
    assert button["height"] < 40


def test_a_closing_says_its_last_day_alone(opened: Callable[..., Opened], report: Report) -> None:
    found = opened(report_html(report, "en").decode(), viewport=DESK)
    found.unfold()
    closed = found.page.locator("table.rows", has_text="last valid day").first
    assert closed.is_visible()
    assert closed.locator("thead th").nth(3).is_visible()
    assert not closed.locator("thead th").nth(4).is_visible()


def test_that_a_night_is_held_comes_before_its_counts(
    opened: Callable[..., Opened], report: Report
) -> None:
    held = replace(report, headline=replace(report.headline, state="held"))
    found = opened(report_html(held, "da").decode(), viewport=DESK)
    banner = found.page.locator(".alert.held")
    assert banner.inner_text().startswith("TILBAGEHOLDT")
    assert box(found, ".alert.held")["y"] < box(found, ".counts")["y"]
