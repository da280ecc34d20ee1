"""Specialities, whose wrapper is not known in every version: told by the codes they carry."""

from typing import Final

from lxml import etree

from sordiff.model import Speciality
from sordiff.snapshot.blocks import Block, Judge

_CODES: Final = frozenset({"SpecialityIdentifier", "SpecialityCode"})
_ENTRY: Final = {
    "SpecialityCode": "code",
    "SpecialityIdentifier": "code",
    "SpecialityType": "type",
    "SpecialityTypeIdentifier": "type",
}
_SEVERAL: Final = frozenset({"code"})


def holds_specialities(element: etree._Element, judge: Judge) -> bool:
    """Whether the element is a speciality code or has one below it."""
    return any(judge.names[str(below.tag)] in _CODES for below in element.iter())


def read_specialities(record: Block) -> tuple[Speciality, ...]:
    """The set of specialities of a record; what stands beside them goes to its `other`."""
    found: set[tuple[str, str]] = set()
    for element in record.repeated.get("specialities", ()):
        if record.judge.names[str(element.tag)] in _CODES:
            bare = Block(element, {}, record.judge)
            code = bare.other.pop("text()", None)
            if isinstance(code, str):
                found.add((code, ""))
            record.splice(bare)
        else:
            record.splice(_collect(element, record.judge, found))
    return tuple(Speciality(code=code, type=kind or None) for code, kind in sorted(found))


def _collect(element: etree._Element, judge: Judge, found: set[tuple[str, str]]) -> Block:
    """Take the codes out of an entry, or out of the entries in a wrapper; return what is left."""
    block = Block(element, _ENTRY, judge, _SEVERAL)
    codes = block.repeated.get("code", [])
    if not codes:
        below = [child for child in block.unknown if holds_specialities(child, judge)]
        block.unknown = [child for child in block.unknown if child not in below]
        if "type" in block.known:
            block.unknown.append(block.known.pop("type"))
        for child in below:
            block.splice(_collect(child, judge, found))
        return block
    kind = block.text("type")
    told = False
    for child in codes:
        leaf = Block(child, {}, judge)
        code = leaf.other.pop("text()", None)
        if isinstance(code, str):
            found.add((code, kind or ""))
            told = True
        block.splice(leaf)
    if not told and kind is not None:
        block.unknown.append(block.known["type"])
    return block
