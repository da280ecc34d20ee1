"""Write units as XML of version 2, fast: by filling a format string for each block."""

from __future__ import annotations

from tests.making.numbers import valid_cvr, valid_gln, valid_sor_id

from .invented_register import Address, Kind, Number, Status, Unit

# Serials become numbers of these primes' worlds: neighbours in the tree get numbers far apart.
_SOR_IDS, _GLNS = (7_919, 1_000_003), (104_729, 999_983)
_ROOT = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\n'
    '<SorTree xmlns:osak="http://rep.oio.dk/osak.dk/xml/schemas/2006/04/25/"'
    ' xmlns:cpr="http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/"'
    ' xmlns:cvr="http://rep.oio.dk/cvr.dk/xml/schemas/2005/03/22/"'
    ' xmlns:xkom="http://rep.oio.dk/xkom.dk/xml/schemas/2006/01/06/"'
    ' xmlns:sor1="urn:oio:sundhedsstyrelsen:organisation:1.0.0"'
    ' xmlns:dkcc="http://rep.oio.dk/ebxml/xml/schemas/dkcc/2003/02/13/"'
    ' xmlns:dkcc2005="http://rep.oio.dk/ebxml/xml/schemas/dkcc/2005/03/15/"'
    ' xmlns:kms="http://rep.oio.dk/kms.dk/xml/schemas/2007/05/23/"'
    ' xmlns:xkom1="http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/"'
    ' xmlns="urn:oio:nsi:2.0.0">\n'
    "\t<sor1:CreatedAtTime>{day}T01:00:29.6269718+01:00</sor1:CreatedAtTime>\n"
    "\t<sor1:SnapshotDate>{day}</sor1:SnapshotDate>"
)
_RECORDS: dict[Kind, str] = {
    "owner": "InstitutionOwner",
    "institution": "HealthInstitution",
    "organizational_unit": "OrganizationalUnit",
}
_ADDRESS = """
\t<{name}AddressInformation>
\t\t<xkom:AddressPostal>
\t\t\t<dkcc2005:StreetName>{street}</dkcc2005:StreetName>
\t\t\t<dkcc:StreetBuildingIdentifier>{building}</dkcc:StreetBuildingIdentifier>{floor}{suite}
\t\t\t<dkcc2005:PostCodeIdentifier>{post_code}</dkcc2005:PostCodeIdentifier>
\t\t\t<dkcc2005:DistrictName>{town}</dkcc2005:DistrictName>
\t\t\t<dkcc:CountryIdentificationCode scheme="iso3166-alpha2">DK</dkcc:CountryIdentificationCode>
\t\t</xkom:AddressPostal>
\t\t<cpr:MunicipalityCode>{municipality}</cpr:MunicipalityCode>
\t\t<cpr:StreetCode>{street_code}</cpr:StreetCode>
\t\t<kms:RegionCode>{region}</kms:RegionCode>
\t\t<osak:CoordETRS89z32NMeasure>{north}</osak:CoordETRS89z32NMeasure>
\t\t<osak:CoordETRS89z32EMeasure>{east}</osak:CoordETRS89z32EMeasure>
\t</{name}AddressInformation>"""
_STATUS = """
\t<sor1:SorStatus>
\t\t<sor1:FromDate>{from_}</sor1:FromDate>{to}
\t\t<sor1:UpdatedAt>{updated}</sor1:UpdatedAt>
\t\t<sor1:FirstFromDate>{first_from}</sor1:FirstFromDate>
\t</sor1:SorStatus>"""
_NUMBER = """
\t<EanLocationCodeEntity>
\t\t<sor1:EanLocationCode>{gln}</sor1:EanLocationCode>
\t\t<sor1:OnlyInternalIndicator>false</sor1:OnlyInternalIndicator>
\t\t<sor1:NonActiveIndicator>false</sor1:NonActiveIndicator>
\t\t<SystemSupplierIdentifier>162</SystemSupplierIdentifier>
\t\t<SystemTypeIdentifier>{system}</SystemTypeIdentifier>
\t\t<CommunicationSupplierIdentifier>41000035001</CommunicationSupplierIdentifier>
\t\t<kms:RegionCode>{region}</kms:RegionCode>
\t\t<EdiAdministratorIdentifier>639</EdiAdministratorIdentifier>{status}
\t</EanLocationCodeEntity>"""
_SPECIALITY = """
\t\t<ClinicalSpeciality>
\t\t\t<SpecialityIdentifier>{code}</SpecialityIdentifier>
\t\t</ClinicalSpeciality>"""


def sor_id(serial: int) -> str:
    """The SOR id of the unit with this serial, which is below a million."""
    factor, prime = _SOR_IDS
    return valid_sor_id(1 + serial * factor % prime)


def gln(serial: int) -> str:
    """The location number whose first owner has this serial."""
    factor, prime = _GLNS
    return valid_gln(serial * factor % prime)


