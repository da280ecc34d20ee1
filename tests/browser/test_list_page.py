"""The page of a judged list: nothing serious by axe-core, nothing beside the page, nothing too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_access import faults
from tests.cli.calling import good
from tests.reconcile import judging as demo
from tests.reconcile.judging import record_demo

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.browser.conftest import Opened

TURNED = "<img src=x onerror=alert(1)>\u202e"
LIST = f"""Navn;SOR;GLN
Sygeplejeteam Nord;{demo.HOME_CARE};{demo.HOME_CARE_OLD}
{TURNED};{demo.REMOVED};
{"Ordmedmangebogstaver" * 20};;5790008712008
;{demo.CLOSING};
Medicinsk Afdeling;{demo.RENAMED};
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("nights")
    record_demo(folder)
    (folder / "list.csv").write_text(LIST, encoding="utf-8")
    return {
        language: good(folder, "reconcile", "list.csv", "--format", "html", "--lang", language)
        for language in ("da", "en")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_page_that_everybody_can_read(
    opened: Callable[..., Opened], pages: dict[str, str], scheme: str, width: int
) -> None:
    found = opened(pages["da"], color_scheme=scheme, viewport={"width": width, "height": 900})
    assert faults(found) == []
    assert found.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    background = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
    shades = [int(one) for one in background.removeprefix("rgb(").removesuffix(")").split(",")]
    assert (sum(shades) < 3 * 128) is (scheme == "dark")
    assert found.asked == []
    assert found.complaints == []


def test_what_is_gravest_comes_first_and_names_stand_beside_ids(
    opened: Callable[..., Opened], pages: dict[str, str]
) -> None:
    found = opened(pages["en"], java_script_enabled=False)
    assert found.page.locator("section").evaluate_all("all => all.map((one) => one.id)") == [
        "invalid",
        "removed",
        "number_moved",
        "closing",
        "renamed",
    ]
    moved = found.page.locator("#number_moved").inner_text()
    assert "now the number of Åhavn Kommune (610011000016005)" in moved
    # Of a number that the register never had only the list itself can say whose it is.
    assert "5790008712008 · Ordmedmangebogstaver" in found.page.locator("#invalid").inner_text()
    assert found.page.locator("img").count() == 0
