"""Make text from outside harmless: a terminal must not obey anything in it."""

import unicodedata

# Control characters (C0, U+007F, C1), invisible characters and those that change the direction of
# text, and separators of lines and paragraphs.
_HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """Return the text with each harmful character as its code point, such as ⟨U+009B⟩."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _HARMFUL_CATEGORIES
        else character
        for character in text
    )
