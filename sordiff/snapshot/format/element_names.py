"""The field table of the extract: local names of all versions -> fields of the model.

Both roads read by these tables, and by nothing else. A file may mix versions, so that the names of
all versions stand side by side, several names for one field. Each table is in the order of the
extract: records in that order are read fastest.

To add a field with one text, add it to `Unit` in model.py and its element names to UNIT. The same
holds for a field in a wrapper or block that has a table here (STATUS, INFORMATION, CONTACT, …).
"""

import hashlib
from typing import Any, Final

from sordiff.model import LATER_FIELDS, Kind

# The element of a record -> the kind of its unit.
RECORD_KINDS: Final = {
    "InstitutionOwner": Kind.OWNER,
    "HealthInstitution": Kind.INSTITUTION,
    "OrganizationalUnit": Kind.ORGANIZATIONAL_UNIT,
}
# The element around a record and the units below it -> the record's element, and the kind.
WRAPPERS: Final = {f"{name}Entity": (name, kind) for name, kind in RECORD_KINDS.items()}
UNIT: Final = {
    "SorIdentifier": "sor_id",
    "EntityName": "name",
    "OwnerType": "unit_type",
    "InstitutionType": "unit_type",
    "UnitType": "unit_type",
    "EntityTypeIdentifier": "unit_type",
    "LocalCode": "local_code",
    "PharmacyIdentifier": "pharmacy_number",
    "ShakIdentifier": "shak",
    "ProviderIdentifier": "provider_number",
    "EanLocationCodeEntity": "location_number",
    "OptionalEanLocationCode": "location_number_option",
    "EanLocationCodeOption": "location_number_option",
    "GeographicalParent": "geographical_parent",
    "PostalAddressInformation": "postal",
    "VisitingAddressInformation": "visiting",
    "ActivityAddressInformation": "activity",
    "VirtualAddressInformation": "contact",
    "SorStatus": "status",
    "ReplacesEntityCollection": "replaces",
    "ReplacedByEntityCollection": "replaced_by",
    "OrganizationalUnitInformation": "information",
    "LocalAttributeCollection": "local_attributes",
    "CVRnumberIdentifier": "cvr",
    "ProductionUnitIdentifier": "p_number",
    # The name in SOR2's tables; what version 3 calls it in XML is not known ([fields] tells it).
    "OrganisationalLevelCode": "organisational_level",
}
ADDRESSES: Final = ("postal", "visiting", "activity")
# Fields that may stand in a record more than once.
REFERENCES: Final = ("replaces", "replaced_by")
COLLECTIONS: Final = frozenset(REFERENCES)
# Fields whose elements have children: a table of their own each, below.
_BLOCKS: Final = frozenset(
    {
        "location_number",
        "location_number_option",
        "geographical_parent",
        *ADDRESSES,
        "contact",
        "status",
        *REFERENCES,
        "information",
        "local_attributes",
    }
)
# Fields of UNIT with one text each, the id aside.
TEXTS: Final = tuple(dict.fromkeys(f for f in UNIT.values() if f not in {"sor_id", *_BLOCKS}))
OPTION: Final = {
    "EanLocationCodeEntity": "location_number",
    "EntityInheritedIndicator": "inherited",
    "EntityInheritanceIndicator": "inherited",
}
NUMBER: Final = {
    "EanLocationCode": "number",
    "OnlyInternalIndicator": "internal_only",
    "NonActiveIndicator": "inactive",
    "SystemSupplier": "system_supplier",
    "SystemSupplierIdentifier": "system_supplier",
    "SystemType": "system",
    "SystemTypeIdentifier": "system",
    "CommunicationSupplier": "network",
    "CommunicationSupplierIdentifier": "network",
    "RegionCode": "region",
    "EdiAdministrator": "administrator",
    "EdiAdministratorIdentifier": "administrator",
    "SorNote": "note",
    "SorStatus": "status",
}
NUMBER_BOOLEANS: Final = ("internal_only", "inactive")
NUMBER_TEXTS: Final = tuple(
    dict.fromkeys(f for f in NUMBER.values() if f not in {*NUMBER_BOOLEANS, "status"})
)
STATUS: Final = {
    "FromDate": "from",
    "ToDate": "to",
    "UpdatedAt": "updated",
    "FirstFromDate": "first_from",
}
GEOGRAPHICAL_PARENT: Final = {
    "GeographicalParentRelation": "relation",
    "GeographicalParentSorIdentifier": "sor_id",
}
ADDRESS: Final = {
    "AddressPostal": "address_postal",
    "Stairway": "stairway",
    "MunicipalityCode": "municipality_code",
    "StreetCode": "street_code",
    "RegionCode": "region_code",
    "CoordETRS89z32NMeasure": "coordinate_north",
    "CoordETRS89z32EMeasure": "coordinate_east",
}
ADDRESS_POSTAL: Final = {
    "StreetName": "street_name",
    "StreetBuildingIdentifier": "street_building",
    "FloorIdentifier": "floor",
    "SuiteIdentifier": "suite",
    "DistrictSubdivisionIdentifier": "district_subdivision",
    "PostOfficeBoxIdentifier": "post_office_box",
    "PostCodeIdentifier": "post_code",
    "DistrictName": "district_name",
    "CountryIdentificationCode": "country_code",
}
CONTACT: Final = {
    "EmailAddressIdentifier": "email",
    "Website": "website",
    "TelephoneNumberIdentifier": "phone",
    "FaxNumberIdentifier": "fax",
}
INFORMATION: Final = {
    "AmbulantActivityIndicator": "ambulant_activity",
    "PatientsAdmittedIndicator": "patients_admitted",
    "ReportingLevelIndicator": "reporting_level",
}
LOCAL_ATTRIBUTES: Final = {f"LocalAttribute{n}": f"local_attribute_{n}" for n in range(1, 6)}
SPECIALITY: Final = {
    "SpecialityCode": "code",
    "SpecialityIdentifier": "code",
    "SpecialityType": "type",
    "SpecialityTypeIdentifier": "type",
}
REPLACED: Final = {"SorIdentifier": "sor_id"}
TABLES: Final = (
    RECORD_KINDS,
    WRAPPERS,
    UNIT,
    OPTION,
    NUMBER,
    STATUS,
    GEOGRAPHICAL_PARENT,
    ADDRESS,
    ADDRESS_POSTAL,
    CONTACT,
    INFORMATION,
    LOCAL_ATTRIBUTES,
    SPECIALITY,
    REPLACED,
)
# A release that knows more elements reads every record anew, also where no byte of it changed: the
# state would otherwise keep the element among the unknown ones until somebody touched the record.
NAMES_DIGEST: Final = hashlib.sha256(repr(TABLES).encode()).digest()


def leave_out_absent(fields: dict[str, Any]) -> None:
    """Leave out what the model leaves out where it is absent."""
    for name in LATER_FIELDS:
        if fields.get(name, "") is None:
            del fields[name]


def find_names(table: dict[str, str], field: str) -> list[str]:
    """The element names of a field, in order."""
    return [name for name, found in table.items() if found == field]
