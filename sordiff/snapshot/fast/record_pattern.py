"""Ordinary records recognised at a stroke: one expression for the whole of a record.

It takes what the field table has, in the order of the extract, and of that only the simplest form:
leaves without attributes or references, ids and numbers of plain letters and digits, days that
every month has. Whatever else a record holds, it is not recognised, and others look at it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from sordiff.model import Day, Gln, Kind, SorId
from sordiff.snapshot.fast.record_summary import Glance
from sordiff.snapshot.fast.split_records import RECORDS, Bytes, Cut, letters
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
_LONGEST: Final = 65_536
# How an element is written is learnt at so many places, from so many bytes each.
_PLACES: Final = 32
_LOOKED_AT: Final = 65_536
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
_WRAPPER: Final = b"(?:%b)Entity" % b"|".join(name.encode() for name in RECORDS.values())
# What can't be there, in the place of a group.
_NOTHING: Final = rb"(?!)()"


class Recogniser:
    """Recognises pieces of one file, by the way in which it writes its elements."""

    def __init__(self, content: Bytes, root_tag: str, namespaces: Mapping[str | None, str]) -> None:
        """Look here and there in the file for how each element is written."""
        self._names = LocalNames(root_tag)
        self._namespaces = namespaces
        self._spelled: dict[str, bytes] = {}
        for start in range(0, len(content), max(1, len(content) // _PLACES)):
            for tag in set(_TAGS.findall(content[start : start + _LOOKED_AT])):
                self._learn(tag.decode("ascii"))
        self._patterns = [(kind, re.compile(self._piece(kind))) for kind in _KINDS]
        self._days: dict[bytes | None, Day | None] = {None: None}

    def _learn(self, tag: str) -> None:
        prefix, colon, local = tag.rpartition(":")
        namespace = self._namespaces.get(prefix if colon else None)
        if namespace and self._names[f"{{{namespace}}}{local}"] == local:
            self._spelled.setdefault(local, re.escape(tag.encode()))

    def recognise(self, content: Bytes, start: int, end: int) -> tuple[Cut, Glance] | None:
        """The piece that begins here, and its glance; None where it is not recognised."""
        for kind, pattern in self._patterns:
            found = pattern.match(content, start, end)
            if found is not None:
                return None if found.end() - start > _LONGEST else self._told(found, kind)
        return None

    def _told(self, found: re.Match[bytes], kind: Kind) -> tuple[Cut, Glance]:
        ended, _, sor_id, number, number_to, to, first_from = found.groups()
        closed = letters(ended) if ended else ""
        cut = Cut(found.start(), found.start(2), found.end(), closed, kind)
        days = self._days
        try:
            told = days[to], days[first_from], days[number_to]
        except KeyError:
            days.update((day, Day(day.decode())) for day in (to, first_from, number_to) if day)
            told = days[to], days[first_from], days[number_to]
        gln = None if number is None else Gln(number.decode())
        return cut, Glance(SorId(sor_id.decode()), told[0], told[1], gln, told[2])

    def _leaf(self, name: str, value: bytes = _TEXT) -> bytes:
        tag = self._spelled.get(name)
        return b"" if tag is None else b"<%b>%b</%b>%b" % (tag, value, tag, _SPACE)

    def _maybe(self, *parts: bytes) -> bytes:
        return b"".join(b"(?:%b)?+" % part for part in parts if part)

    def _leaves(self, names: Iterable[str]) -> bytes:
        return self._maybe(*map(self._leaf, names))

    def _block(self, name: str, inside: bytes) -> bytes:
        tag = self._spelled.get(name)
        if tag is None:
            return b""
        return b"<%b>%b%b</%b>%b" % (tag, _SPACE, inside, tag, _SPACE)

    def _status(self, *, of_unit: bool) -> bytes:
        """Days, of which `to` is a group, and of a unit first_from as well."""
        group = b"(%b)" % _DAY
        first_from = self._leaf("FirstFromDate", group if of_unit else _DAY)
        days = self._maybe(
            self._leaf("FromDate", _DAY),
            self._leaf("ToDate", group) or _NOTHING,
            self._leaf("UpdatedAt", _DAY),
            first_from or (_NOTHING if of_unit else b""),
        )
        return self._block("SorStatus", days)

    def _address(self, name: str) -> bytes:
        country = self._spelled.get("CountryIdentificationCode")
        coded = country and b"<%b(?: scheme=%b)?+>%b</%b>%b" % (
            country,
            _QUOTED,
            _TEXT,
            country,
            _SPACE,
        )
        postal = self._block("AddressPostal", self._leaves(_POSTAL) + self._maybe(coded or b""))
        return self._block(name, self._maybe(postal) + self._leaves(_BESIDE_POSTAL))

    def _specialities(self) -> bytes:
        one = self._block("ClinicalSpeciality", self._leaves(_SPECIALITY))
        return one and self._block("ClinicalSpecialityCollection", b"(?:%b)*+" % one)

    def _number(self, kind: Kind) -> bytes:
        """The block of a number: an owner's own, in others an option with it or with a mark."""
        gln = self._leaf("EanLocationCode", b"(%b)" % _WORD)
        status = self._status(of_unit=False)
        inside = gln + self._leaves(_NUMBER) + self._maybe(status)
        block = gln and status and self._block("EanLocationCodeEntity", inside)
        block = block or _NOTHING * 2
        if kind is Kind.OWNER:
            return block
        option = next((name for name in _OPTIONS if name in self._spelled), "")
        inside = b"(?:%b)?+" % block + self._leaves(_INHERITED)
        return self._block(option, inside) or _NOTHING * 2

    def _piece(self, kind: Kind) -> bytes:
        """Ended wrappers, the record's place, id, number, its last day, `to`, first_from."""
        record = RECORDS[kind].encode()
        sor_id = self._leaf("SorIdentifier", b"(%b)" % _WORD)
        status = self._status(of_unit=True)
        contact = self._block("VirtualAddressInformation", self._leaves(_CONTACT))
        return b"".join(
            (
                b"%b((?:</%b>%b)*+)<%bEntity>%b" % (_SPACE, _WRAPPER, _SPACE, record, _SPACE),
                b"()<%b>%b" % (record, _SPACE),
                sor_id or _NOTHING,
                self._leaves(_NAMED),
                b"(?:%b)?+" % self._number(kind),
                self._maybe(*map(self._address, _ADDRESSES), contact, self._specialities()),
                b"(?:%b)?+" % (status or _NOTHING * 2),
                self._leaves(_ISSUED),
                b"</%b>" % record,
            )
        )
