"""One regular expression for each kind of record; an ordinary record is summarised by one match.

A pattern has the elements of the field table in the order of the extract, each in its simplest
form: leaves without attributes, ids and numbers of plain letters and digits, days that every year
has. A record that has anything else does not match, and is summarised in another way.
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.split_records import RECORD_NAMES, Content, RecordSlice, wrapper_letters
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

_SPACE: Final = rb"[ \t\r\n]*+"
# Not in a text: brackets, control characters, the first byte of U+F000 to U+FFFF, other references.
_HARMFUL: Final = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xef"
_CHARACTERS: Final = rb"[^%b]*+" % _HARMFUL
_QUOTED: Final = rb'"[^"%b]*+"' % _HARMFUL
_TEXT: Final = rb"%b(?:&(?:amp|lt|gt|quot|apos);%b)*+" % (_CHARACTERS, _CHARACTERS)
# February has no 29th here: whether the year has one is not for a pattern to say.
_DAY: Final = (
    rb"[12]\d\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_WORD: Final = rb"[0-9A-Za-z]++"
_MAX_RECORD_LENGTH: Final = 65_536
# The tags of the file are learnt from at most so many samples, each of so many bytes.
_SAMPLES: Final = 32
_SAMPLE_LENGTH: Final = 65_536
_TAGS: Final = re.compile(rb"<([A-Za-z][\w:.-]*)[ >]")
(_STATUS,) = find_names(UNIT, "status")
_KINDS: Final = (Kind.ORGANIZATIONAL_UNIT, Kind.INSTITUTION, Kind.OWNER)
_WRAPPER: Final = b"(?:%b)Entity" % b"|".join(name.encode() for name in RECORD_NAMES.values())
# In the place of a group that can't match; it keeps the number of groups.
_NEVER: Final = rb"(?!)()"


class RecordPatterns:
    """The patterns of one file, made from the way in which it writes its tags."""

    def __init__(
        self, content: Content, root_tag: str, namespaces: Mapping[str | None, str]
    ) -> None:
        """Learn the tags from samples of the file, and make the patterns."""
        self._names = LocalNames(root_tag)
        self._namespaces = namespaces
        self._tags: dict[str, bytes] = {}
        tags: set[bytes] = set()
        for start in range(0, len(content), max(_SAMPLE_LENGTH, len(content) // _SAMPLES)):
            tags.update(_TAGS.findall(content[start : start + _SAMPLE_LENGTH]))
        for tag in tags:
            self._learn_tag(tag.decode("ascii"))
        self._patterns = [(kind, re.compile(self._record_pattern(kind))) for kind in _KINDS]
        self._days: dict[bytes | None, Day | None] = {None: None}

    def _learn_tag(self, tag: str) -> None:
        prefix, colon, local = tag.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if namespace and self._names[f"{{{namespace}}}{local}"] == local:
            self._tags.setdefault(local, re.escape(tag.encode()))

    def match_record(
        self, content: Content, start: int, end: int
    ) -> tuple[RecordSlice, RecordSummary] | None:
        """The record from this offset, with its summary; None if it does not match."""
        for kind, pattern in self._patterns:
            found = pattern.match(content, start, end)
            if found is not None:
                return (
                    None
                    if found.end() - start > _MAX_RECORD_LENGTH
                    else self._summarise_match(found, kind)
                )
        return None

    def _summarise_match(
        self, found: re.Match[bytes], kind: Kind
    ) -> tuple[RecordSlice, RecordSummary]:
        end_tags, _, sor_id, number, number_to, to, first_from = found.groups()
        closed = wrapper_letters(end_tags) if end_tags else ""
        record = RecordSlice(found.start(), found.start(2), found.end(), closed, kind)
        days = self._days
        try:
            known = days[to], days[first_from], days[number_to]
        except KeyError:
            days.update((day, Day(day.decode())) for day in (to, first_from, number_to) if day)
            known = days[to], days[first_from], days[number_to]
        gln = None if number is None else Gln(number.decode())
        return record, RecordSummary(SorId(sor_id.decode()), known[0], known[1], gln, known[2])

    def _leaf_pattern(self, name: str, value: bytes = _TEXT) -> bytes:
        tag = self._tags.get(name)
        return b"" if tag is None else b"<%b>%b</%b>%b" % (tag, value, tag, _SPACE)

    def _join_optional(self, *parts: bytes) -> bytes:
        return b"".join(b"(?:%b)?+" % part for part in parts if part)

    def _leaves_pattern(self, names: Iterable[str]) -> bytes:
        return self._join_optional(*map(self._leaf_pattern, names))

    def _block_pattern(self, name: str, inside: bytes) -> bytes:
        tag = self._tags.get(name)
        if tag is None:
            return b""
        return b"<%b>%b%b</%b>%b" % (tag, _SPACE, inside, tag, _SPACE)

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
        return b"" if tag is None else leaf % (tag, _QUOTED, _TEXT, tag, _SPACE)

    def _specialities_pattern(self) -> bytes:
        one = self._block_pattern("ClinicalSpeciality", self._leaves_pattern(SPECIALITY))
        return one and self._block_pattern("ClinicalSpecialityCollection", b"(?:%b)*+" % one)

    def _number_pattern(self, kind: Kind) -> bytes:
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
        block = block or _NEVER * 2
        if kind is Kind.OWNER:
            return block
        options = find_names(UNIT, "location_number_option")
        option = next((name for name in options if name in self._tags), "")
        marks = self._leaves_pattern(find_names(OPTION, "inherited"))
        return self._block_pattern(option, b"(?:%b)?+" % block + marks) or _NEVER * 2

    def _record_pattern(self, kind: Kind) -> bytes:
        """Closed wrappers, the record, and in it what UNIT has, in that order.

        The groups are the wrappers' end tags, the record's start (empty), its id, its location
        number, the number's `to`, and the unit's `to` and `first_from`.
        """
        record = RECORD_NAMES[kind].encode()
        return b"".join(
            (
                b"%b((?:</%b>%b)*+)<%bEntity>%b" % (_SPACE, _WRAPPER, _SPACE, record, _SPACE),
                b"()<%b>%b" % (record, _SPACE),
                *(self._unit_pattern(name, field, kind) for name, field in UNIT.items()),
                b"</%b>" % record,
            )
        )

    def _unit_pattern(self, name: str, field: str, kind: Kind) -> bytes:
        """The pattern of one element of UNIT; empty if no pattern has it."""
        if field == "sor_id":
            return self._leaf_pattern(name, b"(%b)" % _WORD) or _NEVER
        if field == "location_number":
            return b"(?:%b)?+" % self._number_pattern(kind)
        if field in ADDRESSES:
            return self._join_optional(self._address_pattern(name))
        if field == "contact":
            return self._join_optional(self._block_pattern(name, self._leaves_pattern(CONTACT)))
        if field == "status":
            # The specialities stand before it, in a wrapper that has no name in every version.
            status = self._status_pattern({"to", "first_from"}) or _NEVER * 2
            return self._join_optional(self._specialities_pattern(), status)
        return self._leaves_pattern([name]) if field in TEXTS else b""
