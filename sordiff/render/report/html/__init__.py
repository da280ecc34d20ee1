"""The report as one self-contained page: no network, readable without JavaScript.

Every text passes through the template's escaping. What runs and what styles the page is named by
its hash in the page's own policy, so that a text that became markup by some fault could still do
nothing.
"""

import functools
from collections.abc import Iterable
from importlib.resources import files

from markupsafe import Markup

from sordiff.render.html_frame import build_environment, compute_policy_hash
from sordiff.render.language import catalogue
from sordiff.render.report.change_text import ChangeText
from sordiff.render.report.edition import Edition
from sordiff.render.report.html.markup import line_markup, rows_markup
from sordiff.render.report.html.nights import (
    describe_night,
    describe_picture,
    describe_state,
    part_name,
    short_day,
)
from sordiff.render.report.html.page import build_page
from sordiff.render.report.html.words import script_words
from sordiff.render.report.medium import PAGE, Medium
from sordiff.report import Report


def print_report(edition: Edition) -> Iterable[bytes]:
    """The page in one piece."""
    return [report_html(edition.report, edition.language.language, edition.fit(PAGE))]


def report_html(report: Report, language: str, medium: Medium = PAGE) -> bytes:
    """The whole page in one of the languages."""
    words = catalogue(language)
    page = build_page(report, ChangeText(report, words), medium)
    style, script = _style(), _asset("page.js")
    last = "night" if len(report.headline.runs) > 1 else "day"
    text = (
        build_environment("sordiff.render.report.html")
        .get_template("page.html.jinja")
        .render(
            page=page,
            lang=language,
            columns=("unit", "change", "owner", "region", last),
            line=line_markup,
            rows_markup=rows_markup,
            say=words.text,
            number=words.number,
            day=words.day,
            month=words.month,
            describe_night=functools.partial(describe_night, words=words),
            describe_state=functools.partial(describe_state, words=words),
            part_name=functools.partial(part_name, words=words),
            short_day=functools.partial(short_day, words=words),
            describe_picture=functools.partial(describe_picture, words=words),
            style=Markup(style),  # noqa: S704  # our own file
            script=Markup(script),  # noqa: S704  # our own file
            style_hash=compute_policy_hash(style),
            script_hash=compute_policy_hash(script),
            facts={
                "words": script_words(words),
                "owners": page.filters.owners,
                "total": sum(report.headline.counts.values()),
            },
        )
    )
    return text.encode()


@functools.cache
def _asset(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _style() -> str:
    """The style sheet, with the dark colours in the two places where they hold."""
    return _asset("page.css").replace("DARK", _asset("dark.css").strip())
