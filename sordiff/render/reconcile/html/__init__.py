"""A judged list as one self-contained page: no network, no script, every text escaped.

It is styled as the report is; the style is named by its hash in the page's own policy.
"""

import functools
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from sordiff.reconcile.verdict import Verdict
from sordiff.render.html_frame import build_environment, compute_policy_hash, read_style
from sordiff.render.reconcile.edition import ListEdition
from sordiff.render.reconcile.outline import build_outline

_MILD: Final = {Verdict.CLOSING: "renamed", Verdict.RENAMED: "renamed", Verdict.CURRENT: "other"}


def print_list(edition: ListEdition) -> Iterable[bytes]:
    """The page in one piece."""
    style = _style()
    text = (
        build_environment("sordiff.render.reconcile.html")
        .get_template("list.html.jinja")
        .render(
            outline=build_outline(edition),
            lang=edition.language.language,
            say=edition.language.text,
            colour_of=_colour_of,
            style=Markup(style),  # noqa: S704  # our own file
            style_hash=compute_policy_hash(style),
        )
    )
    return [text.encode(errors="replace")]


def _colour_of(verdict: Verdict) -> str:
    return _MILD.get(verdict, "closed")


@functools.cache
def _style() -> str:
    return read_style() + files(__package__).joinpath("list.css").read_text(encoding="utf-8")
