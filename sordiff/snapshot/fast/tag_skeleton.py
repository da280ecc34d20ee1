"""The skeleton of a record: its tags without the texts between them, as a tree.

Only what is surely well-formed and surely known becomes a tree: names of plain letters, prefixes
that the root element declares, no attribute but those two that are known to be harmless.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sordiff.snapshot.format.element_names import WRAPPERS
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping, place_mapped
from sordiff.snapshot.format.text import LocalNames, fold

_NAME: Final = r"(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*"
_START: Final = re.compile(
    rf"""({_NAME})((?:[ \t\r\n]+{_NAME}=(?:"[^"&]*"|'[^'&]*'))*)[ \t\r\n]*(/?)""", re.A
)
_ATTRIBUTE: Final = re.compile(rf"""({_NAME})=(?:"([^"]*)"|'([^']*)')""", re.A)
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_DEEPEST: Final = 20
_MOST_TAGS: Final = 4096


# The name as it stands, the local name, the scheme, and whether it is an empty tag.
_Start = tuple[str, str, str | None, bool]


class UnusualRecordError(Exception):
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


class TagElements:
    """The tags of a record as the mapping of fields changes them; their texts are not known."""

    has_texts = False

    def __init__(self, root: Node) -> None:
        """Note what stands below what."""
        self._above: dict[int, Node] = {}
        self._note(root)

    def _note(self, above: Node) -> None:
        for child in above.children:
            self._above[id(child)] = above
            self._note(child)

    def below(self, element: Node) -> list[Node]:
        """The children."""
        return element.children

    def name(self, element: Node) -> str:
        """The local name, whatever the namespace."""
        return element.local or element.raw.rpartition(":")[2]

    def known(self, element: Node) -> str:
        """The local name, if the namespace is the register's; else nothing."""
        return element.local

    def says(self, element: Node) -> bool:
        """Whether a text may stand in it."""
        return element.text is not None

    def first(self, elements: list[Node]) -> Node:
        """The only one: of several it is their texts that decide."""
        if len(elements) != 1:
            raise UnusualRecordError
        return elements[0]

    def put(self, element: Node, below: Node, name: str) -> None:
        """Give the element this name, and move it where it stands elsewhere."""
        element.local = name
        above = self._above[id(element)]
        if above is not below:
            above.children.remove(element)
            below.children.append(element)
            self._above[id(element)] = below

    def make(self, below: Node, name: str) -> Node:
        """A new element, in which no text can stand."""
        made = Node(name, name, None, None)
        below.children.append(made)
        self._above[id(made)] = below
        return made


class Skeletons:
    """Makes trees of tags, for the namespaces that the root element declares."""

    def __init__(
        self,
        root_tag: str,
        namespaces: Mapping[str | None, str],
        mapping: FieldMapping = UNMAPPED,
    ) -> None:
        """`root_tag` and `namespaces` as lxml tells them of the root element (tag and nsmap)."""
        self._mapping = mapping
        self._names = LocalNames(root_tag)
        self._namespaces = dict(namespaces)
        self._known: dict[str, _Start] = {}

    def tree(self, tags: Sequence[str]) -> tuple[Node, int]:
        """The tree of these tags, and how many have a scheme; else UnusualRecordError.

        Tags come without their brackets. The text behind the tag at index i has the place 2 i + 2.
        """
        schemes = 0
        root: Node | None = None
        above: list[Node] = []
        for index, tag in enumerate(tags):
            if root is not None and not above:
                raise UnusualRecordError
            if tag[:1] == "/":
                if not above or above.pop().raw != tag[1:].rstrip(" \t\r\n"):
                    raise UnusualRecordError
                continue
            raw, local, scheme, empty = self._known.get(tag) or self._learn(tag)
            node = Node(raw, local, None if empty else 2 * index + 2, scheme)
            schemes += scheme is not None
            root = root or node
            if above:
                above[-1].children.append(node)
            if node.text is not None:
                above.append(node)
            if len(above) > _DEEPEST:
                raise UnusualRecordError
        if root is None or above:
            raise UnusualRecordError
        if self._mapping:
            place_mapped(root, self._mapping, TagElements(root))
        return root, schemes

    def _learn(self, tag: str) -> _Start:
        start = _START.fullmatch(tag)
        if start is None:
            raise UnusualRecordError
        if len(self._known) >= _MOST_TAGS:
            self._known.clear()
        learnt = start[1], self._local(start[1]), self._scheme(start[2]), bool(start[3])
        self._known[tag] = learnt
        return learnt

    def _local(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if colon and not namespace:
            raise UnusualRecordError
        known = self._names[f"{{{namespace}}}{local}" if namespace else local]
        if known in WRAPPERS:  # it is a unit of the tree wherever it stands
            raise UnusualRecordError
        return known

    def _scheme(self, attributes: str) -> str | None:
        """The scheme, if there is one; a blank attribute and xsi:nil say nothing."""
        scheme = None
        seen = set()
        for name, double, single in _ATTRIBUTE.findall(attributes):
            prefix, colon, local = name.rpartition(":")
            namespace = self._namespaces.get(prefix) if colon else None
            if local in seen or name == "xmlns" or (colon and not namespace):
                raise UnusualRecordError
            seen.add(local)
            value = fold(double or single)
            if name == "scheme":
                scheme = value
            elif value is not None and (local != "nil" or namespace != _INSTANCE):
                raise UnusualRecordError
        return scheme
