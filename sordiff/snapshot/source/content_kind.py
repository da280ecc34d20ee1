"""What a file or an entry of a zip is, told by its first bytes and never by its name."""

import codecs
import re
from enum import StrEnum
from typing import Final

from msgspec import Struct

from sordiff.snapshot.source.xml_start import decode_start, find_signature, skip_misc
from sordiff.visible import visible


class ContentKind(StrEnum):
    """The kinds that are told apart; the first group holds the register itself."""

    SOR_XML = "sor-xml"
    SOR_CSV = "sor-csv"
    # SorEntity_daily.csv and SOREntity.csv have the same columns: their rows tell them apart.
    SOR2_ENTITIES = "sor2-entities"

    OTHER_XML = "other-xml"
    UNTOLD_XML = "untold-xml"
    XML_SCHEMA = "xml-schema"
    OTHER_TABLE = "other-table"
    # Tables of SOR that another program has written anew.
    COMMA_TABLE = "comma-table"
    TAB_TABLE = "tab-table"
    UTF16_TABLE = "utf16-table"
    RETURN_TABLE = "return-table"
    SEPARATOR_TABLE = "separator-table"
    HTML = "html"
    ZIP = "zip"
    GZIP = "gzip"
    BZIP2 = "bzip2"
    XZ = "xz"
    ZSTANDARD = "zstandard"
    SEVEN_ZIP = "seven-zip"
    RAR = "rar"
    PDF = "pdf"
    JSON = "json"
    SQLITE = "sqlite"
    BINARY = "binary"
    TEXT = "text"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"


TABLES: Final = frozenset({ContentKind.SOR_CSV, ContentKind.SOR2_ENTITIES})
PACKED: Final = frozenset(
    {
        ContentKind.ZIP,
        ContentKind.GZIP,
        ContentKind.BZIP2,
        ContentKind.XZ,
        ContentKind.ZSTANDARD,
        ContentKind.SEVEN_ZIP,
        ContentKind.RAR,
    }
)
REWRITTEN: Final = frozenset(
    {
        ContentKind.COMMA_TABLE,
        ContentKind.TAB_TABLE,
        ContentKind.UTF16_TABLE,
        ContentKind.RETURN_TABLE,
        ContentKind.SEPARATOR_TABLE,
    }
)
REGISTERS: Final = TABLES | {ContentKind.SOR_XML}
_K = ContentKind


class Content(Struct, frozen=True, kw_only=True):
    """A kind, and what its first bytes say: `title` of a page, `root` of XML, `columns` of a table.

    Columns are as written, without quotes around them.
    """

    kind: ContentKind
    title: str | None = None
    root: str | None = None
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        """A part of a sentence: `an HTML page with the title Request Rejected`."""
        if self.kind is _K.HTML and self.title:
            return f"an HTML page with the title {self.title}"
        if self.kind is _K.OTHER_XML:
            return f"XML with the root element {self.root}"
        if self.kind is _K.OTHER_TABLE:
            return f"a table with the columns {', '.join(self.columns[:_COLUMNS_SHOWN])}"
        return _WORDS[self.kind]


_WORDS: Final = {
    _K.SOR_XML: "the XML of SOR",
    _K.SOR_CSV: "the old sor.csv",
    _K.SOR2_ENTITIES: "a table of the units of SOR2",
    _K.COMMA_TABLE: "a table of SOR with commas between its columns",
    _K.TAB_TABLE: "a table of SOR with tabs between its columns",
    _K.UTF16_TABLE: "a table of SOR in UTF-16",
    _K.RETURN_TABLE: "a table of SOR whose lines end with carriage returns alone",
    _K.SEPARATOR_TABLE: "a table of SOR with the line sep= of Excel before its header",
    _K.UNTOLD_XML: "XML without a root element in its first 64 KiB",
    _K.XML_SCHEMA: "an XML schema",
    _K.HTML: "an HTML page",
    _K.ZIP: "a zip file",
    _K.GZIP: "a gzip file",
    _K.BZIP2: "a bzip2 file",
    _K.XZ: "an xz file",
    _K.ZSTANDARD: "a Zstandard file",
    _K.SEVEN_ZIP: "a 7-Zip file",
    _K.RAR: "a RAR file",
    _K.PDF: "a PDF document",
    _K.JSON: "JSON",
    _K.SQLITE: "a SQLite database",
    _K.BINARY: "binary data",
    _K.TEXT: "text",
    _K.EMPTY: "empty",
    _K.ENCRYPTED: "encrypted",
    _K.UNREADABLE: "packed by a method that is not read",
}
_MAGIC: Final = (
    (b"PK\x03\x04", _K.ZIP),
    (b"PK\x05\x06", _K.ZIP),
    (b"\x1f\x8b", _K.GZIP),
    (b"BZh", _K.BZIP2),
    (b"\xfd7zXZ\x00", _K.XZ),
    (b"\x28\xb5\x2f\xfd", _K.ZSTANDARD),
    (b"7z\xbc\xaf\x27\x1c", _K.SEVEN_ZIP),
    (b"Rar!", _K.RAR),
    (b"%PDF-", _K.PDF),
    (b"SQLite format 3\x00", _K.SQLITE),
)
# Some of the columns of each kind, in lower case; all of these must be there.
_TABLES: Final = (
    (_K.SOR_CSV, frozenset({"sor-type", "sor-kode"})),
    (_K.SOR2_ENTITIES, frozenset({"sorid", "sortype"})),
)
_COLUMNS_SHOWN: Final = 8
_MAX_TITLE: Final = 80
_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|script|style)\b", re.I)
_TITLE: Final = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title", re.I | re.S)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", re.I | re.S)
_ROOT: Final = re.compile(r"<(?![!?])(?:[^\s<>/:\"'=&]+:)?([^\s<>/:\"'=&]+)")
_LINE_END: Final = re.compile(r"[\r\n]")
# Written first, it tells Excel the delimiter.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=.?"?;*', re.I)
_UTF8: Final = "utf-8"
_DELIMITERS: Final = ";,\t"


