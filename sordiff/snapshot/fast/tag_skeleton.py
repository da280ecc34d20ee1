"""The skeleton of a record: its tags as a tree, without the texts between them.

Only tags that are certainly well-formed and known become a tree: names of ASCII letters, prefixes
that the root element declares, and no attribute that says something but `scheme`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sordiff.snapshot.format.element_names import WRAPPERS
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping, place_mapped
from sordiff.snapshot.format.text import LocalNames, fold_space

_NAME: Final = r"(?:[A-Za-z_][A-Za-z0-9_.-]*:)?[A-Za-z_][A-Za-z0-9_.-]*"
_START: Final = re.compile(
    rf"""({_NAME})((?:[ \t\r\n]+{_NAME}=(?:"[^"&]*"|'[^'&]*'))*)[ \t\r\n]*(/?)""", re.A
)
_ATTRIBUTE: Final = re.compile(rf"""({_NAME})=(?:"([^"]*)"|'([^']*)')""", re.A)
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_MAX_DEPTH: Final = 20
_MAX_TAGS: Final = 4096


# The name as written, the local name, the whole tag, the scheme, and whether the tag is empty.
_StartTag = tuple[str, str, str, str | None, bool]


class UnusualRecordError(Exception):
    """The record is unusual; the plain road must read it."""


class SkeletonNode:
    """One element of a skeleton.

    `raw` is the name as written; `local` is the local name, empty for a foreign namespace; `tag` is
    namespace and local name as lxml gives them, None where the mapping of fields has changed them;
    `text` is the place of the text behind the start tag, None for an empty tag; `scheme` is the
    attribute.
    """

    __slots__ = ("children", "local", "raw", "scheme", "tag", "text")

    def __init__(
        self, raw: str, local: str, tag: str | None, text: int | None, scheme: str | None
    ) -> None:
        self.raw = raw
        self.local = local
        self.tag = tag
        self.text = text
        self.scheme = scheme
        self.children: list[SkeletonNode] = []


class SkeletonElements:
    """The elements of a skeleton as the mapping of fields changes them; their texts are unknown."""

    has_texts = False

    def __init__(self, root: SkeletonNode) -> None:
        """Note the parent of each element."""
        self._parents: dict[int, SkeletonNode] = {}
        self._note_parents(root)

    def _note_parents(self, above: SkeletonNode) -> None:
        for child in above.children:
            self._parents[id(child)] = above
            self._note_parents(child)

    def children(self, element: SkeletonNode) -> list[SkeletonNode]:
        """The children."""
        return element.children

    def local_name(self, element: SkeletonNode) -> str:
        """The local name, whatever the namespace."""
        return element.local or element.raw.rpartition(":")[2]

    def known_name(self, element: SkeletonNode) -> str:
        """The local name, if the namespace is the register's; else nothing."""
        return element.local

    def says_something(self, element: SkeletonNode) -> bool:
        """Whether a text may stand in it."""
        return element.text is not None

    def choose_first(self, elements: list[SkeletonNode]) -> SkeletonNode:
        """The only one: of several it is their texts that decide."""
        if len(elements) != 1:
            raise UnusualRecordError
        return elements[0]

    def move(self, element: SkeletonNode, parent: SkeletonNode, name: str) -> None:
        """Give the element this name, and move it if it stands elsewhere."""
        element.local, element.tag = name, None
        before = self._parents[id(element)]
        if before is not parent:
            before.children.remove(element)
            parent.children.append(element)
            self._parents[id(element)] = parent

    def add(self, parent: SkeletonNode, name: str) -> SkeletonNode:
        """Add a new element, in which no text can stand."""
        added = SkeletonNode(name, name, None, None, None)
        parent.children.append(added)
        self._parents[id(added)] = parent
        return added


class SkeletonParser:
    """Parses the tags of records, under the namespaces that the root element declares."""

    def __init__(
        self,
        root_tag: str,
        namespaces: Mapping[str | None, str],
        mapping: FieldMapping = UNMAPPED,
    ) -> None:
        """`root_tag` and `namespaces`: tag and nsmap of the root element, as lxml gives them."""
        self._mapping = mapping
        self._names = LocalNames(root_tag)
        self._namespaces = dict(namespaces)
        self._known: dict[str, _StartTag] = {}

    def parse_tags(self, tags: Sequence[str]) -> tuple[SkeletonNode, int]:
        """Return the root of the skeleton, and how many tags have a scheme.

        UnusualRecordError if the plain road must read it. Tags come without their brackets. The
        text behind the tag at index i has the place 2 i + 2.
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
            raw, local, whole, scheme, empty = self._known.get(tag) or self._parse_start_tag(tag)
            node = SkeletonNode(raw, local, whole, None if empty else 2 * index + 2, scheme)
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
        if self._mapping:
            place_mapped(root, self._mapping, SkeletonElements(root))
        return root, schemes

    def _parse_start_tag(self, tag: str) -> _StartTag:
        start = _START.fullmatch(tag)
        if start is None:
            raise UnusualRecordError
        if len(self._known) >= _MAX_TAGS:
            self._known.clear()
        whole = self._find_tag(start[1])
        local = self._names[whole]
        if local in WRAPPERS:  # it would be a unit of the tree wherever it stands
            raise UnusualRecordError
        learnt = (start[1], local, whole, self._read_scheme(start[2]), bool(start[3]))
        self._known[tag] = learnt
        return learnt

    def _find_tag(self, name: str) -> str:
        prefix, colon, local = name.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if colon and not namespace:
            raise UnusualRecordError
        return f"{{{namespace}}}{local}" if namespace else local

    def _read_scheme(self, attributes: str) -> str | None:
        """The scheme, if there is one; blank attributes and xsi:nil say nothing."""
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
