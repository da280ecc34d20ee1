"""A judged list as one self-contained page: no network, no script, every text escaped.

It is styled as the report is; the style is named by its hash in the page's own policy.
"""

import base64
import functools
import hashlib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sordiff.reconcile.verdict import Verdict
from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.outline import build_outline
from sordiff.visible import visible

_REPORT: Final = "sordiff.render.report.html"
_MILD: Final = {Verdict.CLOSING: "renamed", Verdict.RENAMED: "renamed", Verdict.CURRENT: "other"}


def print_list(edition: ListEdition) -> Iterable[bytes]:
    """The page in one piece."""
    style = _style()
    text = (
        _environment()
        .get_template("list.html.jinja")
        .render(
            outline=build_outline(edition),
            lang=edition.language.language,
            say=edition.language.text,
            colour_of=_colour_of,
            style=Markup(style),  # noqa: S704  # our own file
            style_hash=_hash(style),
        )
    )
    return [text.encode(errors="replace")]


def _colour_of(verdict: Verdict) -> str:
    return _MILD.get(verdict, "closed")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sordiff.render.reconcile.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        keep_trailing_newline=True,
    )


def _harmless(value: Any) -> Any:
    """What the template is about to escape; Markup has been through it already."""
    return visible(value) if type(value) is str else value


@functools.cache
def _style() -> str:
    report, own = files(_REPORT), files(__package__)
    css = report.joinpath("page.css").read_text(encoding="utf-8")
    dark = report.joinpath("dark.css").read_text(encoding="utf-8").strip()
    return css.replace("DARK", dark) + own.joinpath("list.css").read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
