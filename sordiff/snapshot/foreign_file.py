"""Files that are known to be something else than a snapshot: refused with what to do."""

from collections.abc import Callable
from typing import Final

from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.content_kind import PACKED, REWRITTEN, ContentKind, recognise
from sordiff.snapshot.source.refusals import ADVICE, AS_DELIVERED, build_refusal
from sordiff.snapshot.source.streams import HEAD_LENGTH, ByteStream

_UNPACK: Final = "Unpack it first, and give the file in it; nothing was changed."
_ADVICE: Final = {
    ContentKind.HTML: (
        "A firewall or the website answered in place of the file: open its address in a browser; "
        "nothing was changed."
    ),
    **dict.fromkeys(PACKED, _UNPACK),
    ContentKind.PDF: ADVICE,
    ContentKind.JSON: ADVICE,
    ContentKind.SQLITE: ADVICE,
    ContentKind.OTHER_TABLE: (
        "Give a file of the register; a list of your own is for `sordiff reconcile`; "
        "nothing was changed."
    ),
    **dict.fromkeys(REWRITTEN, AS_DELIVERED),
    ContentKind.SEPARATOR_TABLE: "Delete its first line, and call again; nothing was changed.",
}
_BEGINNING: Final = 8
# Where there is no markup at all, the reader of XML would only miss it.
_WITHOUT_MARKUP: Final = frozenset({ContentKind.TEXT, ContentKind.BINARY})


def is_foreign(head: bytes) -> bool:
    """Whether it is known by its first bytes that this is no snapshot."""
    kind = recognise(head).kind
    return kind in _ADVICE or (kind in _WITHOUT_MARKUP and _is_plain(head))


def _is_plain(head: bytes) -> bool:
    """Whether there is no markup, also of an encoding that hides it, such as EBCDIC or UTF-7."""
    return b"<" not in head and b"+ADw" not in head and head[:_BEGINNING].isascii()


def refuse_foreign(
    stream: ByteStream, name: str, _: ReadOptions, __: Callable[[int], None] | None
) -> SnapshotContent:
    """Refuse the file with what it is."""
    content = recognise(stream.read(HEAD_LENGTH))
    code = "html" if content.kind is ContentKind.HTML else "not_sor"
    message = f"it is {content}, not a snapshot"
    raise build_refusal(name, code, message, advice=_ADVICE.get(content.kind, ADVICE))