def write_header(day: str) -> str:
    """Write everything before the first owner."""
    return _ROOT.format(day=day)


TAIL = "\n</SorTree>\n"


def write_unit(unit: Unit, depth: int = 1) -> str:
    """Write a unit's wrapper with its record and the units below it, each on its own lines."""
    out: list[str] = []
    _append_unit(unit, depth, out)
    return "".join(out)


def _append_unit(unit: Unit, depth: int, out: list[str]) -> None:
    wrapper = _RECORDS[unit.kind] + "Entity"
    line = "\n" + "\t" * depth
    if unit.text is None:
        unit.text = _format_record(unit).replace("\n", line + "\t")
    out += (line, "<", wrapper, ">", unit.text)
    for child in unit.children:
        _append_unit(child, depth + 1, out)
    out += (line, "</", wrapper, ">")


def _format_record(unit: Unit) -> str:
    name = _RECORDS[unit.kind]
    parts = [
        f"\n<{name}>",
        f"\n\t<sor1:SorIdentifier>{sor_id(unit.serial)}</sor1:SorIdentifier>",
        f"\n\t<sor1:EntityName>{unit.name.replace('&', '&amp;')}</sor1:EntityName>",
        f"\n\t<EntityTypeIdentifier>{unit.unit_type}</EntityTypeIdentifier>",
    ]
    if unit.shak is not None:
        parts.append(f"\n\t<ShakIdentifier>{unit.shak}</ShakIdentifier>")
    if unit.provider is not None:
        parts.append(f"\n\t<ProviderIdentifier>{unit.provider:06d}</ProviderIdentifier>")
    parts.append(_format_location_number(unit))
    parts.extend(
        _format_address(name_, address)
        for name_, address in (
            ("Postal", unit.postal),
            ("Visiting", unit.visiting),
            ("Activity", unit.activity),
        )
        if address is not None
    )
    if unit.contact is not None:
        parts.append(_format_contact(*unit.contact))
    if unit.specialities:
        codes = "".join(_SPECIALITY.format(code=code) for code in unit.specialities)
        parts.append(
            f"\n\t<ClinicalSpecialityCollection>{codes}\n\t</ClinicalSpecialityCollection>"
        )
    parts.append(_format_status(unit.status))
    if unit.kind == "owner":
        cvr = valid_cvr(unit.serial)
        parts.append(f"\n\t<cvr:CVRnumberIdentifier>{cvr}</cvr:CVRnumberIdentifier>")
    parts.append(f"\n</{name}>")
    return "".join(parts)


def _format_location_number(unit: Unit) -> str:
    if unit.kind == "owner":
        return "" if unit.number is None else _format_number(unit.number)
    if unit.number is not None:
        within = _format_number(unit.number).replace("\n", "\n\t")
    else:
        mark = "true" if unit.inherited else "false"
        within = f"\n\t\t<EntityInheritanceIndicator>{mark}</EntityInheritanceIndicator>"
    return f"\n\t<EanLocationCodeOption>{within}\n\t</EanLocationCodeOption>"


def _format_number(number: Number) -> str:
    return _NUMBER.format(
        gln=gln(number.serial),
        system=number.system,
        region=number.region,
        status=_format_status(number.status).replace("\n", "\n\t"),
    )


def _format_status(status: Status) -> str:
    return _STATUS.format(
        from_=status.from_,
        to="" if status.to is None else f"\n\t\t<sor1:ToDate>{status.to}</sor1:ToDate>",
        updated=status.updated,
        first_from=status.first_from,
    )


def _format_address(name: str, address: Address) -> str:
    street, building, floor, suite, post_code, town, municipality, region, *rest = address
    return _ADDRESS.format(
        name=name,
        street=street,
        building=building,
        floor=_format_leaf("Floor", floor),
        suite=_format_leaf("Suite", suite),
        post_code=post_code,
        town=town,
        municipality=municipality,
        region=region,
        street_code=rest[0],
        north=rest[1],
        east=rest[2],
    )


def _format_leaf(name: str, text: str | None) -> str:
    return f"\n\t\t\t<dkcc:{name}Identifier>{text}</dkcc:{name}Identifier>" if text else ""


def _format_contact(email: str | None, website: str | None, phone: str) -> str:
    within = f"\n\t\t<sor1:TelephoneNumberIdentifier>{phone}</sor1:TelephoneNumberIdentifier>"
    if website is not None:
        within = f"\n\t\t<sor1:Website>{website}</sor1:Website>" + within
    if email is not None:
        said = f"<xkom1:EmailAddressIdentifier>{email}</xkom1:EmailAddressIdentifier>"
        within = f"\n\t\t{said}{within}"
    block = "sor1:VirtualAddressInformation"
    return f"\n\t<{block}>{within}\n\t</{block}>"
