"""The elements of a record as the mapping of fields changes them."""

from lxml import etree

from sordiff.snapshot.format.field_places import Place
from sordiff.snapshot.format.text import own_text
from sordiff.snapshot.format.unknown_elements import content_key, whole
from sordiff.snapshot.plain.blocks import Judge


class RecordElements:
    """The elements as the parser has read them, with their texts."""

    has_texts = True

    def __init__(self, judge: Judge) -> None:
        """`judge` knows the namespaces of the file."""
        self._names = judge.names

    def below(self, element: etree._Element) -> list[etree._Element]:
        """The children."""
        return list(element)

    def name(self, element: etree._Element) -> str:
        """The local name, whatever the namespace."""
        return str(element.tag).rpartition("}")[2]

    def known(self, element: etree._Element) -> str:
        """The local name, if the namespace is the register's; else nothing."""
        return self._names[str(element.tag)]

    def says(self, element: etree._Element) -> bool:
        """Whether there is a text or an attribute in it."""
        return whole(element) is not None

    def first(self, elements: list[etree._Element]) -> etree._Element:
        """The first by content: the order of siblings says nothing."""
        return min(elements, key=lambda element: content_key(whole(element)))

    def put(self, element: etree._Element, below: etree._Element, name: str) -> None:
        """Give the element this name, and move it where it stands elsewhere."""
        element.tag = self._names.own(name)
        if element.getparent() is not below:
            _leave_tail(element)
            below.append(element)

    def make(self, below: etree._Element, name: str) -> etree._Element:
        """A new element without anything in it."""
        return etree.SubElement(below, self._names.own(name))


def said_places(record: etree._Element) -> set[Place]:
    """The places of the elements of a record that say something, and of those around them."""
    found: set[Place] = set()
    waiting: list[tuple[etree._Element, Place]] = [(record, ())]
    while waiting:
        above, place = waiting.pop()
        for child in above:
            here = (*place, str(child.tag).rpartition("}")[2])
            waiting.append((child, here))
            if own_text(child) is not None:
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
