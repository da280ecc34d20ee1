"""The frame of all pages, what they are filled with, and the files that they ask for."""

import functools
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup, escape
from msgspec import Struct

from sordiff.model import Kind
from sordiff.render.html_frame import build_environment, read_style
from sordiff.render.language import Catalogue
from sordiff.render.report.html import list_phrases
from sordiff.render.report.html.markup import line_markup
from sordiff.render.text.rich_text import Line

POLICY: Final = (
    "default-src 'none'; script-src 'self'{0}; style-src 'self'{1}; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The files that pages ask for, by their names, with their media types.
ASSETS: Final[Mapping[str, str]] = {
    "pages.css": "text/css; charset=utf-8",
    "pages.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_REPORT: Final = "sordiff.render.report.html"
_GLN_LENGTH: Final = 13
# An id or a number as markup has it: every text of the register is escaped, so that none of them
# can look like this.
_ID: Final = re.compile(r"<code>([0-9]{13,20})</code>")
_COMMAND: Final = re.compile(r"`([^`]+)`")
_LINKED: Final = re.compile(
    rb'<a href="/(?:units|location-numbers)/[0-9]{13,20}"><code>([0-9]{13,20})</code></a>'
)


class Visit(Struct, frozen=True, kw_only=True):
    """Who looks at which page: the words of the language, the path, and what is asked of it.

    `decides`: runs can be decided on this site; `signs_in`: one can sign in.
    """

    words: Catalogue
    path: str
    query: Mapping[str, str] = {}
    decides: bool = False
    signs_in: bool = False

    def link_language(self, language: str) -> str:
        """The same page in another language."""
        return build_address(self.path, {**self.query, "lang": language})


def render_page(template: str, visit: Visit, **values: Any) -> bytes:
    """A page, or a part of one, in the language of the visit."""
    return (
        build_environment(__package__, _REPORT)
        .get_template(template)
        .render(
            **list_phrases(visit.words),
            visit=visit,
            lang=visit.words.language,
            fill=visit.words.say,
            counted=visit.words.counted,
            line=_write_line,
            prose=_write_prose,
            link_unit=link_unit,
            link_number=link_number,
            link_night=link_night,
            link_decision=link_decision,
            link_tree=link_tree,
            link_search=link_search,
            owner_kind=Kind.OWNER,
            **values,
        )
        .encode(errors="replace")
    )


def build_address(path: str, query: Mapping[str, str]) -> str:
    """A path with what is asked of it."""
    return f"{path}?{urlencode(query)}" if query else path


def link_unit(sor_id: str) -> str:
    """The page of a unit."""
    return f"/units/{sor_id}"


def link_number(number: str) -> str:
    """The page of a location number."""
    return f"/location-numbers/{number}"


def link_night(run: int) -> str:
    """The page of a run."""
    return f"/nights/{run}"


def link_decision(run: int) -> str:
    """Where a run is decided."""
    return f"/nights/{run}/decide"


def link_tree(sor_id: str | None = None, skip: int = 0) -> str:
    """A level of the tree, from an entry on."""
    path = "/tree" if sor_id is None else f"/tree/{sor_id}"
    return build_address(path, {"skip": str(skip)} if skip else {})


def link_search(text: str) -> str:
    """What fits a text."""
    return build_address("/search", {"q": text})


def link_ids(markup: str) -> str:
    """Markup whose ids lead to the pages of units and, of 13 digits, of location numbers.

    A code can look like an id: `keep_links` takes the links away that lead nowhere.
    """
    return _ID.sub(_link_id, markup)


def list_linked(body: bytes) -> set[str]:
    """The digits that `link_ids` has linked in a page."""
    return {digits.decode() for digits in _LINKED.findall(body)}


def keep_links(body: bytes, known: AbstractSet[str]) -> bytes:
    """The page with those of these links that lead to something known."""
    return _LINKED.sub(
        lambda found: found[0] if found[1].decode() in known else b"<code>%b</code>" % found[1],
        body,
    )


@functools.cache
def read_asset(name: str) -> bytes:
    """One of ASSETS."""
    own = files(__package__).joinpath(name).read_bytes()
    return read_style().encode() + own if name == "pages.css" else own


def render_part(template: str, visit: Visit, **values: Any) -> Markup:
    """A part of a page that another template takes up as it is."""
    return Markup(render_page(template, visit, **values).decode())  # noqa: S704  # a template escaped all of it


def _link_id(found: re.Match[str]) -> str:
    link = link_number if len(found[1]) == _GLN_LENGTH else link_unit
    return f'<a href="{link(found[1])}">{found[0]}</a>'


def _write_line(line: Line) -> Markup:
    return Markup(link_ids(line_markup(line)))  # noqa: S704  # markup already


def _write_prose(text: str) -> Markup:
    """A sentence in which commands stand between backticks, as messages have them."""
    written = _COMMAND.sub(r'<code class="command">\1</code>', str(escape(text)))
    return Markup(written)  # noqa: S704  # escaped
