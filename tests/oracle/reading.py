"""read(): a snapshot as one plain nested dict.

The way of it: each known value is TAKEN out of the parsed tree, and whatever the tree still holds
afterwards is unknown and goes to `other`. So nothing can be lost and nothing counted twice.
"""

import datetime
import re
from typing import Any

from .data_types import read_lists
from .markup import Element, by_content, held, is_blank, local_name, namespace_of, tidied
from .names import (
    BESIDE_ADDRESS_POSTAL,
    CONTACT,
    ENTITIES,
    FAMILY,
    IN_ADDRESS_POSTAL,
    INHERITED,
    NUMBER_WRAPPERS,
    RECORDS,
    SPECIALITY_CODE,
    STATUS,
    UNIT_TYPE,
)


def read(xml: bytes, data_types: bytes | None = None) -> dict[str, Any]:
    root = tidied(xml)
    return _Reader(root).register(read_lists(data_types) if data_types else {})


def date_of(text: str) -> str | None:
    """A date without the zone behind it; None when it is no date."""
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?", text, re.ASCII)
    if match is None:
        return None
    try:
        datetime.date.fromisoformat(match[1])
    except ValueError:
        return None
    return match[1]


def version_of(namespace: str) -> str:
    """The last part of the root's namespace, if it looks like a version; else all of it."""
    match = re.search(r":(\d+(?:\.\d+)*)$", namespace)
    return match[1] if match else namespace


def present(parts: dict[str, Any]) -> dict[str, Any] | None:
    """A block in which nothing stands is absent."""
    return parts if any(value not in (None, {}) for value in parts.values()) else None


