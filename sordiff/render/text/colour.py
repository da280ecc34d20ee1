"""What the screen takes: colours, where they are wanted, and lines as wide as it is."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

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


class Paint(NamedTuple):
    """Wraps text in the terminal's codes, or leaves it as it is; `width` is in characters."""

    wanted: bool
    width: int = 100

    def __call__(self, text: str, *styles: str) -> str:
        """The text in these styles."""
        if not self.wanted or not styles:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def joined(self, parts: Iterable[tuple[str, str]], indent: str) -> Iterator[str]:
        """(text, style) parts with dots between, on as many lines as the width asks for."""
        line, length = "", 0
        for text, style in parts:
            if line and length + len(text) + 3 > self.width:
                yield line
                line, length = "", 0
            lead = " · " if line else indent
            line += lead + self(text, style)
            length += len(lead) + len(text)
        if line:
            yield line
