"""The field table of the extract: local names of both versions -> fields of the model.

They stand side by side, several names to one field, since a file may mix them.
"""

from typing import Final

from sordiff.model import Kind

WRAPPERS: Final = {
    "InstitutionOwnerEntity": ("InstitutionOwner", Kind.OWNER),
    "HealthInstitutionEntity": ("HealthInstitution", Kind.INSTITUTION),
    "OrganizationalUnitEntity": ("OrganizationalUnit", Kind.ORGANIZATIONAL_UNIT),
}
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
}
COLLECTIONS: Final = frozenset({"replaces", "replaced_by"})
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
    "EdiAdministrator": "administrator",
    "EdiAdministratorIdentifier": "administrator",
    "RegionCode": "region",
    "SorNote": "note",
    "SorStatus": "status",
}
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
REPLACED: Final = {"SorIdentifier": "sor_id"}
TEXTS: Final = (
    "name",
    "unit_type",
    "local_code",
    "pharmacy_number",
    "shak",
    "provider_number",
    "cvr",
    "p_number",
)
