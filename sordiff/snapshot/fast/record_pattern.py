"""Ordinary records recognised at a stroke: one expression for the whole of a record.

It takes what the field table has, in the order of the extract, and of that only the simplest form:
leaves without attributes or references, ids and numbers of plain letters and digits, days that
every month has. Whatever else a record holds, it is not recognised, and others look at it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.split_records import RECORD_NAMES, Content, RecordSlice, wrapper_letters
from sordiff.snapshot.format.text import LocalNames

_SPACE: Final = rb"[ \t\r\n]*+"
# No brackets, no control characters, nor what begins U+F000 to U+FFFF, and no reference but these.
_HARMFUL: Final = rb"<>&\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xef"
_CHARACTERS: Final = rb"[^%b]*+" % _HARMFUL
_QUOTED: Final = rb'"[^"%b]*+"' % _HARMFUL
_TEXT: Final = rb"%b(?:&(?:amp|lt|gt|quot|apos);%b)*+" % (_CHARACTERS, _CHARACTERS)
# February has no 29th here: who has one is looked at by others.
_DAY: Final = (
    rb"[12]\d\d\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
    rb"|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_WORD: Final = rb"[0-9A-Za-z]++"
_MAX_RECORD_LENGTH: Final = 65_536
# How an element is written is learnt at so many places, from so many bytes each.
_SAMPLES: Final = 32
_SAMPLE_LENGTH: Final = 65_536
_TAGS: Final = re.compile(rb"<([A-Za-z][\w:.-]*)[ >]")
_POSTAL: Final = (
    "StreetName",
    "StreetBuildingIdentifier",
    "FloorIdentifier",
    "SuiteIdentifier",
    "DistrictSubdivisionIdentifier",
    "PostOfficeBoxIdentifier",
    "PostCodeIdentifier",
    "DistrictName",
)
_BESIDE_POSTAL: Final = (
    "Stairway",
    "MunicipalityCode",
    "StreetCode",
    "RegionCode",
    "CoordETRS89z32NMeasure",
    "CoordETRS89z32EMeasure",
)
_CONTACT: Final = (
    "EmailAddressIdentifier",
    "Website",
    "TelephoneNumberIdentifier",
    "FaxNumberIdentifier",
)
_NUMBER: Final = (
    "OnlyInternalIndicator",
    "NonActiveIndicator",
    "SystemSupplier",
    "SystemSupplierIdentifier",
    "SystemType",
    "SystemTypeIdentifier",
    "CommunicationSupplier",
    "CommunicationSupplierIdentifier",
    "RegionCode",
    "EdiAdministrator",
    "EdiAdministratorIdentifier",
    "SorNote",
)
_INHERITED: Final = ("EntityInheritedIndicator", "EntityInheritanceIndicator")
_OPTIONS: Final = ("EanLocationCodeOption", "OptionalEanLocationCode")
_NAMED: Final = (
    "EntityName",
    "OwnerType",
    "InstitutionType",
    "UnitType",
    "EntityTypeIdentifier",
    "LocalCode",
    "PharmacyIdentifier",
    "ShakIdentifier",
    "ProviderIdentifier",
)
_ADDRESSES: Final = (
    "PostalAddressInformation",
    "VisitingAddressInformation",
    "ActivityAddressInformation",
)
_SPECIALITY: Final = ("SpecialityCode", "SpecialityIdentifier", "SpecialityType")
_ISSUED: Final = ("CVRnumberIdentifier", "ProductionUnitIdentifier")
_KINDS: Final = (Kind.ORGANIZATIONAL_UNIT, Kind.INSTITUTION, Kind.OWNER)
_WRAPPER: Final = b"(?:%b)Entity" % b"|".join(name.encode() for name in RECORD_NAMES.values())
# What can't be there, in the place of a group.
_NEVER: Final = rb"(?!)()"


class RecordPatterns:
    """Recognises pieces of one file, by the way in which it writes its elements."""

    def __init__(
        self, content: Content, root_tag: str, namespaces: Mapping[str | None, str]
    ) -> None:
        """Look here and there in the file for how each element is written."""
        self._names = LocalNames(root_tag)
        self._namespaces = namespaces
        self._tags: dict[str, bytes] = {}
        for start in range(0, len(content), max(1, len(content) // _SAMPLES)):
            for tag in set(_TAGS.findall(content[start : start + _SAMPLE_LENGTH])):
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
        """The piece that begins here, and its glance; None where it is not recognised."""
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
        ended, _, sor_id, number, number_to, to, first_from = found.groups()
        closed = wrapper_letters(ended) if ended else ""
        cut = RecordSlice(found.start(), found.start(2), found.end(), closed, kind)
        days = self._days
        try:
            told = days[to], days[first_from], days[number_to]
        except KeyError:
            days.update((day, Day(day.decode())) for day in (to, first_from, number_to) if day)
            told = days[to], days[first_from], days[number_to]
        gln = None if number is None else Gln(number.decode())
        return cut, RecordSummary(SorId(sor_id.decode()), told[0], told[1], gln, told[2])

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

    def _status_pattern(self, *, of_unit: bool) -> bytes:
        """Days, of which `to` is a group, and of a unit first_from as well."""
        group = b"(%b)" % _DAY
        first_from = self._leaf_pattern("FirstFromDate", group if of_unit else _DAY)
        days = self._join_optional(
            self._leaf_pattern("FromDate", _DAY),
            self._leaf_pattern("ToDate", group) or _NEVER,
            self._leaf_pattern("UpdatedAt", _DAY),
            first_from or (_NEVER if of_unit else b""),
        )
        return self._block_pattern("SorStatus", days)

    def _address_pattern(self, name: str) -> bytes:
        country = self._tags.get("CountryIdentificationCode")
        coded = country and b"<%b(?: scheme=%b)?+>%b</%b>%b" % (
            country,
            _QUOTED,
            _TEXT,
            country,
            _SPACE,
        )
        postal = self._block_pattern(
            "AddressPostal", self._leaves_pattern(_POSTAL) + self._join_optional(coded or b"")
        )
        return self._block_pattern(
            name, self._join_optional(postal) + self._leaves_pattern(_BESIDE_POSTAL)
        )

    def _specialities_pattern(self) -> bytes:
        one = self._block_pattern("ClinicalSpeciality", self._leaves_pattern(_SPECIALITY))
        return one and self._block_pattern("ClinicalSpecialityCollection", b"(?:%b)*+" % one)

    def _number_pattern(self, kind: Kind) -> bytes:
        """The block of a number: an owner's own, in others an option with it or with a mark."""
        gln = self._leaf_pattern("EanLocationCode", b"(%b)" % _WORD)
        status = self._status_pattern(of_unit=False)
        inside = gln + self._leaves_pattern(_NUMBER) + self._join_optional(status)
        block = gln and status and self._block_pattern("EanLocationCodeEntity", inside)
        block = block or _NEVER * 2
        if kind is Kind.OWNER:
            return block
        option = next((name for name in _OPTIONS if name in self._tags), "")
        inside = b"(?:%b)?+" % block + self._leaves_pattern(_INHERITED)
        return self._block_pattern(option, inside) or _NEVER * 2

    def _record_pattern(self, kind: Kind) -> bytes:
        """Ended wrappers, the record's place, id, number, its last day, `to`, first_from."""
        record = RECORD_NAMES[kind].encode()
        sor_id = self._leaf_pattern("SorIdentifier", b"(%b)" % _WORD)
        status = self._status_pattern(of_unit=True)
        contact = self._block_pattern("VirtualAddressInformation", self._leaves_pattern(_CONTACT))
        return b"".join(
            (
                b"%b((?:</%b>%b)*+)<%bEntity>%b" % (_SPACE, _WRAPPER, _SPACE, record, _SPACE),
                b"()<%b>%b" % (record, _SPACE),
                sor_id or _NEVER,
                self._leaves_pattern(_NAMED),
                b"(?:%b)?+" % self._number_pattern(kind),
                self._join_optional(
                    *map(self._address_pattern, _ADDRESSES), contact, self._specialities_pattern()
                ),
                b"(?:%b)?+" % (status or _NEVER * 2),
                self._leaves_pattern(_ISSUED),
                b"</%b>" % record,
            )
        )
