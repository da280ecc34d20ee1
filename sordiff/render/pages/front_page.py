"""The front page before it is written: the last night in short, and what waits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sordiff.render.language import Catalogue
from sordiff.render.pages.site import Visit, render_page
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.html.page import build_page
from sordiff.render.report.medium import PAGE
from sordiff.render.report.phrases import alert_line
from sordiff.report.page_results import FrontPage

_OLD: Final = timedelta(hours=36)


def write_front(front: FrontPage, visit: Visit) -> bytes:
    """The front page."""
    words = visit.words
    last = front.last
    page = build_page(last, ChangeText(last, words), PAGE) if last is not None else None
    return render_page(
        "front.html.jinja",
        visit,
        front=front,
        page=page,
        picture=page.picture if page else None,
        alerts=[alert_line(raised.alert, words) for raised in front.alerts],
        notes=tuple(_notes(front, words)),
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
