"""From a register to the tree of elements that stands for it, in version 1, 2 or 3 of the format.

What a version can't hold is left out. Where it is unknown how version 2 writes a field, the name of version 1 in the
default namespace of version 2 is taken. Version 3 is version 2 under another default namespace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .plain import Element, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .plain import Kind, PlainAddress, PlainContact, PlainNumber, PlainRegister, PlainUnit

Version = Literal[1, 2, 3]

V1 = "urn:oio:sundhedsstyrelsen:organisation:1.0.0"
DEFAULT: dict[Version, str] = {1: V1, 2: "urn:oio:nsi:2.0.0", 3: "urn:oio:nsi:3.0.0"}
_OIO = "http://rep.oio.dk/"
XKOM_ADDRESS = _OIO + "xkom.dk/xml/schemas/2006/01/06/"
XKOM = _OIO + "xkom.dk/xml/schemas/2005/03/15/"
DKCC = _OIO + "ebxml/xml/schemas/dkcc/2003/02/13/"
DKCC2005 = _OIO + "ebxml/xml/schemas/dkcc/2005/03/15/"
DKCC2005_2 = _OIO + "ebxml/xml/schemas/dkcc/2005/05/13/"
CPR = _OIO + "cpr.dk/xml/schemas/core/2005/03/18/"
CVR = _OIO + "cvr.dk/xml/schemas/2005/03/22/"
KMS = _OIO + "kms.dk/xml/schemas/2007/05/23/"
OSAK = _OIO + "osak.dk/xml/schemas/2006/04/25/"

RECORDS: dict[Kind, str] = {
    "owner": "InstitutionOwner",
    "institution": "HealthInstitution",
    "organizational_unit": "OrganizationalUnit",
}
_TYPES: dict[Kind, str] = {
    "owner": "OwnerType",
    "institution": "InstitutionType",
    "organizational_unit": "UnitType",
}
_POSTAL_PARTS = (
    (DKCC2005, "StreetName", "street_name"),
    (DKCC, "StreetBuildingIdentifier", "street_building"),
    (DKCC, "FloorIdentifier", "floor"),
    (DKCC, "SuiteIdentifier", "suite"),
    (DKCC2005, "DistrictSubdivisionIdentifier", "district_subdivision"),
    (DKCC2005_2, "PostOfficeBoxIdentifier", "post_office_box"),
    (DKCC2005, "PostCodeIdentifier", "post_code"),
    (DKCC2005, "DistrictName", "district_name"),
)
_VERSION_2_PARTS = (
    (CPR, "MunicipalityCode", "municipality_code"),
    (CPR, "StreetCode", "street_code"),
    (KMS, "RegionCode", "region_code"),
    (OSAK, "CoordETRS89z32NMeasure", "coordinate_north"),
    (OSAK, "CoordETRS89z32EMeasure", "coordinate_east"),
)
_STATUS = (
    ("FromDate", "from_"),
    ("ToDate", "to"),
    ("UpdatedAt", "updated"),
    ("FirstFromDate", "first_from"),
)
_WRAPPERS: dict[Version, str] = {
    1: "OptionalEanLocationCode",
    2: "EanLocationCodeOption",
    3: "EanLocationCodeOption",
}
_MARKS: dict[Version, str] = {
    1: "EntityInheritedIndicator",
    2: "EntityInheritanceIndicator",
    3: "EntityInheritanceIndicator",
}


class Shaper:
    """Builds the elements of one version.

    wrapper: the name of the location number's wrapper (None: that of the version). no_number: how a unit without a
    number says so: "false", an "empty" wrapper or an "absent" one. digits: booleans as 1 and 0. zone: text put behind
    every date. shuffle: called with each list of siblings whose order means nothing. scatter: called with known and
    unknown children, puts the latter among the former.
    """

    def __init__(
        self,
        version: Version,
        *,
        wrapper: str | None = None,
        no_number: Literal["false", "empty", "absent"] = "false",
        digits: bool = False,
        zone: str = "",
        shuffle: Callable[[list[Element]], None] | None = None,
        scatter: Callable[[list[Element], list[Element]], None] | None = None,
    ) -> None:
        self.version, self.default = version, DEFAULT[version]
        self.wrapper, self.no_number, self.zone = wrapper or _WRAPPERS[version], no_number, zone
        self.words = ("0", "1") if digits else ("false", "true")
        self.shuffle = shuffle or (lambda _: None)
        self.scatter = scatter or (lambda known, others: known.extend(others))

    def tree(self, register: PlainRegister) -> Element:
        """The whole extract."""
        owners = [self.entity(unit) for unit in register.units]
        self.shuffle(owners)
        head = [
            Element(V1, "CreatedAtTime", register.created_at),
            Element(V1, "SnapshotDate", register.snapshot_date + self.zone),
        ]
        return Element(
            self.default, "SorTree", children=(*head, *self.mixed(owners, register.unknown))
        )

    def entity(self, unit: PlainUnit) -> Element:
        """A unit's wrapper with its record and the wrappers below."""
        children = [self.entity(child) for child in unit.children]
        self.shuffle(children)
        within = self.mixed([self.record(unit), *children], unit.unknown_in_wrapper)
        return Element(
            self.default,
            RECORDS[unit.kind] + "Entity",
            None,
            unit.wrapper_attributes,
            tuple(within),
        )

    def mixed(self, known: list[Element], others: list[Element]) -> list[Element]:
        """Known children with the unknown ones behind or, when shuffled, among them."""
        if others:
            others = [self.unordered(other) for other in others]
            self.shuffle(others)
            self.scatter(known, others)
        return known

    def unordered(self, other: Element) -> Element:
        """An unknown element with its children in any order."""
        if not other.children:
            return other
        children = [self.unordered(child) for child in other.children]
        self.shuffle(children)
        return Element(other.namespace, other.local, other.text, other.attributes, tuple(children))

    def record(self, unit: PlainUnit) -> Element:
        """A unit's own record, in document order."""
        out = [Element(V1, "SorIdentifier", unit.sor_id)]
        self.text(out, V1, "EntityName", unit.name)
        type_name = _TYPES[unit.kind] if self.version == 1 else "EntityTypeIdentifier"
        self.text(out, self.default, type_name, unit.unit_type)
        self.text(out, self.default, "LocalCode", unit.local_code)
        self.text(out, self.default, "PharmacyIdentifier", unit.pharmacy_number)
        self.text(out, self.default, "ShakIdentifier", unit.shak)
        self.text(out, self.default, "ProviderIdentifier", unit.provider_number)
        self.location_number(out, unit)
        parent: list[Element] = []
        self.text(
            parent, self.default, "GeographicalParentRelation", unit.geographical_parent_relation
        )
        self.text(
            parent, self.default, "GeographicalParentSorIdentifier", unit.geographical_parent_id
        )
        self.block(out, "GeographicalParent", parent)
        for name, address in (
            ("Postal", unit.postal),
            ("Visiting", unit.visiting),
            ("Activity", unit.activity),
        ):
            if address is not None:
                out.append(
                    Element(
                        self.default, name + "AddressInformation", children=self.address(address)
                    )
                )
        if unit.contact is not None:
            out.append(
                Element(V1, "VirtualAddressInformation", children=self.contact(unit.contact))
            )
        self.block(
            out, "ClinicalSpecialityCollection", self.specialities(unit.specialities), ordered=True
        )
        self.status(out, unit)
        if self.version != 1:
            self.text(out, CVR, "CVRnumberIdentifier", unit.cvr)
            self.text(out, CVR, "ProductionUnitIdentifier", unit.p_number)
        self.text(out, self.default, "OrganisationalLevelCode", unit.organisational_level)
        for name, ids in (("Replaces", unit.replaces), ("ReplacedBy", unit.replaced_by)):
            self.block(
                out,
                name + "EntityCollection",
                [Element(V1, "SorIdentifier", sor_id) for sor_id in ids],
            )
        flags: list[Element] = []
        self.truth(flags, self.default, "AmbulantActivityIndicator", unit.ambulant_activity)
        self.truth(flags, self.default, "PatientsAdmittedIndicator", unit.patients_admitted)
        self.truth(flags, self.default, "ReportingLevelIndicator", unit.reporting_level)
        self.block(out, "OrganizationalUnitInformation", flags, ordered=True)
        local = [
            Element(self.default, f"LocalAttribute{place}", text)
            for place, text in sorted(unit.local_attributes.items())
        ]
        self.block(out, "LocalAttributeCollection", local, ordered=True)
        within = self.mixed(out, unit.unknown)
        return Element(self.default, RECORDS[unit.kind], None, unit.attributes, tuple(within))

    def location_number(self, out: list[Element], unit: PlainUnit) -> None:
        """The number's block: bare below an owner, in its wrapper with the inherited mark elsewhere."""
        block = [] if unit.location_number is None else [self.number(unit.location_number)]
        if unit.kind == "owner":
            out.extend(block)
            return
        if unit.location_number_inherited:
            self.truth(block, self.default, _MARKS[self.version], value=True)
        elif not block and self.no_number == "false":
            self.truth(block, self.default, _MARKS[self.version], value=False)
        if block or self.no_number != "absent":
            out.append(Element(self.default, self.wrapper, children=tuple(block)))

    def number(self, number: PlainNumber) -> Element:
        """A location number block."""
        code = "" if self.version == 1 else "Identifier"
        out: list[Element] = []
        self.text(out, V1, "EanLocationCode", number.number)
        self.truth(out, V1, "OnlyInternalIndicator", number.internal_only)
        self.truth(out, V1, "NonActiveIndicator", number.inactive)
        self.text(out, self.default, "SystemSupplier" + code, number.system_supplier)
        self.text(out, self.default, "SystemType" + code, number.system)
        self.text(out, self.default, "CommunicationSupplier" + code, number.network)
        self.text(out, V1 if self.version == 1 else KMS, "RegionCode", number.region)
        self.text(out, self.default, "EdiAdministrator" + code, number.administrator)
        self.text(out, self.default, "SorNote", number.note)
        self.status(out, number)
        return Element(
            self.default, "EanLocationCodeEntity", children=tuple(self.mixed(out, number.unknown))
        )

    def status(self, out: list[Element], of: PlainUnit | PlainNumber) -> None:
        """The SorStatus of a unit or of a number."""
        dates: list[Element] = []
        for name, attribute in _STATUS:
            date: str | None = getattr(of, attribute)
            self.text(dates, V1, name, date + self.zone if date and date.strip() else date)
        within = self.mixed(dates, of.unknown_in_status)
        if within:
            out.append(Element(V1, "SorStatus", children=tuple(within)))

    def address(self, address: PlainAddress) -> tuple[Element, ...]:
        """What stands in an address block."""
        postal: list[Element] = []
        for namespace, name, attribute in _POSTAL_PARTS:
            self.text(postal, namespace, name, getattr(address, attribute))
        if address.country_code is not None:
            scheme = {} if address.country_scheme is None else {"scheme": address.country_scheme}
            postal.append(Element(DKCC, "CountryIdentificationCode", address.country_code, scheme))
        out = [Element(XKOM_ADDRESS, "AddressPostal", children=tuple(postal))]
        self.text(out, self.default, "Stairway", address.stairway)
        if self.version != 1:
            for namespace, name, attribute in _VERSION_2_PARTS:
                self.text(out, namespace, name, getattr(address, attribute))
        return tuple(self.mixed(out, address.unknown))

    def contact(self, contact: PlainContact) -> tuple[Element, ...]:
        """What stands in the contact block."""
        out: list[Element] = []
        self.text(out, XKOM, "EmailAddressIdentifier", contact.email)
        self.text(out, V1, "Website", contact.website)
        self.text(out, V1, "TelephoneNumberIdentifier", contact.phone)
        self.text(out, V1, "FaxNumberIdentifier", contact.fax)
        return tuple(self.mixed(out, contact.unknown))

    def specialities(self, pairs: Sequence[tuple[str | None, str | None]]) -> list[Element]:
        """The specialities in any order, but for the first where no type tells the main one."""
        kept = 0
        if not any(fold(kind) for _, kind in pairs):
            kept = next((place + 1 for place, (code, _) in enumerate(pairs) if fold(code)), 0)
        others = [self.speciality(*pair) for pair in pairs[kept:]]
        self.shuffle(others)
        return [*(self.speciality(*pair) for pair in pairs[:kept]), *others]

    def speciality(self, code: str | None, kind: str | None) -> Element:
        """One speciality."""
        pair: list[Element] = []
        self.text(
            pair,
            self.default,
            "SpecialityCode" if self.version == 1 else "SpecialityIdentifier",
            code,
        )
        self.text(pair, self.default, "SpecialityType", kind)
        return Element(self.default, "ClinicalSpeciality", children=tuple(pair))

    def block(
        self, out: list[Element], local: str, within: list[Element], *, ordered: bool = False
    ) -> None:
        """Append a block in the default namespace unless nothing stands in it."""
        if within:
            if not ordered:
                self.shuffle(within)
            out.append(Element(self.default, local, children=tuple(within)))

    def text(self, out: list[Element], namespace: str, local: str, text: str | None) -> None:
        """Append a leaf unless the text is None; a blank text makes a blank leaf."""
        if text is not None:
            out.append(Element(namespace, local, text))

    def truth(self, out: list[Element], namespace: str, local: str, value: bool | None) -> None:
        """Append a boolean leaf unless it is None."""
        if value is not None:
            out.append(Element(namespace, local, self.words[value]))
