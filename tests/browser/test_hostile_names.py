"""Names from outside are names on the page, whatever they would rather be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sordiff.model import Kind, SorId, State
from sordiff.render.report.html import ALONE, Surroundings, report_html
from sordiff.render.report.html.packed import Packing
from sordiff.report import UnitEntry
from sordiff.visible import visible
from tests.browser.making import change, make_report, renamed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opened

NAMES = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "</noscript><img src=x onerror=alert(3)>",
    "</title></style><svg onload=alert(4)>",
    '"><img src=x onerror=alert(5)>',
    "' onmouseover='alert(6)",
    "javascript:alert(7)",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    '=HYPERLINK("http://evil.example","klik")',
    "a | b `c` *d* [e](http://evil.example)",
    "\x9b31mrød\x1b[0m",
    'linje\n<tr data-k="0 0 0 0"><td>to',
    "afsnit\u2028og\u2029andet",
    "\u202eksiparp",
    "\u2067מרפאה\u2069 של דן",
    "<!-- -->",
    "&lt;b&gt; &amp; &#60;",
    "Ø" * 60,
    "ord" * 60,
)


PACKED = Surroundings(packing=Packing(above=0, plain=1))


@pytest.fixture(scope="module", params=[ALONE, PACKED], ids=["plain", "packed"])
def page(request: pytest.FixtureRequest) -> str:
    """Every name as a unit, an owner, an old and a new name, a region and a type."""
    units: dict[SorId, UnitEntry] = {}
    changes = []
    for number, name in enumerate(NAMES):
        owner, below = SorId(f"7{number:03}1"), SorId(f"7{number:03}2")
        units[owner] = UnitEntry(
            name=name,
            kind=Kind.OWNER,
            state=State.OPEN,
            owner=owner,
            region=f"r{number}",
            unit_type=f"t{number}",
        )
        units[below] = replace(units[owner], kind=Kind.INSTITUTION, parent=owner)
        changes += [
            renamed(below, "før", name),
            change("unit.shak_changed", owner, before=name, after=None),
        ]
    report = make_report(changes, units)
    numbered = list(enumerate(NAMES))
    report = replace(
        report,
        regions={f"r{number}": name for number, name in numbered},
        unit_types={f"t{number}": name for number, name in numbered},
        headline=replace(report.headline, warnings=NAMES, reason=NAMES[0], state="rejected"),
    )
    return report_html(report, "da", around=request.param).decode()


def test_they_do_nothing(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page)
    found.until("Alle")
    found.unfold()
    found.page.hover("h1")
    for name in NAMES:
        found.page.fill("#search", name)
        found.page.wait_for_timeout(20)
    found.page.fill("#search", "")
    found.page.wait_for_timeout(50)
    assert found.complaints == []
    assert found.asked == []
    assert found.page.locator("img, iframe, object, form:not(#filter)").count() == 0
    assert found.page.locator("script:not([type='text/plain'])").count() == 2


@pytest.mark.parametrize("live", [True, False])
def test_they_are_shown_as_they_are(opened: Callable[..., Opened], page: str, live: bool) -> None:
    found = opened(page, java_script_enabled=live)
    if live:
        found.until("Alle")
    for summary in found.page.locator("details.card summary").all():
        summary.click()
    texts = found.page.locator("tbody th b").all_text_contents()
    if not live and 'id="packed"' in page:
        assert 0 < len(texts) < len(NAMES)
        return
    for name in NAMES:
        assert visible(name) in texts
    assert len(texts) == 2 * len(NAMES)


def test_what_is_found_by_its_name(opened: Callable[..., Opened], page: str) -> None:
    found = opened(page)
    found.until("Alle")
    for name in ("<script>alert(1)", "&lt;b&gt;", '"><img', "' onmouseover="):
        found.page.fill("#search", name)
        found.until(" af ")
        found.page.wait_for_timeout(60)
        found.unfold()
        assert found.drawn(), name
        assert len(found.drawn()) < len(NAMES)


def test_what_runs_from_the_right_turns_nothing_else(
    opened: Callable[..., Opened], page: str
) -> None:
    found = opened(page)
    found.until("Alle")
    found.unfold()
    isolated = found.page.locator("tbody th b bdi", has_text="מרפאה").first
    assert isolated.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
    for mark in "\u202e\u2067\u2069\u2028\u2029\x9b\x1b":
        assert mark not in page


def test_long_names_stay_within_the_page(opened: Callable[..., Opened], page: str) -> None:
    for width in (390, 1280):
        found = opened(page, viewport={"width": width, "height": 900})
        found.unfold()
        assert found.page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
