"""The front page before it is written: the last night in short, and what waits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from msgspec import Struct

from sordiff.render.language import Catalogue
from sordiff.render.pages.site import Visit, render_page
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.html.night_chart import picture
from sordiff.render.report.medium import PAGE
from sordiff.render.report.outline import build_outline
from sordiff.render.report.outline_blocks import GroupsBlock, HeadingBlock, NightsBlock
from sordiff.render.report.phrases import alert_line
from sordiff.report import Report
from sordiff.report.page_results import FrontPage

_OLD: Final = timedelta(hours=36)


class Summary(Struct, frozen=True, kw_only=True):
    """Of a report what the front page shows; no row of a change is made for it."""

    heading: HeadingBlock
    groups: GroupsBlock | None
    nights: NightsBlock | None


def write_front(front: FrontPage, visit: Visit) -> bytes:
    """The front page."""
    words = visit.words
    shown = None if front.last is None else _summarise(front.last, words)
    return render_page(
        "front.html.jinja",
        visit,
        front=front,
        page=shown,
        picture=picture(shown.nights.last) if shown and shown.nights else None,
        alerts=[
            (raised.alert.severity, alert_line(raised.alert, words)) for raised in front.alerts
        ],
        notes=tuple(_notes(front, words)),
    )


def _summarise(report: Report, words: Catalogue) -> Summary:
    blocks = list(build_outline(report, ChangeText(report, words), PAGE))
    return Summary(
        heading=next(block for block in blocks if isinstance(block, HeadingBlock)),
        groups=next((block for block in blocks if isinstance(block, GroupsBlock)), None),
        nights=next((block for block in blocks if isinstance(block, NightsBlock)), None),
    )


def _notes(front: FrontPage, words: Catalogue) -> Iterator[str]:
    age = front.status.snapshot_age_hours
    if age is not None and timedelta(hours=age) > _OLD:
        days = int(age // 24)
        told = (
            words.counted("status.days", days)
            if days > 1
            else words.counted("status.hours", int(age))
        )
        yield words.say("site.front.old", age=told)
