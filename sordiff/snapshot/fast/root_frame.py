"""The root frame of a snapshot: the root's start tag and the header, read without the units."""

import re
from typing import Final

from msgspec import Struct

from sordiff.snapshot.fast.split_records import FIRST_OWNER, Content
from sordiff.snapshot.format.element_names import NAMES_DIGEST
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.source.unsure import UnsureError

_MAX_HEAD: Final = 65_536
_BOM: Final = b"\xef\xbb\xbf"
_DECLARATION: Final = re.compile(
    rb"""(?:<\?xml[ \t\r\n]+version=(["'])1\.0\1(?:[ \t\r\n]+encoding=(["'])(?i:utf-8)\2)?"""
    rb"""(?:[ \t\r\n]+standalone=(["'])(?:yes|no)\3)?[ \t\r\n]*\?>)?[ \t\r\n]*"""
)
_ROOT: Final = re.compile(
    rb"""<SorTree(?:[ \t\r\n]+[\w.:-]+=(?:"[^"<&]*"|'[^'<&]*'))*[ \t\r\n]*>"""
)


class RootFrame(Struct, frozen=True):
    """The root's start tag and the header before the first owner.

    `root_tag` and `namespaces`: tag and nsmap of the root element, as lxml gives them.
    `records_start`: the offset of the first owner.
    """

    start_tag: bytes
    header_reader: TreeReader
    root_tag: str
    namespaces: dict[str | None, str]
    records_start: int

    @property
    def reading_key(self) -> bytes:
        """What decides how the bytes of a record are read: start tag, known names, mapping."""
        return self.start_tag + NAMES_DIGEST + self.header_reader.context.mapping.fingerprint


def read_root_frame(content: Content, name: str, mapping: FieldMapping = UNMAPPED) -> RootFrame:
    """Read everything before the first owner; UnsureError if anything is unusual there."""
    begin = content.find(FIRST_OWNER, 0, _MAX_HEAD)
    if begin < 0:
        raise UnsureError("no owner at the beginning")
    head = bytes(content[:begin]).removeprefix(_BOM)
    declared = _DECLARATION.match(head)
    start = declared.end() if declared else 0
    opened = _ROOT.match(head, start)
    if opened is None or b"<!" in head or b"<?" in head[start:]:
        raise UnsureError("an unusual root")
    root = opened.group()
    element = parse_fragment(head[start:] + b"</SorTree>")
    reader = TreeReader(name, mapping)
    try:
        reader.read_header(element)
    except NotSorError as error:
        raise UnsureError(error.message) from error
    if reader.context.problems or element.prefix is not None or None not in element.nsmap:
        raise UnsureError("an unusual header")
    return RootFrame(root, reader, str(element.tag), dict(element.nsmap), begin)


def parse_fragment(document: bytes) -> etree._Element:
    """Parse a small UTF-8 document with the settings of the plain road."""
    parser = etree.XMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise UnsureError(str(error)) from error
