"""The frame of a snapshot: the root's start tag, and what stands before the first owner."""

import re
from typing import Final

from lxml import etree
from msgspec import Struct

from sordiff.snapshot.fast.split_records import FIRST_OWNER, Bytes
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.source.unsure import UnsureError

_LONGEST: Final = 65_536
_BOM: Final = b"\xef\xbb\xbf"
_DECLARATION: Final = re.compile(
    rb"""(?:<\?xml[ \t\r\n]+version=(["'])1\.0\1(?:[ \t\r\n]+encoding=(["'])(?i:utf-8)\2)?"""
    rb"""(?:[ \t\r\n]+standalone=(["'])(?:yes|no)\3)?[ \t\r\n]*\?>)?[ \t\r\n]*"""
)
_ROOT: Final = re.compile(
    rb"""<SorTree(?:[ \t\r\n]+[\w.:-]+=(?:"[^"<&]*"|'[^'<&]*'))*[ \t\r\n]*>"""
)


class Frame(Struct, frozen=True):
    """The root: its start tag, as bytes and as the parser tells it; the header, and its end."""

    root: bytes
    header: TreeReader
    root_tag: str
    namespaces: dict[str | None, str]
    begin: int

    @property
    def reading(self) -> bytes:
        """All that decides how the bytes of a record are read: the start tag, and the mapping."""
        return self.root + self.header.judge.mapping.fingerprint


def read_frame(content: Bytes, name: str, mapping: FieldMapping = UNMAPPED) -> Frame:
    """Read everything before the first owner; whatever is unusual there is not for this road."""
    begin = content.find(FIRST_OWNER, 0, _LONGEST)
    if begin < 0:
        raise UnsureError("no owner at the beginning")
    head = bytes(content[:begin]).removeprefix(_BOM)
    declared = _DECLARATION.match(head)
    start = declared.end() if declared else 0
    opened = _ROOT.match(head, start)
    if opened is None or b"<!" in head or b"<?" in head[start:]:
        raise UnsureError("an unusual root")
    root = opened.group()
    element = parsed(head[start:] + b"</SorTree>")
    reader = TreeReader(name, mapping)
    try:
        reader.read_header(element)
    except NotSorError as error:
        raise UnsureError(error.message) from error
    if reader.judge.problems or element.prefix is not None or None not in element.nsmap:
        raise UnsureError("an unusual header")
    return Frame(root, reader, str(element.tag), dict(element.nsmap), begin)


def parsed(document: bytes) -> etree._Element:
    """A small document of UTF-8, read as the plain road reads the whole."""
    parser = etree.XMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise UnsureError(str(error)) from error
