"""What every page of sordiff has: escaping templates, and the hashes of its own policy."""

import base64
import functools
import hashlib
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from sordiff.visible import visible


@functools.cache
def build_environment(package: str) -> Environment:
    """The templates of a package; every text in them is escaped, and made harmless before."""
    return Environment(
        loader=PackageLoader(package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        keep_trailing_newline=True,
    )


def compute_policy_hash(text: str) -> str:
    """The hash by which a page's own policy names a script or a style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _harmless(value: Any) -> Any:
    """What the template is about to escape; Markup has been through it already."""
    return visible(value) if type(value) is str else value
