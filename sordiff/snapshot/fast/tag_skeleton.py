"""The skeleton of a record: its tags without the texts between them, as a tree.

Only what is surely well-formed and surely known becomes a tree: names of plain letters, prefixes
that the root element declares, no attribute but those two that are known to be harmless.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sordiff.snapshot.format.element_names import WRAPPERS
from sordiff.snapshot.format.text import LocalNames, fold_space

_NAME: Final = r"(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*"
_START: Final = re.compile(
    rf"""({_NAME})((?:[ \t\r\n]+{_NAME}=(?:"[^"&]*"|'[^'&]*'))*)[ \t\r\n]*(/?)""", re.A
)
_ATTRIBUTE: Final = re.compile(rf"""({_NAME})=(?:"([^"]*)"|'([^']*)')""", re.A)
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_MAX_DEPTH: Final = 20
_MAX_TAGS: Final = 4096


# The name as it stands, the local name, the scheme, and whether it is an empty tag.
_StartTag = tuple[str, str, str | None, bool]


class UnusualRecordError(Exception):
    """Something that the plain reader must look at."""


class SkeletonNode:
    """One element of a skeleton.

    `local` is empty where it is nobody we know; `text` is the place of the text behind the start
    tag, None in an empty tag; `scheme` is the attribute of that name.
    """

    __slots__ = ("children", "local", "raw", "scheme", "text")

    def __init__(self, raw: str, local: str, text: int | None, scheme: str | None) -> None:
        self.raw = raw
        self.local = local
        self.text = text
        self.scheme = scheme
        self.children: list[SkeletonNode] = []


class SkeletonParser:
    """Makes trees of tags, for the namespaces that the root element declares."""

    def __init__(self, root_tag: str, namespaces: Mapping[str | None, str]) -> None:
        """`root_tag` and `namespaces` as lxml tells them of the root element (tag and nsmap)."""
        self._names = LocalNames(root_tag)
        self._namespaces = dict(namespaces)
        self._known: dict[str, _StartTag] = {}

    def parse_tags(self, tags: Sequence[str]) -> tuple[SkeletonNode, int]:
        """The tree of these tags, and how many have a scheme; else UnusualRecordError.

        Tags come without their brackets. The text behind the tag at index i has the place 2 i + 2.
        """
        schemes = 0
        root: SkeletonNode | None = None
        above: list[SkeletonNode] = []
        for index, tag in enumerate(tags):
            if root is not None and not above:
                raise UnusualRecordError
            if tag[:1] == "/":
                if not above or above.pop().raw != tag[1:].rstrip(" \t\r\n"):
                    raise UnusualRecordError
                continue
            raw, local, scheme, empty = self._known.get(tag) or self._parse_start_tag(tag)
            node = SkeletonNode(raw, local, None if empty else 2 * index + 2, scheme)
            schemes += scheme is not None
            root = root or node
            if above:
                above[-1].children.append(node)
            if node.text is not None:
                above.append(node)
            if len(above) > _MAX_DEPTH:
                raise UnusualRecordError
        if root is None or above:
            raise UnusualRecordError
        return root, schemes

    def _parse_start_tag(self, tag: str) -> _StartTag:
        start = _START.fullmatch(tag)
        if start is None:
            raise UnusualRecordError
        if len(self._known) >= _MAX_TAGS:
            self._known.clear()
        learnt = (
            start[1],
            self._find_local_name(start[1]),
            self._read_scheme(start[2]),
            bool(start[3]),
        )
        self._known[tag] = learnt
        return learnt

    def _find_local_name(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if colon and not namespace:
            raise UnusualRecordError
        known = self._names[f"{{{namespace}}}{local}" if namespace else local]
        if known in WRAPPERS:  # it is a unit of the tree wherever it stands
            raise UnusualRecordError
        return known

    def _read_scheme(self, attributes: str) -> str | None:
        """The scheme, if there is one; a blank attribute and xsi:nil say nothing."""
        scheme = None
        seen = set()
        for name, double, single in _ATTRIBUTE.findall(attributes):
            prefix, colon, local = name.rpartition(":")
            namespace = self._namespaces.get(prefix) if colon else None
            if local in seen or name == "xmlns" or (colon and not namespace):
                raise UnusualRecordError
            seen.add(local)
            value = fold_space(double or single)
            if name == "scheme":
                scheme = value
            elif value is not None and (local != "nil" or namespace != _INSTANCE):
                raise UnusualRecordError
        return scheme
