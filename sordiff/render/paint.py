"""Colours, where they are wanted."""

from typing import Final

from msgspec import Struct

_CODES: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


class Paint(Struct, frozen=True):
    """Wraps text in the terminal's codes, or leaves it as it is."""

    wanted: bool

    def __call__(self, text: str, *styles: str) -> str:
        """The text in these styles."""
        if not self.wanted or not styles:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"
