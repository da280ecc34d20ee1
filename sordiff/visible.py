"""Text from outside made harmless for a terminal: nothing in it is ever obeyed."""

import unicodedata

# Control characters (C0, U+007F, C1), marks that turn the direction of text or are invisible, and
# the separators of lines and paragraphs.
_HARMFUL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    """The text with every harmful character written as its code point, such as ⟨U+009B⟩."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in _HARMFUL_CATEGORIES
        else character
        for character in text
    )
