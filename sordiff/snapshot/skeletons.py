"""The skeleton of a record: its tags without the texts between them, as a tree.

Only what is surely well-formed and surely known becomes a tree: names of plain letters, prefixes
that the root element declares, no attribute but those two that are known to be harmless.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sordiff.snapshot.text import LocalNames, fold

_NAME: Final = r"(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*"
_START: Final = re.compile(
    rf"""({_NAME})((?:[ \t\r\n]+{_NAME}=(?:"[^"&]*"|'[^'&]*'))*)[ \t\r\n]*(/?)""", re.A
)
_END: Final = re.compile(rf"/({_NAME})[ \t\r\n]*", re.A)
_ATTRIBUTE: Final = re.compile(rf"""({_NAME})=(?:"([^"]*)"|'([^']*)')""", re.A)
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_DEEPEST: Final = 20


class UnsureError(Exception):
    """Something that the plain reader must look at."""


class Node:
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
        self.children: list[Node] = []

    def below(self) -> "Iterator[Node]":
        """The node itself and all below it."""
        yield self
        for child in self.children:
            yield from child.below()


class Skeletons:
    """Makes trees of tags, for the namespaces that the root element declares."""

    def __init__(self, root_tag: str, namespaces: Mapping[str | None, str]) -> None:
        """`root_tag` and `namespaces` as lxml tells them of the root element (tag and nsmap)."""
        self._names = LocalNames(root_tag)
        self._namespaces = dict(namespaces)

    def tree(self, tags: Sequence[str]) -> Node:
        """The tree of these tags, given without their brackets; UnsureError where there is none.

        The text behind the tag at index i has the place 2 i + 2.
        """
        root: Node | None = None
        above: list[Node] = []
        for index, tag in enumerate(tags):
            if root is not None and not above:
                raise UnsureError
            if tag.startswith("/"):
                end = _END.fullmatch(tag)
                if end is None or not above or above.pop().raw != end[1]:
                    raise UnsureError
                continue
            node = self._node(tag, 2 * index + 2)
            root = root or node
            if above:
                above[-1].children.append(node)
            if node.text is not None:
                above.append(node)
            if len(above) > _DEEPEST:
                raise UnsureError
        if root is None or above:
            raise UnsureError
        return root

    def _node(self, tag: str, place: int) -> Node:
        start = _START.fullmatch(tag)
        if start is None:
            raise UnsureError
        text = None if start[3] else place
        return Node(start[1], self._local(start[1]), text, self._scheme(start[2]))

    def _local(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if colon and not namespace:
            raise UnsureError
        return self._names[f"{{{namespace}}}{local}" if namespace else local]

    def _scheme(self, attributes: str) -> str | None:
        """The scheme, if there is one; a blank attribute and xsi:nil say nothing."""
        scheme = None
        seen = set()
        for name, double, single in _ATTRIBUTE.findall(attributes):
            prefix, colon, local = name.rpartition(":")
            namespace = self._namespaces.get(prefix) if colon else None
            if local in seen or name == "xmlns" or (colon and not namespace):
                raise UnsureError
            seen.add(local)
            value = fold(double or single)
            if name == "scheme":
                scheme = value
            elif value is not None and (local != "nil" or namespace != _INSTANCE):
                raise UnsureError
        return scheme
