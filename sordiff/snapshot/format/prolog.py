"""The prolog of an XML file, checked before any parser reads on: its encoding, and no DOCTYPE.

Entity bombs and external entities need a DOCTYPE. SOR has none, so that any DOCTYPE is refused, and
only encodings that can't hide one are read.
"""

import re
from typing import Final

from sordiff.snapshot.format.text import quote_value
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import ByteStream
from sordiff.snapshot.source.xml_start import decode_start, find_signature, skip_misc

_CHUNK: Final = 65_536
_MAX_PROLOG: Final = 1024**2
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-?8859-\d+|latin-?1|windows-125\d|cp125\d", re.I
)
_DECLARED: Final = re.compile(r"""^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_OPENED: Final = re.compile(r"<\?|<!--")


def read_prolog(stream: ByteStream, name: str) -> bytes:
    """Read and check at least up to the root element; return the bytes that were read.

    SnapshotRefused for a DOCTYPE, for an encoding that is not read, and if there is no root.
    """
    head = b""
    while True:
        step = stream.read(_CHUNK)
        head += step
        text = _decode_head(head, name)
        rest = skip_misc(text)
        undecided = len(rest) < len("<!DOCTYPE") or _OPENED.match(rest)
        if not (undecided and step):
            break
        if len(head) > _MAX_PROLOG:
            raise build_refusal(name, "not_sor", "no root element in the first MiB")
    if rest.startswith("<!DOCTYPE"):
        line = text[: len(text) - len(rest)].count("\n") + 1
        raise build_refusal(name, "doctype", "a DOCTYPE; SOR has none, and none is read", line)
    return head


def _decode_head(head: bytes, name: str) -> str:
    """The head as text; SnapshotRefused if its bytes contradict the declared encoding."""
    found, text = find_signature(head), decode_start(head)
    declared = _DECLARED.match(text)
    if declared is None:
        return text
    said = declared[1].lower()
    if not _ENCODINGS.fullmatch(said):
        message = f"the encoding {quote_value(declared[1])} is not one that is read; SOR is UTF-8"
        raise build_refusal(name, "encoding", message, 1)
    if found is not None and not _without_hyphens(found).startswith(_without_hyphens(said)):
        message = (
            f"bytes that are not the declared encoding: {quote_value(declared[1])}, but {found}"
        )
        raise build_refusal(name, "encoding", message, 1)
    return text


def _without_hyphens(encoding: str) -> str:
    return encoding.replace("-", "")
