"""Lines of pieces as paragraphs on a screen: wrapped, indented, and in colours."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sordiff.render.text.colour import Paint
from sordiff.render.text.rich_text import ARROW, Line, Piece, words
from sordiff.render.text.wrap import Word, filled_lines, split_words
from sordiff.visible import visible

_STYLES: Final = {"del": ("red",), "ins": ("green",), "code": ("dim",)}
_MARKS: Final = frozenset({"del", "ins"})
_PARTS: Final = re.compile(r"\S+|\s+")


class Paragraphs:
    """Writes paragraphs as wide as the screen; what is empty takes no line."""

    def __init__(self, paint: Paint) -> None:
        self._paint = paint

    def part(self, title: str, beside: str = "") -> Iterator[str]:
        """A free line, and the title of what follows."""
        yield ""
        yield from self.title(title, beside)

    def title(self, text: str, beside: str = "") -> Iterator[str]:
        """A title, and what stands dim beside it."""
        bold = [(self._paint(word, "bold"), gap) for word, gap in split_words(text)]
        more = [(self._paint(word, "dim"), gap) for word, gap in split_words(beside)]
        if more:
            bold[-1] = (bold[-1][0], " ")
        yield from filled_lines([*bold, *more], self._paint.width, "", "  ")

    def dim(self, note: Line | str, indent: str) -> Iterator[str]:
        """A note, where there is one."""
        line = words(note) if isinstance(note, str) else note
        if line:
            yield from self.wrapped(line, indent, style="dim")

    def wrapped(self, line: Line, indent: str, *, lead: str = "", style: str = "") -> Iterator[str]:
        """A line of pieces behind its lead, wrapped as the width asks for."""
        hanging = f"{indent}    " if lead else f"{indent}  "
        painted = self._words(line, style)
        yield from filled_lines(painted, self._paint.width, f"{indent}{lead}", hanging)

    def _words(self, pieces: Iterable[Piece], style: str) -> Iterator[Word]:
        """The painted words, each up to the next white space, over the bounds of pieces."""
        word = ""
        for piece in pieces:
            styles = _STYLES.get(piece.element) or ((style,) if style else ())
            for part in self._parts(piece):
                if not part.isspace():
                    word += self._paint(part, *styles)
                elif word:
                    yield word, part
                    word = ""
        if word:
            yield word, ""

    @staticmethod
    def _parts(piece: Piece) -> list[str]:
        """Its words and the white space between them; what is to be copied stays on one line."""
        text = visible(piece.text)
        return [text] if piece.element == "code" else _PARTS.findall(text)


def as_old_and_new(line: Line) -> Line:
    """A line with marked words as the text before and after: a screen strikes nothing through."""
    if not any(piece.element in _MARKS for piece in line):
        return line
    old = tuple(piece for piece in line if piece.element != "ins")
    new = tuple(piece for piece in line if piece.element != "del")
    return (*(old or words("–")), ARROW, *(new or words("–")))


def encoded_lines(lines: Iterable[str]) -> Iterator[bytes]:
    """Each line in UTF-8, with its end."""
    return (f"{line}\n".encode("utf-8", errors="replace") for line in lines)
