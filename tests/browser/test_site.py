"""The pages of the server in Chromium: on a telephone, in the dark, by keyboard, for a screen reader."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Opened
from tests.browser.test_access import faults
from tests.cli.calling import good
from tests.http.asking import serving
from tests.scenarios.telling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 900}
NURSES = "/units/610111000016006"
PAGES = (
    "/",
    "/nights/3",
    "/compare",
    "/compare?from=2024-03-04&to=2024-03-06&under=610011000016005",
    NURSES,
    "/location-numbers/5790008712023",
    "/search?q=aahavn",
    "/search",
    "/tree",
    "/tree/610011000016005",
    "/units/99",
)
# The others have the same colours.
IN_LIGHT = ("/", NURSES)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the nights of the demo."""
    folder = tmp_path_factory.mktemp("site")
    nights = sorted((ROOT / "fixtures" / "demo").glob("*.zip"))
    good(folder, "ingest", *nights, "--accept", "--reason", "the demo")
    with serving(Path(folder) / "sordiff.db") as client:
        yield str(client.base_url).rstrip("/")


@contextmanager
def visiting(browser: Browser, address: str, **context: Any) -> Iterator[Opened]:
    """A page of the server, in Danish unless told; with what it asks for and complains of."""
    with closing(browser.new_context(**{"locale": "da-DK", **context})) as opened:
        found = Opened(opened.new_page(), address)
        found.listen()
        found.page.goto(address)
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_everybody(browser: Browser, site: str, path: str) -> None:
    with visiting(browser, site + path, viewport=DESK) as found:
        if path in IN_LIGHT:
            assert faults(found) == []
        found.page.emulate_media(color_scheme="dark")
        found.page.set_viewport_size(PHONE)
        assert faults(found) == []
        width = "document.documentElement.scrollWidth"
        assert found.page.evaluate(width) <= PHONE["width"]
        assert all(asked.startswith(f"{site}/assets/") for asked in found.asked), found.asked
        wrong = [said for said in found.complaints if "404" not in said]
        assert wrong == []
        assert found.page.locator("h1").count() == 1
        found.page.emulate_media(media="print", color_scheme="light")
        assert not found.page.locator("nav.bar").is_visible()
        assert all(bar.is_visible() for bar in found.page.locator("svg .bar").all()[:3])


def test_a_unit_is_found_by_keyboard_alone(browser: Browser, site: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{site}/", viewport=DESK) as found:
        page = found.page
        field = page.get_by_role("combobox")
        field.focus()
        page.keyboard.insert_text("aahavn l")
        expect(page.get_by_role("option")).to_have_count(3, timeout=30_000)
        assert field.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_have_count(1)
        assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
        assert "Lægehuset Torvet" in chosen.inner_text()
        assert faults(found) == []
        page.keyboard.press("Escape")
        expect(page.locator(".found")).to_be_hidden()
        field.fill("lægehuset torv")
        expect(page.get_by_role("option")).to_have_count(1, timeout=30_000)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/units/620021000016005")
        assert page.locator("h1").inner_text() == "Lægehuset Torvet"
        assert found.complaints == []


def test_nothing_that_fits_is_said(browser: Browser, site: str) -> None:
    from playwright.sync_api import expect

    with visiting(browser, f"{site}/tree", viewport=DESK) as found:
        found.page.fill("#find", "nosuchplace")
        expect(found.page.locator(".found .none")).to_have_text("Intet passer.", timeout=30_000)
        assert found.page.get_attribute("#find", "aria-expanded") == "false"


def test_without_javascript_the_form_searches(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/", java_script_enabled=False) as found:
        assert not found.page.locator("#theme").is_visible()
        found.page.fill("#find", "19062")
        found.page.click("form.find button")
        found.page.click("ol.hits a")
        assert found.page.locator("h1").inner_text() == "Læge Karen Bjerregaard"
        assert found.page.locator("nav.path a").count() == 3


def test_the_picture_leads_to_a_night(browser: Browser, site: str) -> None:
    with visiting(browser, f"{site}/", viewport=DESK) as found:
        found.page.locator("svg a").nth(1).click()
        found.page.wait_for_url("**/nights/2")
        found.page.locator(".tools a[rel=next]").click()
        found.page.wait_for_url("**/nights/3")
        # The rows are drawn by the report's own script, and their ids lead on.
        found.unfold()
        link = found.page.locator("table.rows a[href^='/units/']").first
        address = link.get_attribute("href")
        link.click()
        found.page.wait_for_url(f"**{address}")


def test_dark_and_the_language_stay_from_page_to_page(browser: Browser, site: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with visiting(browser, site + NURSES, viewport=DESK, color_scheme="light") as found:
        light = found.page.evaluate(ground)
        found.page.click("#theme")
        dark = found.page.evaluate(ground)
        assert dark != light
        for path in ("/nights/3", "/"):
            found.page.goto(site + path)
            assert found.page.evaluate(ground) == dark
            assert found.page.get_attribute("#theme", "aria-pressed") == "true"
        found.page.click(".tongue")
        found.page.goto(site + NURSES)
        assert found.page.get_attribute("html", "lang") == "en"
