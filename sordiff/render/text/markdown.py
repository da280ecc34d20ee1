"""Text as Markdown that means itself: escaped where it would be markup, and only there."""

import re
from typing import Final

from sordiff.render.text.rich_text import Line, Piece
from sordiff.visible import visible

# These begin or end something wherever they stand.
_ALWAYS: Final = r"[\\`*\[\]|$^]"
# Inside a word an underscore is one; before a figure, behind white space, a tilde closes nothing.
_UNDERSCORE: Final = r"(?<![^\W_])_|_(?![^\W_])"
_TILDE: Final = r"(?<!\s)~|~(?!\d)"
_MARKUP: Final = re.compile(f"({_ALWAYS}|{_UNDERSCORE}|{_TILDE})")
# What would begin a heading, a list or a line across where a block begins.
_HEADING: Final = re.compile(r"\s*(#{1,6})(?=\s|$)")
_BULLET: Final = re.compile(r"\s*([+-])(?=\s|$)")
_NUMBERED: Final = re.compile(r"\s*(\d{1,9})(?=[.)](?:\s|$))")
_LINE: Final = re.compile(r"\s*([-=])(?=[-=\s]*$)")
# Ids, codes and commands: nothing in them ends a span of code.
_PLAIN_CODE: Final = re.compile(r"[\w./-](?:[\w./ …-]*[\w./…-])?\Z", re.ASCII)
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"}
_MARKS: Final = {"del": "~~", "ins": "**"}


def escaped(text: str, *, begins: bool = True) -> str:
    """A text that means itself: no markup, no HTML, no mention, no link.

    `begins`: a paragraph or an item of a list begins with it; else it stands behind white space.
    """
    shown = visible(text)
    first = _begun(shown) if begins else None
    # Behind a space a text means what it means at the beginning of a line.
    told = _MARKUP.sub(r"\\\1", f" {shown}")[1:]
    if first is not None:
        # A digit has no escape of its own; the dot behind it has.
        at = first + len(_MARKUP.sub(r"\\\1", shown[:first])) - len(shown[:first])
        told = f"{told[:at]}\\{told[at:]}"
    for character, entity in _ENTITIES.items():
        told = told.replace(character, entity)
    return told.replace("://", ":&#47;/").replace("www.", "www&#46;")


def _begun(text: str) -> int | None:
    """Where an escape must stand, if a block would begin with markup."""
    for pattern in (_HEADING, _BULLET, _LINE):
        found = pattern.match(text)
        if found:
            return found.start(1)
    found = _NUMBERED.match(text)
    return found.end(1) if found else None


def line_markdown(line: Line, *, begins: bool = True) -> str:
    """A line of pieces as Markdown; the words that went are struck, those that came are bold."""
    said = ""
    before = Piece("")
    for piece in line:
        if not piece.text:
            continue
        # Old and new would read as one word, and their marks as one.
        if piece.element in _MARKS and before.element in _MARKS and not said[-1:].isspace():
            said += " "
        part = _piece(piece, begins=begins and not said.strip())
        # A tilde is harmless behind white space alone.
        if said and not said[-1].isspace() and part.startswith("~") and piece.element != "del":
            part = f"\\{part}"
        said += part
        before = piece
    return said


def _piece(piece: Piece, *, begins: bool) -> str:
    if piece.element == "code" and _PLAIN_CODE.match(piece.text):
        return f"`{piece.text}`"
    mark = _MARKS.get(piece.element, "")
    # Made visible first: to Python a line separator at the edge is white space, and would stay.
    shown = visible(piece.text)
    bare = shown.strip()
    if not mark or not bare:
        return escaped(shown, begins=begins)
    lead, _, tail = shown.partition(bare)
    return f"{lead}{mark}{escaped(bare, begins=False)}{mark}{tail}"
