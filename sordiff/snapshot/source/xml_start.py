"""The start of an XML file, before any parser: its encoding, and where its root element begins."""

import codecs
import re
from typing import Final

_MISC: Final = re.compile(r"[ \t\r\n]+|<\?.*?\?>|<!--.*?-->", re.S)
_SIGNATURES: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def find_signature(head: bytes) -> str | None:
    """The encoding that the first bytes tell; None if they tell none."""
    return next((encoding for mark, encoding in _SIGNATURES if head.startswith(mark)), None)


def decode_start(head: bytes, otherwise: str = "latin-1") -> str:
    """The first bytes as text, without a byte order mark."""
    return head.decode(find_signature(head) or otherwise, errors="ignore").removeprefix("\ufeff")


def skip_misc(text: str) -> str:
    """The text from the first that is no white space, comment or processing instruction."""
    position = 0
    while found := _MISC.match(text, position):
        position = found.end()
    return text[position:]