class _Reader:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.home = namespace_of(root.tag)
        self.units: dict[str, dict[str, Any]] = {}
        self.names: dict[str, str | None] = {}

    # --- finding and taking -------------------------------------------------------------------

    def name(self, element: Element) -> str | None:
        """The local name within the family of SOR namespaces; None for a foreign element."""
        tag = element.tag
        if tag not in self.names:
            namespace = namespace_of(tag)
            known = namespace in ("", self.home) or namespace.startswith(FAMILY)
            self.names[tag] = local_name(tag) if known else None
        return self.names[tag]

    def children(self, parent: Element | None, *names: str) -> list[Element]:
        found = [] if parent is None else [c for c in parent if self.name(c) in names]
        found = [c for c in found if not is_blank(c)]
        return sorted(found, key=by_content) if len(found) > 1 else found

    def block(self, parent: Element | None, *names: str) -> Element | None:
        """The first by content, when it is there more than once; the rest stay for `other`."""
        return next(iter(self.children(parent, *names)), None)

    def leaf(self, parent: Element | None, *names: str) -> Element | None:
        return next((c for c in self.children(parent, *names) if c.text), None)

    def text(self, parent: Element | None, *names: str) -> str | None:
        return take(self.leaf(parent, *names))

    def date(self, parent: Element | None, name: str) -> str | None:
        leaf = self.leaf(parent, name)
        date = date_of(leaf.text or "") if leaf is not None else None
        if date is not None:  # what is no date is left for `other`
            take(leaf)
        return date

    def boolean(self, parent: Element | None, *names: str) -> bool | None:
        return take_boolean(self.leaf(parent, *names))

    # --- the register -------------------------------------------------------------------------

    def register(self, lists: dict[str, Any]) -> dict[str, Any]:
        created_at = self.text(self.root, "CreatedAtTime")
        date = self.date(self.root, "SnapshotDate")
        if created_at is None or date is None:
            raise ValueError("no CreatedAtTime or no SnapshotDate")
        for entity in [c for c in self.root if self.name(c) in ENTITIES]:
            self.entity(entity, None)
            entity.clear()
        return {
            "created_at": created_at,
            "date": date,
            "version": version_of(self.home),
            "units": self.units,
            "lists": lists,
            "root_other": held(self.root),
        }

    def entity(self, wrapper: Element, parent_id: str | None) -> None:
        """One unit and, below it, those nested in its wrapper: nesting alone gives the parent."""
        records = [c for c in wrapper if self.name(c) in RECORDS]
        if len(records) != 1:
            raise ValueError(f"{len(records)} records in one {wrapper.tag}")
        unit = self.unit(records[0], parent_id)
        sor_id = unit["sor_id"]
        if sor_id in self.units:
            raise ValueError(f"two units with the id {sor_id}")
        self.units[sor_id] = unit
        records[0].clear()
        for child in [c for c in wrapper if self.name(c) in ENTITIES]:
            self.entity(child, sor_id)
            child.clear()
        # What stands in the wrapper beside the record is kept under the wrapper's own name.
        for path, value in held(wrapper).items():
            unit["other"][f"{wrapper.tag}/{path}"] = value

    def unit(self, record: Element, parent_id: str | None) -> dict[str, Any]:
        kind = RECORDS[self.name(record) or ""]
        if len(self.children(record, "SorIdentifier")) != 1:
            raise ValueError("a record without one SorIdentifier")
        geographical = self.block(record, "GeographicalParent")
        hospital = self.block(record, "OrganizationalUnitInformation")
        local = self.block(record, "LocalAttributeCollection")
        status = self.block(record, "SorStatus")
        unit: dict[str, Any] = {
            "sor_id": self.text(record, "SorIdentifier"),
            "kind": kind,
            "parent_id": parent_id,
            "name": self.text(record, "EntityName"),
            "unit_type": self.text(record, *UNIT_TYPE),
            "local_code": self.text(record, "LocalCode"),
            "pharmacy_number": self.text(record, "PharmacyIdentifier"),
            "shak": self.text(record, "ShakIdentifier"),
            "provider_number": self.text(record, "ProviderIdentifier"),
            "location_number": self.location_number(record),
            "location_number_inherited": kind != "owner" and self.inherited(record),
            "geographical_parent_relation": self.text(geographical, "GeographicalParentRelation"),
            "geographical_parent_id": self.text(geographical, "GeographicalParentSorIdentifier"),
            "address": present(
                {
                    "postal": self.address(self.block(record, "PostalAddressInformation")),
                    "visiting": self.address(self.block(record, "VisitingAddressInformation")),
                    "activity": self.address(self.block(record, "ActivityAddressInformation")),
                }
            ),
            "contact": self.contact(self.block(record, "VirtualAddressInformation")),
            "specialities": self.specialities(record),
            **{field: self.date(status, name) for field, name in STATUS.items()},
            "replaces": self.ids(self.block(record, "ReplacesEntityCollection")),
            "replaced_by": self.ids(self.block(record, "ReplacedByEntityCollection")),
            "ambulant_activity": self.boolean(hospital, "AmbulantActivityIndicator"),
            "patients_admitted": self.boolean(hospital, "PatientsAdmittedIndicator"),
            "reporting_level": self.boolean(hospital, "ReportingLevelIndicator"),
            **{f"local_attribute_{n}": self.text(local, f"LocalAttribute{n}") for n in range(1, 6)},
            "cvr": self.text(record, "CVRnumberIdentifier"),
            "p_number": self.text(record, "ProductionUnitIdentifier"),
        }
        # A later field: where it is absent it is left out, and not null.
        level = self.text(record, "OrganisationalLevelCode")
        if level is not None:
            unit["organisational_level"] = level
        unit["other"] = held(record)
        return unit

    # --- its parts ----------------------------------------------------------------------------

    def location_number(self, record: Element) -> dict[str, Any] | None:
        """Direct (owners) or in either wrapper. A block without a number is left for `other`."""
        places = [record, *self.children(record, *NUMBER_WRAPPERS)]
        blocks = [b for place in places for b in self.children(place, "EanLocationCodeEntity")]
        numbered = [b for b in blocks if self.leaf(b, "EanLocationCode") is not None]
        if not numbered:
            return None
        block = min(numbered, key=by_content)
        status = self.block(block, "SorStatus")
        number: dict[str, Any] = {
            "number": self.text(block, "EanLocationCode"),
            "internal_only": self.boolean(block, "OnlyInternalIndicator"),
            "inactive": self.boolean(block, "NonActiveIndicator"),
            "system_supplier": self.text(block, "SystemSupplier", "SystemSupplierIdentifier"),
            "system": self.text(block, "SystemType", "SystemTypeIdentifier"),
            "network": self.text(block, "CommunicationSupplier", "CommunicationSupplierIdentifier"),
            "administrator": self.text(block, "EdiAdministrator", "EdiAdministratorIdentifier"),
            "region": self.text(block, "RegionCode"),
            "note": self.text(block, "SorNote"),
            **{field: self.date(status, name) for field, name in STATUS.items()},
        }
        number["other"] = held(block)
        block.clear()
        return number

    def inherited(self, record: Element) -> bool:
        """`true` inherited; false, empty, absent or unreadable: not."""
        wrappers = self.children(record, *NUMBER_WRAPPERS)
        leaves = [leaf for w in wrappers for leaf in self.children(w, *INHERITED) if leaf.text]
        return bool(take_boolean(min(leaves, key=by_content, default=None)))

    def address(self, block: Element | None) -> dict[str, Any] | None:
        if block is None:
            return None
        postal = self.block(block, "AddressPostal")
        address: dict[str, Any] = {f: self.text(postal, n) for f, n in IN_ADDRESS_POSTAL.items()}
        country = self.leaf(postal, "CountryIdentificationCode")
        address["country_code"] = take(country)
        address["country_scheme"] = None if country is None else country.attrib.pop("scheme", None)
        for codeless in self.children(postal, "CountryIdentificationCode"):
            if not codeless.text:  # a scheme without a code is absent
                codeless.attrib.pop("scheme", None)
        address |= {field: self.text(block, n) for field, n in BESIDE_ADDRESS_POSTAL.items()}
        address["other"] = held(block)
        block.clear()
        return present(address)

    def contact(self, block: Element | None) -> dict[str, Any] | None:
        if block is None:
            return None
        contact: dict[str, Any] = {field: self.text(block, n) for field, n in CONTACT.items()}
        contact["other"] = held(block)
        block.clear()
        return present(contact)

    def specialities(self, record: Element) -> list[dict[str, Any]]:
        """Any element of the record with a speciality code below it is a collection of them."""
        found: dict[tuple[str, str | None], None] = {}
        for collection in [c for c in record if self.name(c) is not None]:
            for parent in collection.iter():
                codes = [c for c in self.children(parent, *SPECIALITY_CODE) if c.text]
                # A type beside several codes can be told of none of them.
                kind = self.text(parent, "SpecialityType") if len(codes) == 1 else None
                found |= dict.fromkeys((take(code) or "", kind) for code in codes)
        ordered = sorted(found, key=lambda pair: (pair[0], pair[1] or ""))
        # Where no type tells the main one, it is the first in the file.
        if not any(kind for _, kind in ordered):
            ordered.sort(key=lambda pair: pair != next(iter(found)))
        return [{"code": code, "type": kind} for code, kind in ordered]

    def ids(self, collection: Element | None) -> list[str]:
        return sorted({take(c) or "" for c in self.children(collection, "SorIdentifier")} - {""})


def take(leaf: Element | None) -> str | None:
    """The text, which then no longer stands in the tree."""
    if leaf is None or not leaf.text:
        return None
    text, leaf.text = leaf.text, ""
    return text


def take_boolean(leaf: Element | None) -> bool | None:
    """`true` and `1`, `false` and `0`; any other text is left for `other`."""
    value = {"true": True, "1": True, "false": False, "0": False}.get(
        (leaf.text or "") if leaf is not None else ""
    )
    if value is not None:
        take(leaf)
    return value
