"""Make text from outside harmless: a terminal must not obey anything in it."""

import unicodedata
from typing import Final

# What begins so, a spreadsheet takes for a formula.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Control characters (C0, U+007F, C1), invisible characters and those that change the direction of
# text, and separators of lines and paragraphs.
_HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Letters and signs that are blank, and the selectors of a variant, which change a sign at most.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)


def visible(text: str) -> str:
    """Return the text with each harmful character as its code point, such as ⟨U+009B⟩."""
    if text.isprintable():  # nothing harmful is
        return text
    return "".join(
        _code_point(character)
        if unicodedata.category(character) in _HARMFUL_CATEGORIES
        else character
        for character in text
    )


def is_invisible(character: str) -> bool:
    """Whether nobody sees it, or takes it for a plain space, such as a space that never breaks."""
    category = unicodedata.category(character)
    is_space = category == "Zs" and character != " "
    return is_space or category in _HARMFUL_CATEGORIES or character in _BLANK


def has_invisible(text: str) -> bool:
    """Whether any character of a text is invisible."""
    if text.isprintable() and _BLANK.isdisjoint(text):  # nearly always, and told at once
        return False
    return any(map(is_invisible, text))


def reveal(text: str) -> str:
    """The text with each invisible character as its code point."""
    return "".join(_code_point(each) if is_invisible(each) else each for each in text)


def tell_apart(before: str, after: str) -> tuple[str, str]:
    """Two texts so that one sees how they differ: as they are, unless they look the same.

    Then what makes the difference stands as code points: an invisible character, or an accent that
    is a character of its own behind its letter.
    """
    is_plain = before.isascii() and before.isprintable() and after.isascii() and after.isprintable()
    if before == after or is_plain or _look(before) != _look(after):
        return before, after
    revealed = _reveal_all(before), _reveal_all(after)
    return revealed if revealed[0] != revealed[1] else (before, after)


def _look(text: str) -> str:
    """What one sees of a text."""
    seen = text
    if has_invisible(text):
        seen = "".join(
            " " if unicodedata.category(each) == "Zs" else each
            for each in text
            if unicodedata.category(each) == "Zs" or not is_invisible(each)
        )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _reveal_all(text: str) -> str:
    return "".join(
        _code_point(each) if is_invisible(each) or unicodedata.combining(each) else each
        for each in text
    )


def _code_point(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"
