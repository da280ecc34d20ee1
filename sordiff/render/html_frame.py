"""What every page of sordiff has: escaping templates, and the hashes of its own policy."""

import base64
import functools
import hashlib
from importlib.resources import files
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from sordiff.visible import visible

_REPORT: Final = "sordiff.render.report.html"


@functools.cache
def build_environment(*packages: str) -> Environment:
    """The templates of packages; every text in them is escaped, and made harmless before."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, ".") for package in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        keep_trailing_newline=True,
    )


@functools.cache
def read_style() -> str:
    """The style sheet that every page begins with, dark colours in the two places they hold."""
    folder = files(_REPORT)
    dark = folder.joinpath("dark.css").read_text(encoding="utf-8").strip()
    return folder.joinpath("page.css").read_text(encoding="utf-8").replace("DARK", dark)


def compute_policy_hash(text: str) -> str:
    """The hash by which a page's own policy names a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _harmless(value: Any) -> Any:
    """What the template is about to escape; Markup has been through it already."""
    return visible(value) if type(value) is str else value
