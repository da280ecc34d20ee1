"""The report as one self-contained page: no network, readable without JavaScript.

Every text passes through the template's escaping. What runs and what styles the page is named by
its hash in the page's own policy, so that a text that became markup by some fault could still do
nothing.
"""

import functools
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any, Final

from markupsafe import Markup
from msgspec import Struct

from sordiff.render.html_frame import build_environment, compute_policy_hash, read_style
from sordiff.render.language import Catalogue, catalogue
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
from sordiff.render.report.html.packed import PACKING, Packing, pack_rows
from sordiff.render.report.html.page import build_page
from sordiff.render.report.html.words import script_words
from sordiff.render.report.medium import PAGE, Medium
from sordiff.report import Report


def print_report(edition: Edition) -> Iterable[bytes]:
    """The page in one piece."""
    language, medium = edition.language.language, edition.fit(PAGE)
    return [report_html(edition.report, language, medium, may_fork=edition.may_fork)]


class Surroundings(Struct, frozen=True, kw_only=True):
    """What a site puts around a report: into its head, above it, and its links to nights.

    `own`: where scripts and styles may come from beside the page itself. `packing`: when the rows
    of a page are packed; a site sends its answers compressed. Without any of the others the page
    stands alone: it asks for nothing and leads nowhere.
    """

    policy: Markup = Markup("; form-action 'none'")
    own: Markup = Markup()
    head: Markup = Markup()
    above: Markup = Markup()
    link_night: Callable[[int], str] | None = None
    packing: Packing | None = None


ALONE: Final = Surroundings(packing=PACKING)


def report_html(
    report: Report,
    language: str,
    medium: Medium = PAGE,
    around: Surroundings = ALONE,
    *,
    may_fork: bool = False,
) -> bytes:
    """The whole page in one of the languages; `may_fork`: of many rows a worker writes a half."""
    words = catalogue(language)
    text = ChangeText(report, words)
    page = build_page(report, text, medium, around.packing, may_fork=may_fork)
    style, script = read_style(), _read_script()
    last = "night" if len(report.headline.runs) > 1 else "day"
    written = (
        build_environment("sordiff.render.report.html")
        .get_template("page.html.jinja")
        .render(
            page=page,
            around=around,
            link_night=around.link_night,
            lang=language,
            columns=("unit", "change", "owner", "region", last),
            line=line_markup,
            counted=words.counted,
            rows_markup=rows_markup,
            packed=Markup(pack_rows(page.packed)) if page.packed else "",  # noqa: S704  # base64
            **list_phrases(words),
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
    return written.encode()


def list_phrases(words: Catalogue) -> dict[str, Any]:
    """How templates say things, the picture of the nights among them."""
    return {
        "say": words.text,
        "number": words.number,
        "day": words.day,
        "month": words.month,
        "describe_night": functools.partial(describe_night, words=words),
        "describe_state": functools.partial(describe_state, words=words),
        "part_name": functools.partial(part_name, words=words),
        "short_day": functools.partial(short_day, words=words),
        "describe_picture": functools.partial(describe_picture, words=words),
    }


@functools.cache
def _read_script() -> str:
    return files(__package__).joinpath("page.js").read_text(encoding="utf-8")
