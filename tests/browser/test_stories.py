"""The pages of stories agree with their JSON: every count, every id, every change once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from sordiff.render.language import catalogue
from sordiff.report import Report
from tests.cli.calling import called, good
from tests.scenarios.telling import SCENARIOS, nights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Opened

STORIES = (
    "09-modern-texts",
    "12-number-moves-down",
    "15-clinics-of-the-regions",
    "17-branch-names",
    "19-duplicate-provider-numbers",
    "20-closings-ahead",
    "25-missing-nights",
    "29-number-reused",
)


@pytest.mark.parametrize("story", STORIES)
def test_the_page_tells_what_the_json_tells(
    opened: Callable[..., Opened], tmp_path: Path, story: str
) -> None:
    folder = SCENARIOS / story
    files = [folder / name for name in nights(folder)]
    good(tmp_path, "ingest", *files, "--accept", "--reason", "told as a story")
    asked = ("--since", "2000-01-01", "--unfolded")
    page = good(tmp_path, "report", "--format", "html", "--lang", "da", *asked)
    told = msgspec.json.decode(good(tmp_path, "report", "--format", "json", *asked), type=Report)
    found = opened(page)
    assert found.complaints == []
    assert found.asked == []
    found.unfold()
    assert sorted(found.drawn()) == list(range(len(told.changes)))
    chips = found.page.locator(".chips button").all_inner_texts()
    title = catalogue("da").title
    counts = {f"{title(name)} {count}" for name, count in told.headline.counts.items()}
    assert {" ".join(chip.split()[1:]) for chip in chips} == counts
    sizes = found.page.locator("#groups .size").all_inner_texts()
    assert [int(size) for size in sizes] == [group.count for group in told.groups]
    text = found.page.locator("main").inner_text()
    for change in told.changes:
        assert change.subject.rpartition("/")[2] in text
    for kind in told.quality.kinds:
        for finding in kind.new + kind.resolved:
            assert set(finding.units) <= {unit for unit in finding.units if unit in text}
    for day in told.calendar.days:
        assert found.page.locator(f"#calendar time[datetime='{day.day}']").count() == 1


def test_a_night_without_changes_is_a_page_too(
    opened: Callable[..., Opened], tmp_path: Path
) -> None:
    folder = SCENARIOS / "12-number-moves-down"
    good(tmp_path, "ingest", folder / nights(folder)[0])
    found = opened(good(tmp_path, "report", "--format", "html", "--lang", "en"))
    assert found.complaints == []
    assert "no changes" in found.page.locator(".counts").inner_text()
    found.page.click("#theme")
    assert found.page.locator("#theme").get_attribute("aria-pressed") == "true"


def test_a_limit_hides_rows_and_no_count(opened: Callable[..., Opened], tmp_path: Path) -> None:
    folder = SCENARIOS / "17-branch-names"
    good(tmp_path, "ingest", *(folder / name for name in nights(folder)))
    page = good(tmp_path, "report", "--format", "html", "--lang", "en", "--limit", "1")
    found = opened(page)
    found.unfold()
    assert found.page.locator("#groups .size").first.inner_text() == "7"
    assert "… and 6 more" in found.page.locator("#groups").inner_text()
    rows = len(found.drawn())
    assert rows < 15
    assert found.told() == f"{rows} of 15 changes shown"


def test_a_number_says_how_many_feel_it(opened: Callable[..., Opened], tmp_path: Path) -> None:
    folder = SCENARIOS / "14-number-goes-to-one-of-two"
    good(tmp_path, "ingest", *(folder / name for name in nights(folder)))
    page = good(tmp_path, "report", "--format", "html", "--lang", "en")
    told = msgspec.json.decode(good(tmp_path, "report", "--format", "json"), type=Report)
    rows = (
        opened(page).page.locator("#part-location_numbers").locator("xpath=..").locator("tbody tr")
    )
    number = rows.filter(has_text=told.numbers[0].number).first
    assert f"{told.numbers[0].felt_count} units have another" in number.inner_text()


def test_a_held_night_says_so_before_its_alarms(
    opened: Callable[..., Opened], tmp_path: Path
) -> None:
    folder = SCENARIOS / "10-private-actors"
    called(tmp_path, "ingest", *(folder / name for name in nights(folder)[:3]))
    page = good(tmp_path, "report", "--format", "html", "--lang", "en")
    told = opened(page).page.locator(".alert").all_inner_texts()
    assert told[0].startswith("HELD")
    assert len(told) == 4
    assert all(line.startswith("Alarm: ") for line in told[1:])
