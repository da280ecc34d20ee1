"""The elements of a record as the mapping of fields changes them."""

from sordiff.snapshot.format.field_places import FieldPlace
from sordiff.snapshot.format.text import LocalNames, read_own_text
from sordiff.snapshot.format.unknown_elements import read_value, sort_key
from sordiff.snapshot.loaded_lxml import etree


class RecordElements:
    """The elements as the parser has read them, with their texts."""

    has_texts = True

    def __init__(self, names: LocalNames) -> None:
        """`names`: those of the file, which know its namespaces."""
        self._names = names

    def children(self, element: etree._Element) -> list[etree._Element]:
        """The children."""
        return list(element)

    def local_name(self, element: etree._Element) -> str:
        """The local name, whatever the namespace."""
        return str(element.tag).rpartition("}")[2]

    def known_name(self, element: etree._Element) -> str:
        """The local name, if the namespace is the register's; else nothing."""
        return self._names[str(element.tag)]

    def says_something(self, element: etree._Element) -> bool:
        """Whether there is a text or an attribute in it."""
        return read_value(element) is not None

    def choose_first(self, elements: list[etree._Element]) -> etree._Element:
        """The first by content: the order of siblings says nothing."""
        return min(elements, key=lambda element: sort_key(read_value(element)))

    def move(self, element: etree._Element, parent: etree._Element, name: str) -> None:
        """Give the element this name, and move it if it stands elsewhere."""
        element.tag = self._names.build_tag(name)
        if element.getparent() is not parent:
            _leave_tail(element)
            parent.append(element)

    def add(self, parent: etree._Element, name: str) -> etree._Element:
        """Add a new element without anything in it."""
        return etree.SubElement(parent, self._names.build_tag(name))


def find_places(record: etree._Element) -> set[FieldPlace]:
    """Find the places of the elements of a record that say something, and of those around them."""
    found: set[FieldPlace] = set()
    waiting: list[tuple[etree._Element, FieldPlace]] = [(record, ())]
    while waiting:
        above, place = waiting.pop()
        for child in above:
            here = (*place, str(child.tag).rpartition("}")[2])
            waiting.append((child, here))
            if read_own_text(child) is not None:
                found.update(here[: depth + 1] for depth in range(len(here)))
    return found


def _leave_tail(element: etree._Element) -> None:
    """The text behind an element stays where it is when the element goes."""
    tail, element.tail = element.tail, None
    before, above = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + (tail or "")
    elif above is not None:
        above.text = (above.text or "") + (tail or "")
