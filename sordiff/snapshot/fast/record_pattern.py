"""A regular expression for all ordinary records: one match finds a record and what is asked of it.

The pattern has the elements of the field table in the order of the extract, each in its simplest
form: leaves without attributes, ids and numbers of plain letters and digits, real days. A record
that has anything else does not match, and is summarised in another way.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from sordiff.model import Kind
from sordiff.snapshot.fast.split_records import RECORD_NAMES, Content
from sordiff.snapshot.format.element_names import (
    ADDRESS,
    ADDRESS_POSTAL,
    ADDRESSES,
    CONTACT,
    NUMBER,
    OPTION,
    SPECIALITY,
    STATUS,
    TEXTS,
    UNIT,
    find_names,
)
from sordiff.snapshot.format.text import LocalNames

_ANY_SPACE: Final = rb"[ \t\r\n]*+"
# Not in a text: brackets, control characters, the first byte of U+F000 to U+FFFF, other references.
_HARMFUL: Final = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xef"
_CHARACTERS: Final = rb"[^%b]*+" % _HARMFUL
_QUOTED: Final = rb'"[^"%b]*+"' % _HARMFUL
_TEXT: Final = rb"%b(?:&(?:amp|lt|gt|quot|apos);%b)*+" % (_CHARACTERS, _CHARACTERS)
_LEAP_YEAR: Final = rb"(?:[12]\d(?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)"
_DAY: Final = (
    rb"(?:[12]\d\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)|%b-02-29)" % _LEAP_YEAR
)
_WORD: Final = rb"[0-9A-Za-z]++"
# The tags of the file are learnt from at most so many samples, each of so many bytes; how they are
# indented, from the beginning of each sample.
_SAMPLES: Final = 32
_SAMPLE_LENGTH: Final = 65_536
_INDENT_LENGTH: Final = 4_096
_TAGS: Final = re.compile(rb"<([A-Za-z][\w:.-]*)[ >]")
_GAPS: Final = re.compile(rb">([ \t\r\n]*)<")
(_STATUS,) = find_names(UNIT, "status")
# The most frequent kind first.
_KINDS: Final = (Kind.ORGANIZATIONAL_UNIT, Kind.INSTITUTION, Kind.OWNER)
_RECORD: Final = b"|".join(RECORD_NAMES[kind].encode() for kind in _KINDS)
# In the place of a group that can't match; it keeps the number of groups.
_NEVER: Final = rb"(?!)()"
# The groups of the pattern, in this order: the end tags of wrappers before the record, the name of
# the record, its start (empty), its id, the tag of the option around its number (or None), its
# location number, the number's `to`, and the unit's `to` and `first_from`.
START_GROUP: Final = 3
_OPTION_GROUP: Final = 5


class RecordPattern:
    """The pattern of one file, made from the way in which it writes its tags."""

    def __init__(
        self, content: Content, root_tag: str, namespaces: Mapping[str | None, str]
    ) -> None:
        """Learn the tags from samples of the file, and make the pattern."""
        self._names = LocalNames(root_tag)
        self._namespaces = namespaces
        self._tags: dict[str, bytes] = {}
        tags: set[bytes] = set()
        gaps: set[bytes] = set()
        for start in range(0, len(content), max(_SAMPLE_LENGTH, len(content) // _SAMPLES)):
            sample = content[start : start + _SAMPLE_LENGTH]
            tags.update(_TAGS.findall(sample))
            gaps.update(_GAPS.findall(sample[:_INDENT_LENGTH]))
        for tag in tags:
            self._learn_tag(tag.decode("ascii"))
        self._space = _find_space(gaps)
        self.compiled: Final = re.compile(self._build())

    def _learn_tag(self, tag: str) -> None:
        prefix, colon, local = tag.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if namespace and self._names[f"{{{namespace}}}{local}"] == local:
            self._tags.setdefault(local, re.escape(tag.encode()))

    def _leaf_pattern(self, name: str, value: bytes = _TEXT) -> bytes:
        tag = self._tags.get(name)
        return b"" if tag is None else b"<%b>%b</%b>%b" % (tag, value, tag, self._space)

    def _join_optional(self, *parts: bytes) -> bytes:
        return b"".join(b"(?:%b)?+" % part for part in parts if part)

    def _leaves_pattern(self, names: Iterable[str]) -> bytes:
        return self._join_optional(*map(self._leaf_pattern, names))

    def _block_pattern(self, name: str, inside: bytes) -> bytes:
        tag = self._tags.get(name)
        if tag is None:
            return b""
        return b"<%b>%b%b</%b>%b" % (tag, self._space, inside, tag, self._space)

    def _status_pattern(self, captured: AbstractSet[str]) -> bytes:
        """A SorStatus block; the days of the captured fields are groups."""
        return self._block_pattern(
            _STATUS,
            b"".join(
                self._captured_day(name)
                if field in captured
                else self._join_optional(self._leaf_pattern(name, _DAY))
                for name, field in STATUS.items()
            ),
        )

    def _captured_day(self, name: str) -> bytes:
        return b"(?:%b)?+" % (self._leaf_pattern(name, b"(%b)" % _DAY) or _NEVER)

    def _address_pattern(self, name: str) -> bytes:
        (postal_name,) = find_names(ADDRESS, "address_postal")
        inside = self._join_optional(*map(self._postal_leaf_pattern, ADDRESS_POSTAL))
        postal = self._block_pattern(postal_name, inside)
        beside = [name for name, field in ADDRESS.items() if field != "address_postal"]
        return self._block_pattern(name, self._join_optional(postal) + self._leaves_pattern(beside))

    def _postal_leaf_pattern(self, name: str) -> bytes:
        """A leaf of the address; the country code may have a scheme."""
        if ADDRESS_POSTAL[name] != "country_code":
            return self._leaf_pattern(name)
        tag = self._tags.get(name)
        leaf = b"<%b(?: scheme=%b)?+>%b</%b>%b"
        return b"" if tag is None else leaf % (tag, _QUOTED, _TEXT, tag, self._space)

    def _specialities_pattern(self) -> bytes:
        one = self._block_pattern("ClinicalSpeciality", self._leaves_pattern(SPECIALITY))
        return one and self._block_pattern("ClinicalSpecialityCollection", b"(?:%b)*+" % one)

    def _number_pattern(self) -> bytes:
        """The block of a location number.

        It is an owner's own; in other records it stands in an option, beside the inherited mark.
        """
        gln, *beside = NUMBER
        leaf = self._leaf_pattern(gln, b"(%b)" % _WORD)
        status = self._status_pattern({"to"})
        leaves = self._leaves_pattern(name for name in beside if name != _STATUS)
        inside = leaf + leaves + self._join_optional(status)
        (name,) = find_names(UNIT, "location_number")
        block = leaf and status and self._block_pattern(name, inside)
        options = find_names(UNIT, "location_number_option")
        option = next((self._tags[name] for name in options if name in self._tags), None)
        opened = _NEVER if option is None else b"(<%b>)%b" % (option, self._space)
        closed = b"" if option is None else b"</%b>%b" % (option, self._space)
        marks = self._leaves_pattern(find_names(OPTION, "inherited"))
        number = b"(?:%b)?+" % (block or _NEVER * 2)
        return b"(?:%b)?+%b(?(%d)%b%b)" % (opened, number, _OPTION_GROUP, marks, closed)

    def _build(self) -> bytes:
        """Closed wrappers, the record, and in it what UNIT has, in that order."""
        return b"".join(
            (
                b"%b((?:</(?:%b)Entity>%b)*+)" % (self._space, _RECORD, self._space),
                b"<(%b)Entity>%b()<\\2>%b" % (_RECORD, self._space, self._space),
                *(self._unit_pattern(name, field) for name, field in UNIT.items()),
                b"</\\2>",
            )
        )

    def _unit_pattern(self, name: str, field: str) -> bytes:
        """The pattern of one element of UNIT; empty if no pattern has it."""
        if field == "sor_id":
            return self._leaf_pattern(name, b"(%b)" % _WORD) or _NEVER
        if field == "location_number":
            return self._number_pattern()
        if field in ADDRESSES:
            return self._join_optional(self._address_pattern(name))
        if field == "contact":
            return self._join_optional(self._block_pattern(name, self._leaves_pattern(CONTACT)))
        if field == "status":
            # The specialities stand before it, in a wrapper that has no name in every version.
            status = self._status_pattern({"to", "first_from"}) or _NEVER * 2
            return self._join_optional(self._specialities_pattern(), status)
        return self._leaves_pattern([name]) if field in TEXTS else b""


def _find_space(gaps: AbstractSet[bytes]) -> bytes:
    """The white space between tags: where all samples are indented in one way, exactly that.

    It is found faster than any; who is indented otherwise is odd.
    """
    for newline in (b"\n", b"\r\n"):
        for indent in (b"\t", b" "):
            if all(
                gap.startswith(newline) and not gap[len(newline) :].strip(indent) for gap in gaps
            ):
                return newline + indent + b"*+"
    return _ANY_SPACE
