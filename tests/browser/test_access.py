"""axe-core finds nothing serious, in light and dark, wide and narrow, with groups open."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from sordiff.render.report.html import report_html
from tests.browser.making import april

if TYPE_CHECKING:
    from collections.abc import Callable

    from sordiff.report import Report
    from tests.browser.conftest import Opened

GRAVE = {"serious", "critical"}


def faults(found: Opened) -> list[str]:
    """What axe-core finds, the worst only."""
    if not found.page.evaluate("'axe' in window"):
        # Evaluated by the debugger, which the policy of the page does not bind.
        script = files("axe_playwright_python").joinpath("axe.min.js")
        found.page.evaluate(script.read_text("utf-8"))
    # What it finds in order is thousands of nodes, which nobody reads.
    said: dict[str, Any] = found.page.evaluate(
        "axe.run({resultTypes: ['violations']}).then(({violations}) => ({violations}))"
    )
    return [
        f"{fault['impact']}: {fault['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for fault in said["violations"]
        if fault["impact"] in GRAVE
        for node in fault["nodes"][:3]
    ]


def short_april() -> Report:
    """With the last ten nights and those that are odd: the others look alike, and axe-core looks at each of their cells."""
    whole = april(60)
    recent = {night.run for night in whole.nights[-10:]}
    kept = [night for night in whole.nights if night.unusual or night.run in recent]
    return replace(whole, nights=tuple(kept))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_serious(opened: Callable[..., Opened], scheme: str, width: int) -> None:
    found = opened(
        report_html(short_april(), "da").decode(),
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    assert faults(found) == []
    found.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    found.page.click("[data-kind='0']")
    found.page.locator("thead button").first.click(force=True)
    assert faults(found) == []


def test_without_javascript_too(opened: Callable[..., Opened]) -> None:
    found = opened(report_html(april(400), "en").decode(), java_script_enabled=False)
    assert found.page.locator("main").count() == 1
    assert found.page.locator("h1").count() == 1
    assert found.page.locator("html").get_attribute("lang") == "en"
    for summary in found.page.locator("details.card summary").all()[:3]:
        summary.click()
    assert found.page.locator("table.rows caption").first.inner_text()


def test_the_eye_can_be_wrong_and_the_ear_is_told(opened: Callable[..., Opened]) -> None:
    """The picture has a title, a description and a table with the same figures."""
    found = opened(report_html(april(400), "da").decode())
    picture = found.page.locator("svg[role=img]")
    names = (picture.get_attribute("aria-labelledby") or "").split()
    said = [found.page.locator(f"#{name}").text_content() or "" for name in names]
    assert said[0] == "De seneste 90 nætter"
    assert "Oprettet: 21." in said[1]
    assert "1 tilbageholdt" in said[1]
    table = found.page.locator("details.plain table")
    assert table.locator("tbody tr").count() == 90
    assert "21.043" in (table.text_content() or "")
    assert found.page.locator("#shown").get_attribute("aria-live") == "polite"
