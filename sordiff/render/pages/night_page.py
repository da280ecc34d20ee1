"""The page of a night or of a comparison: the report's own page, within the site."""

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup
from msgspec import Struct

from sordiff.render.pages.site import Visit, link_ids, link_night, render_part
from sordiff.render.report.html import Surroundings, report_html
from sordiff.render.report.medium import PAGE
from sordiff.report import Report
from sordiff.report.page_results import NightNeighbours

# What opens a group holds nothing else that one could click.
_SUMMARY: Final = re.compile(r"(<summary>.*?</summary>)", re.DOTALL)
_HASHES: Final = re.compile(r"(script|style)-src '(sha256-[A-Za-z0-9+/=]+)'")


class NightPage(Struct, frozen=True, kw_only=True):
    """A page, with the hashes of what is inline in it, by `script` and `style`."""

    body: bytes
    hashes: Mapping[str, str]


def write_night_page(
    report: Report,
    visit: Visit,
    downloads: Mapping[str, str],
    neighbours: NightNeighbours | None = None,
) -> NightPage:
    """The report within the site; without neighbours it is a comparison of two days."""
    above = render_part(
        "above_report.html.jinja",
        visit,
        neighbours=neighbours,
        downloads=tuple(downloads.items()),
    )
    around = Surroundings(
        policy=Markup("; form-action 'self'; connect-src 'self'; img-src 'self'"),
        own=Markup(" 'self'"),
        head=render_part("head.html.jinja", visit),
        above=above,
        link_night=link_night,
    )
    page = report_html(report, visit.words.language, PAGE, around).decode()
    return NightPage(
        body=_link_outside_summaries(page).encode(errors="replace"),
        hashes={kind: f" '{found}'" for kind, found in _HASHES.findall(page)},
    )


def _link_outside_summaries(page: str) -> str:
    parts = _SUMMARY.split(page)
    return "".join(part if place % 2 else link_ids(part) for place, part in enumerate(parts))
