"""The picture of the last nights: all of them on any width, by the names and counts of the head."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from sordiff.model import Day
from sordiff.render.language import LANGUAGES, Catalogue
from sordiff.render.report.headline import counted_parts
from sordiff.render.report.html.night_chart import picture
from sordiff.render.report.last_nights import last_nights
from sordiff.render.report.markdown import report_markdown
from sordiff.render.report.night_chart_text import night_lines
from sordiff.render.text.colour import Paint
from sordiff.report import Night
from tests.browser.making import DAY, ninety_nights
from tests.report.changes import empty_report

if TYPE_CHECKING:
    from sordiff.report import Report

BARS = "▁▂▃▄▅▆▇█·"


def ninety() -> Report:
    """The newest night is the one of the report; the largest of all is the very first."""
    nights = list(ninety_nights(random.Random(1)))
    first, last = nights[0], nights[-1]
    nights[0] = replace(first, counts={**first.counts, "unit.closed": 999})
    report = empty_report(nights=tuple(nights))
    return replace(report, headline=replace(report.headline, until=last.day))


def drawn(report: Report, width: int, language: str = "da") -> list[str]:
    return list(
        night_lines(last_nights(report), Catalogue(language), Paint(wanted=False, width=width))
    )


def bars(lines: list[str]) -> set[str]:
    return {
        word for line in lines for word in line.split() if set(word) <= set(BARS) and word != "·"
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("width", "columns", "fold"),
    [(40, 30, 3), (60, 45, 2), (80, 45, 2), (100, 45, 2), (200, 90, 1)],
)
def test_all_ninety_nights_are_drawn_on_any_width(
    language: str, width: int, columns: int, fold: int
) -> None:
    lines = drawn(ninety(), width, language)
    assert {len(row) for row in bars(lines)} == {columns}
    assert all(len(line) <= width for line in lines)
    said = Catalogue(language).say("nights.folded", count=str(fold))
    assert (said in " ".join(" ".join(lines).split())) == (fold > 1)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_scale_is_that_of_all_nights(width: int) -> None:
    text = "\n".join(drawn(ninety(), width))
    assert "maks. 999" in text
    row = next(row for row in bars(text.splitlines()) if row.startswith("█") and "▁▁" in row)
    assert row.count("█") == 1


def test_a_mail_has_the_picture_too() -> None:
    lines = list(report_markdown(ninety(), Catalogue("da")))
    begin = lines.index("```text")
    assert lines[begin - 2] == "## De seneste 90 nætter"
    inside = lines[begin + 1 : lines.index("```", begin + 1)]
    assert inside == drawn(ninety(), 76)
    assert {len(row) for row in bars(inside)} == {45}


def night(run: int, day: str, state: str, **counts: int) -> Night:
    return Night(
        run=run,
        day=Day(day),
        kind="night",
        state=state,
        units=1,
        nights_missing=0,
        counts={name.replace("__", "."): count for name, count in counts.items()},
        held=state != "accepted",
        unusual=False,
    )


COUNTS = {
    "unit__created": 3,
    "unit__opened": 1,
    "unit__closed": 3,
    "unit__removed": 1,
    "unit__type_changed": 1,
    "unit__details_changed": 8,
    "unit__closure_scheduled": 2,
}


def test_the_rows_of_the_page_are_the_counts_of_the_head() -> None:
    report = empty_report(nights=(night(90, DAY, "accepted", **COUNTS),))
    counts = {name.replace("__", "."): count for name, count in COUNTS.items()}
    headline = replace(report.headline, counts=counts)
    rows = {row.key: row.total for row in picture(last_nights(report)).rows}
    assert rows == {part.key: count for part, count in counted_parts(headline)}


def test_what_is_held_is_drawn_and_not_summed() -> None:
    """Three versions of one import were held; the last was released, and the others superseded."""
    nights = (
        night(1, "2018-04-22", "accepted", unit__created=4),
        night(2, "2018-04-23", "superseded", unit__created=1500),
        night(3, "2018-04-23", "superseded", unit__created=2200),
        night(4, DAY, "held", unit__created=2196),
    )
    found = picture(last_nights(empty_report(nights=nights)))
    (row,) = found.rows
    assert row.total == 4
    assert [bar.counted for bar in row.bars] == [True, False, False, False]
    assert found.is_waiting
    third = 100 / 3
    assert [(c.x, c.width) for c in found.columns] == [
        (0, round(third, 3)),
        (round(third, 3), round(third / 2, 3)),
        (round(third * 1.5, 3), round(third / 2, 3)),
        (round(2 * third, 3), round(third, 3)),
    ]


def test_a_run_for_a_later_day_has_no_place_in_the_picture() -> None:
    nights = (night(1, "2018-04-30", "superseded", unit__created=1), night(2, DAY, "accepted"))
    found = picture(last_nights(empty_report(nights=nights)))
    assert [column.night.run for column in found.columns] == [2]
    assert drawn(empty_report(nights=nights), 80) == []


@pytest.mark.parametrize(("days", "ticks"), [(3, 3), (20, 2), (90, 4)])
def test_the_days_stand_below(days: int, ticks: int) -> None:
    report = ninety()
    few = replace(report, nights=report.nights[-days:])
    found = picture(last_nights(few)).ticks
    assert len(found) == ticks
    assert found[-1].day == few.headline.until