def recognise(head: bytes) -> Content:
    """Recognise a file by its first bytes: the first 64 KiB, or all of a shorter one."""
    magic = next((kind for mark, kind in _MAGIC if head.startswith(mark)), None)
    if magic is not None:
        return Content(kind=magic)
    text = decode_start(head).lstrip()
    if not text:
        return Content(kind=_K.EMPTY)
    if text.startswith("<"):
        return _recognise_markup(skip_misc(text), head)
    if find_signature(head) is None and b"\x00" in head:
        return Content(kind=_K.BINARY)
    if text[0] in "{[":
        return Content(kind=_K.JSON)
    return _recognise_table(head)


def _recognise_markup(start: str, head: bytes) -> Content:
    doctype = _DOCTYPE.match(start)
    root = _ROOT.match(skip_misc(start[doctype.end() :]) if doctype else start)
    local = visible(root[1])[:_MAX_TITLE] if root else None
    if _PAGE.match(start) and local != "SorTree":
        return Content(kind=_K.HTML, title=_find_title(head))
    if local is None:
        return Content(kind=_K.UNTOLD_XML)
    if local == "SorTree":
        return Content(kind=_K.SOR_XML, root=local)
    if local.casefold() == "html":
        return Content(kind=_K.HTML, title=_find_title(head))
    if local == "schema":
        return Content(kind=_K.XML_SCHEMA, root=local)
    return Content(kind=_K.OTHER_XML, root=local)


def _find_title(head: bytes) -> str | None:
    import html  # imported late: what comes is hardly ever a page

    found = _TITLE.search(_decode_text(head))
    title = " ".join(html.unescape(found[1]).split()) if found else ""
    return visible(title[:_MAX_TITLE]) or None


def _recognise_table(head: bytes) -> Content:
    """A table is told by its header; whatever else is text."""
    first, *rest = _LINE_END.split(_decode_text(head).lstrip("\r\n"), maxsplit=1)
    is_told = bool(rest) and _SEPARATOR_LINE.fullmatch(first) is not None
    header = _LINE_END.split(rest[0].lstrip("\r\n\ufeff"), maxsplit=1)[0] if is_told else first
    delimiter = max(_DELIMITERS, key=header.count)
    columns = tuple(visible(c.strip().strip('"').strip()) for c in header.split(delimiter))
    known = frozenset(column.lower() for column in columns)
    for kind, needed in _TABLES:
        if needed <= known:
            usual = _K.SEPARATOR_TABLE if is_told else kind
            return Content(kind=_find_rewriting(head, delimiter) or usual, columns=columns)
    is_table = header.count(";") > 1 and all(columns[:-1])
    return Content(kind=_K.OTHER_TABLE, columns=columns) if is_table else Content(kind=_K.TEXT)


def _find_rewriting(head: bytes, delimiter: str) -> ContentKind | None:
    """How a table is written, if not as the register writes it."""
    if (find_signature(head) or _UTF8) != _UTF8:
        return _K.UTF16_TABLE
    if delimiter != ";":
        return _K.TAB_TABLE if delimiter == "\t" else _K.COMMA_TABLE
    return _K.RETURN_TABLE if b"\r" in head and b"\n" not in head else None


def _decode_text(head: bytes) -> str:
    """As UTF-8, of which the last character may be cut off; else as Latin-1."""
    if find_signature(head) is not None:
        return decode_start(head)
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode("latin-1")
