"""Read specialities. Their wrapper has no certain name: they are recognised by their codes."""

from typing import Final

from sordiff.model import Speciality
from sordiff.snapshot.format.element_names import SPECIALITY, find_names
from sordiff.snapshot.format.speciality_order import order_specialities
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.blocks import Block, ReadContext

_CODES: Final = frozenset(find_names(SPECIALITY, "code"))
_MULTIPLE: Final = frozenset({"code"})

# Code and type, each pair once, in the order of the file.
_Found = dict[tuple[str, str], None]


def holds_specialities(element: etree._Element, context: ReadContext) -> bool:
    """Whether the element is a speciality code, or has one below it."""
    return any(context.names[str(below.tag)] in _CODES for below in element.iter())


def read_specialities(record: Block) -> tuple[Speciality, ...]:
    """Read the specialities of a record; what else is there is kept as unknown."""
    found: _Found = {}
    for element in record.repeated.get("specialities", ()):
        if record.context.names[str(element.tag)] in _CODES:
            _read_code(element, record, found, "")
        else:
            _read_entry(element, record, found)
    return order_specialities(found)


def _read_entry(element: etree._Element, above: Block, found: _Found) -> None:
    """Read the codes of an entry, or of the entries in a wrapper, and add them to `found`.

    An entry with more than code and type is also kept as unknown as a whole: so the unknown stays
    with its code.
    """
    block = Block(element, SPECIALITY, above.context, _MULTIPLE)
    codes = block.repeated.get("code", [])
    if not codes:
        below = [child for child in block.unknown if holds_specialities(child, above.context)]
        apart = set(below)
        block.unknown = [child for child in block.unknown if child not in apart]
        if "type" in block.known:
            block.unknown.append(block.known.pop("type"))
        for child in below:
            _read_entry(child, block, found)
        above.absorb_unknown(block)
        return
    before = len(found)
    kind = block.read_text("type")
    for child in codes:
        _read_code(child, block, found, kind or "")
    if block.collect_unknown() or (len(found) == before and kind is not None):
        above.keep_element(element)


def _read_code(element: etree._Element, above: Block, found: _Found, kind: str) -> None:
    leaf = Block(element, {}, above.context)
    code = leaf.other.pop("text()", None)
    if isinstance(code, str):
        found[code, kind] = None
    if leaf.collect_unknown():
        above.keep_element(element)
