"""The parser that gets what no stretch reader takes: the head, unusual owners, and the end.

It stands between two owners whenever the others are left out. So it sees a whole document, with the
units that it reads itself, and it is asked each time whether it stands there.
"""

import secrets
from html import escape
from typing import Final

from sordiff.snapshot.fast.root_frame import RootFrame
from sordiff.snapshot.fast.split_records import check_distance
from sordiff.snapshot.format.field_mapping import FieldMapping
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.tree_reader import TreeReader
from sordiff.snapshot.source.unsure import UnsureError

_CHUNK: Final = 32_768
# The parser refuses a comment or a text of ten million bytes.
_MAX_LINES_AT_ONCE: Final = 1_000_000


class TreeRest:
    """Reads a document of which whole owners are left out, and keeps its lines.

    UnsureError from any method: the file must be read from its start by the parser alone.
    """

    def __init__(self, name: str, mapping: FieldMapping) -> None:
        """Nothing is read yet."""
        self.tree = TreeReader(name, mapping)
        self._parser = etree.XMLPullParser(
            ("start", "end"),
            tag=TreeReader.TAGS,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        # Nobody who wrote a file knew it.
        self._mark = secrets.token_hex(16)
        self._fed = 0
        self._unit_ended_at = 0
        self._lines_left_out = 0

    def read_head(self, head: bytes) -> RootFrame:
        """Read all before the first owner; how records below this root are read."""
        self._feed(head)
        root = self._require_between()
        said = root.getroottree().docinfo
        if said.xml_version != "1.0" or (said.encoding or "utf-8").lower() != "utf-8":
            raise UnsureError("another encoding")
        namespaces = dict(root.nsmap)
        if root.prefix is not None or None not in namespaces:
            raise UnsureError("an unusual root")
        tag = str(root.tag)
        if tag.rpartition("}")[2] != "SorTree":
            raise UnsureError("another root")
        reader = TreeReader(self.tree.context.file, self.tree.context.mapping)
        reader.context = reader.context.renew(tag)
        return RootFrame(_write_start_tag(namespaces), reader, tag, namespaces, len(head))

    def leave_out(self, lines: int) -> None:
        """An owner was read elsewhere, which has so many line breaks."""
        self._lines_left_out += lines

    def read_stretch(self, content: bytes, start: int, end: int) -> None:
        """Read an unusual stretch, which must end between two owners."""
        self._require_between()
        for begin in range(start, end, _CHUNK):
            self._feed(content[begin : min(begin + _CHUNK, end)])
        self._require_between()

    def finish(self, rest: bytes, units_elsewhere: int) -> None:
        """Read what stands behind the last owner. `units_elsewhere`: how many others read."""
        self._require_between()
        for begin in range(0, len(rest), _CHUNK):
            self._feed(rest[begin : begin + _CHUNK])
        try:
            root = self._parser.close()
        except etree.XMLSyntaxError as error:
            raise UnsureError(str(error)) from error
        self._handle_events()
        self.tree.finish_tree(root, units_elsewhere)

    def _require_between(self) -> etree._Element:
        """Put a mark into the document, with the lines left out, and see that it is in the root.

        Inside of anything, be it a comment, the mark would not be seen there, or not at once.
        """
        lines, self._lines_left_out = self._lines_left_out, 0
        while lines:
            now = min(lines, _MAX_LINES_AT_ONCE)
            self._feed_parser(b"<!--%b-->" % (b"\n" * now))
            lines -= now
        self._unit_ended_at = self._fed
        self._feed_parser(b'<InstitutionOwnerEntity of="%b"/>' % self._mark.encode())
        found = [(event, element) for event, element in self._parser.read_events()]
        if [event for event, _ in found[-2:]] != ["start", "end"] or len(found) > 3:  # noqa: PLR2004  # with the root's start
            raise UnsureError("not between two owners")
        for event, element in found[:-2]:
            if event != "start" or element.getparent() is not None:
                raise UnsureError("not between two owners")
            self.tree.start_element(element)
        mark = found[-1][1]
        root = mark.getparent()
        if mark.get("of") != self._mark or root is None or root.getparent() is not None:
            raise UnsureError("not between two owners")
        return root

    def _feed(self, content: bytes) -> None:
        self._feed_parser(content)
        self._fed += len(content)
        if self._handle_events():
            self._unit_ended_at = self._fed
        check_distance(self._unit_ended_at, self._fed)

    def _feed_parser(self, content: bytes) -> None:
        try:
            self._parser.feed(content)
        except etree.XMLSyntaxError as error:
            raise UnsureError(str(error)) from error

    def _handle_events(self) -> bool:
        """Whether a unit has ended."""
        ended = False
        for event, element in self._parser.read_events():
            if event == "start":
                self.tree.start_element(element)
            else:
                self.tree.end_element(element)
                ended = True
        return ended


def _write_start_tag(namespaces: dict[str | None, str]) -> bytes:
    declared = "".join(
        f' xmlns{":" + prefix if prefix else ""}="{escape(uri)}"'
        for prefix, uri in namespaces.items()
    )
    return f"<SorTree{declared}>".encode()
