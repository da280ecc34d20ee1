"""The words of the page: those of every report, and some that only a page needs."""

import functools
import json
from importlib.resources import files
from typing import Final

from sordiff.render.language import Catalogue

# What the script of the page says.
_OF_THE_SCRIPT: Final = (
    "shown",
    "all",
    "one",
    "of",
    "range",
    "previous",
    "next",
    "every",
    "fewer",
    "pages",
    "printed",
)


@functools.cache
def page_catalogue(language: str) -> Catalogue:
    """The catalogue of da or en with what the page says beside."""
    entry = files(__package__).joinpath(f"{language}.json")
    return Catalogue(language, also=json.loads(entry.read_text(encoding="utf-8")))


def script_words(catalogue: Catalogue) -> dict[str, str]:
    """What the script says, by its own names."""
    return {name: catalogue.text(f"page.{name}") for name in _OF_THE_SCRIPT}
