"""What the script of the page says."""

from typing import Final

from sordiff.render.language import Catalogue

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
    "unpacking",
    "unpacked.not",
)


def script_words(catalogue: Catalogue) -> dict[str, str]:
    """What the script says, by its own names."""
    return {name: catalogue.text(f"page.{name}") for name in _OF_THE_SCRIPT}
