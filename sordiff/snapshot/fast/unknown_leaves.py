"""The unknown leaves of a skeleton, by the paths under which format/unknown_elements.py keeps them.

Collected is what has a path of its own whatever the texts are. What may be a list (siblings of one
name), and what has a name that wrappers have, is left out, and must then be blank.
"""

from collections.abc import Iterable
from typing import Final

from sordiff.snapshot.fast.tag_skeleton import SkeletonNode, UnusualRecordError
from sordiff.snapshot.format.element_names import SPECIALITY, WRAPPERS, find_names

_CODES: Final = frozenset(find_names(SPECIALITY, "code"))


class UnknownLeaves:
    """The unknown leaves of each block: field of the block (empty for the unit) -> path -> leaf."""

    def __init__(self) -> None:
        """Nothing is collected yet."""
        self._blocks: dict[str, dict[str, SkeletonNode]] = {}

    def add(self, field: str, prefix: str, nodes: Iterable[SkeletonNode]) -> None:
        """Add sibling elements and what is in them, each path under the prefix."""
        by_tag: dict[str | None, list[SkeletonNode]] = {}
        for node in nodes:
            if _may_say(node):
                by_tag.setdefault(node.tag, []).append(node)
        for tag, (node, *others) in by_tag.items():
            if others or tag is None or tag.rpartition("}")[2] in WRAPPERS:
                continue
            if node.children:
                self.add(field, f"{prefix}{tag}/", node.children)
                continue
            leaves = self._blocks.setdefault(field, {})
            if prefix + tag in leaves:
                raise UnusualRecordError
            leaves[prefix + tag] = node

    def add_inside(self, field: str, wrapper: SkeletonNode, nodes: Iterable[SkeletonNode]) -> None:
        """Add what is unknown in a known wrapper, under its name."""
        if wrapper.tag is not None:
            self.add(field, f"{wrapper.tag}/", nodes)

    def list_blocks(self) -> list[tuple[str, dict[str, SkeletonNode]]]:
        """The blocks, each with its leaves in order of their paths."""
        return [(field, dict(sorted(leaves.items()))) for field, leaves in self._blocks.items()]


def holds_codes(node: SkeletonNode) -> bool:
    """Whether the node is a speciality code, or has one below it."""
    return node.local in _CODES or any(map(holds_codes, node.children))


def _may_say(node: SkeletonNode) -> bool:
    return any(map(_may_say, node.children)) if node.children else node.text is not None
