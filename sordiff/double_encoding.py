"""Text that was encoded in UTF-8 twice: "LÃ¦ge" for "Læge"."""

import re
from functools import cache
from typing import Final

# The bytes that follow a first one in UTF-8, read as one does who takes them for a Latin encoding.
_FOLLOWING: Final = "".join(
    sorted(
        {bytes([each]).decode("cp1252", "ignore") or chr(each) for each in range(0x80, 0xC0)}
        | {chr(each) for each in range(0x80, 0xC0)}
    )
)


@cache
def _compile_twice() -> re.Pattern[str]:
    """Letters and signs of Latin-1, then dashes and quotation marks.

    No name has these pairs; other first bytes are letters that names have, such as Ø.
    """
    return re.compile(f"[ÂÃ][{re.escape(_FOLLOWING)}]|â€[{re.escape(_FOLLOWING)}]")


def undo_double_encoding(text: str) -> str | None:
    """The text as it was before it was encoded once more; None where it was not."""
    if text.isascii():
        return None
    read = _compile_twice().sub(lambda found: _read_once(found[0]), text)
    return None if read == text else read


def _read_once(characters: str) -> str:
    try:
        return b"".join(map(_byte, characters)).decode()
    except UnicodeDecodeError:
        return characters


def _byte(character: str) -> bytes:
    """The byte of a character; five have no character in Windows-1252 and stand for themselves."""
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")
