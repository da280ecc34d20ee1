"""The names of the register's elements in both versions; the left side is the canonical field."""

FAMILY = ("urn:oio:sundhedsstyrelsen:organisation:", "urn:oio:nsi:", "http://rep.oio.dk/")
ENTITIES = ("InstitutionOwnerEntity", "HealthInstitutionEntity", "OrganizationalUnitEntity")
RECORDS = {
    "InstitutionOwner": "owner",
    "HealthInstitution": "institution",
    "OrganizationalUnit": "organizational_unit",
}
UNIT_TYPE = ("OwnerType", "InstitutionType", "UnitType", "EntityTypeIdentifier")
NUMBER_WRAPPERS = ("OptionalEanLocationCode", "EanLocationCodeOption")
INHERITED = ("EntityInheritedIndicator", "EntityInheritanceIndicator")
SPECIALITY_CODE = ("SpecialityIdentifier", "SpecialityCode")
IN_ADDRESS_POSTAL = {
    "street_name": "StreetName",
    "street_building": "StreetBuildingIdentifier",
    "floor": "FloorIdentifier",
    "suite": "SuiteIdentifier",
    "district_subdivision": "DistrictSubdivisionIdentifier",
    "post_office_box": "PostOfficeBoxIdentifier",
    "post_code": "PostCodeIdentifier",
    "district_name": "DistrictName",
}
BESIDE_ADDRESS_POSTAL = {
    "stairway": "Stairway",
    "municipality_code": "MunicipalityCode",
    "street_code": "StreetCode",
    "region_code": "RegionCode",
    "coordinate_north": "CoordETRS89z32NMeasure",
    "coordinate_east": "CoordETRS89z32EMeasure",
}
CONTACT = {
    "email": "EmailAddressIdentifier",
    "website": "Website",
    "phone": "TelephoneNumberIdentifier",
    "fax": "FaxNumberIdentifier",
}
STATUS = {
    "from": "FromDate",
    "to": "ToDate",
    "updated": "UpdatedAt",
    "first_from": "FirstFromDate",
}
