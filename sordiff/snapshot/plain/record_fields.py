"""Read a record (InstitutionOwner, HealthInstitution or OrganizationalUnit) into a unit's fields.

Which element is which field stands in format/element_names.py.
"""

from typing import Any

from sordiff.model import (
    Address,
    Contact,
    Gln,
    Kind,
    LocationNumber,
    PostalAddress,
    SorId,
)
from sordiff.snapshot.format.element_names import (
    ADDRESS,
    ADDRESS_POSTAL,
    ADDRESSES,
    COLLECTIONS,
    CONTACT,
    GEOGRAPHICAL_PARENT,
    INFORMATION,
    LOCAL_ATTRIBUTES,
    NUMBER,
    NUMBER_BOOLEANS,
    NUMBER_TEXTS,
    OPTION,
    REFERENCES,
    REPLACED,
    STATUS,
    TEXTS,
    UNIT,
    leave_out_absent,
)
from sordiff.snapshot.format.field_mapping import place_mapped
from sordiff.snapshot.format.text import fold_space, quote_value, read_own_text
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.blocks import Block, ReadContext
from sordiff.snapshot.plain.record_elements import RecordElements, find_places
from sordiff.snapshot.plain.specialities import holds_specialities, read_specialities


def read_record(element: etree._Element, kind: Kind, context: ReadContext) -> dict[str, Any]:
    """Read the fields of the unit, by attribute name; its parent is not among them."""
    if context.noted_places is not None:
        context.noted_places |= find_places(element)
    if context.mapping:
        place_mapped(element, context.mapping, RecordElements(context.names))
    block = Block(element, UNIT, context, COLLECTIONS)
    _separate_specialities(block)
    if "sor_id" not in block.known:
        context.add_problem("sor_id.missing", "a unit without a SOR id", element)
    fields: dict[str, Any] = {"kind": kind, "sor_id": SorId(_read_sor_id(block, element) or "")}
    fields |= {name: block.read_text(name) for name in TEXTS}
    leave_out_absent(fields)
    fields |= _read_location_number(block, kind)
    fields |= _read_days(block)
    fields |= _read_geographical_parent(block)
    fields["address"] = _read_address(block)
    fields["contact"] = _read_contact(block)
    fields["specialities"] = read_specialities(block)
    for name in REFERENCES:
        fields[name] = _read_references(block, name)
    fields |= _read_wrapper(block, "information", INFORMATION, Block.read_boolean)
    fields |= _read_wrapper(block, "local_attributes", LOCAL_ATTRIBUTES, Block.read_text)
    fields["other"] = block.collect_unknown()
    return fields


def _read_sor_id(block: Block, element: etree._Element) -> str | None:
    """Read the SOR id; absent, blank, malformed or two of them: reasons to refuse the file."""
    sor_id = block.read_text("sor_id")
    if "sor_id" in block.known and sor_id is None:
        block.context.add_problem("sor_id.missing", "a unit with a blank SOR id", element)
    if "sor_id" in block.duplicates:
        block.context.add_problem("sor_id.twice", "a unit with two SOR ids", element)
    if sor_id is not None and not (sor_id.isascii() and sor_id.isalnum()):
        message = f"{quote_value(sor_id)} is not a SOR id: letters and digits alone are"
        block.context.add_problem("sor_id.malformed", message, element)
    return sor_id


def _separate_specialities(block: Block) -> None:
    """Move specialities from the unknown elements; their wrapper has no certain name."""
    found = [element for element in block.unknown if holds_specialities(element, block.context)]
    if found:
        block.repeated["specialities"] = found
        apart = set(found)
        block.unknown = [element for element in block.unknown if element not in apart]


def _read_wrapper(block: Block, field: str, fields: dict[str, str], read: Any) -> dict[str, Any]:
    wrapper = block.open_child(field, fields)
    if wrapper is None:
        return {}
    found = {name: read(wrapper, name) for name in dict.fromkeys(fields.values())}
    block.absorb_unknown(wrapper)
    return found


def _read_days(block: Block) -> dict[str, Any]:
    found = _read_wrapper(block, "status", STATUS, Block.read_day)
    return {f"{name}_" if name == "from" else name: day for name, day in found.items()}


def _read_geographical_parent(block: Block) -> dict[str, Any]:
    found = _read_wrapper(block, "geographical_parent", GEOGRAPHICAL_PARENT, Block.read_text)
    return {f"geographical_parent_{k.removeprefix('sor_')}": v for k, v in found.items()}


def _read_location_number(block: Block, kind: Kind) -> dict[str, Any]:
    """Read the number and the inherited mark; on an owner, who can't inherit, a mark is unknown."""
    option = block.open_child("location_number_option", OPTION)
    if option is None:
        return {"location_number": _read_number_block(block)}
    if kind is Kind.OWNER and "inherited" in option.known:
        option.unknown.append(option.known.pop("inherited"))
    inherited = option.read_boolean("inherited")
    number = _read_number_block(block)
    if number is None:
        number = _read_number_block(option)
    elif "location_number" in option.known:
        option.unknown.append(option.known["location_number"])
    block.absorb_unknown(option)
    return {"location_number": number, "location_number_inherited": inherited is True}


def _read_number_block(block: Block) -> LocationNumber | None:
    """Read a location number; a block without the number itself is kept as unknown."""
    inner = block.open_child("location_number", NUMBER)
    if inner is None:
        return None
    number = inner.read_text("number")
    if number is None:
        block.unknown.append(inner.element)
        return None
    fields: dict[str, Any] = {
        name: inner.read_text(name) for name in NUMBER_TEXTS if name != "number"
    }
    fields |= {name: inner.read_boolean(name) for name in NUMBER_BOOLEANS}
    fields |= _read_days(inner)
    return LocationNumber(number=Gln(number), **fields, other=inner.collect_unknown())


def _read_address(block: Block) -> Address | None:
    blocks = {
        name: _read_postal_address(inner)
        for name in ADDRESSES
        if (inner := block.open_child(name, ADDRESS)) is not None
    }
    return Address(**blocks) if any(blocks.values()) else None


def _read_postal_address(block: Block) -> PostalAddress | None:
    fields: dict[str, Any] = {
        name: block.read_text(name) for name in ADDRESS.values() if name != "address_postal"
    }
    inner = block.open_child("address_postal", ADDRESS_POSTAL)
    if inner is not None:
        fields["country_scheme"] = _take_country_scheme(inner)
        fields |= {name: inner.read_text(name) for name in ADDRESS_POSTAL.values()}
        block.absorb_unknown(inner)
    address = PostalAddress(**fields, other=block.collect_unknown())
    return None if address == PostalAddress() else address


def _take_country_scheme(block: Block) -> str | None:
    """Remove the scheme from the country code and return it; None if there is no code."""
    element = block.known.get("country_code")
    scheme = None if element is None else fold_space(element.get("scheme"))
    if element is None or scheme is None:
        return None
    del element.attrib["scheme"]
    return scheme if read_own_text(element) else None


def _read_contact(block: Block) -> Contact | None:
    inner = block.open_child("contact", CONTACT)
    if inner is None:
        return None
    fields = {name: inner.read_text(name) for name in CONTACT.values()}
    contact = Contact(**fields, other=inner.collect_unknown())
    return None if contact == Contact() else contact


def _read_references(block: Block, name: str) -> tuple[SorId, ...]:
    """Read the ids of a collection, as a sorted set; collections of one name are one set."""
    found: set[str] = set()
    for element in block.repeated.get(name, ()):
        collection = Block(element, REPLACED, block.context, frozenset({"sor_id"}))
        for child in collection.repeated.get("sor_id", ()):
            leaf = Block(child, {}, block.context)
            text = leaf.other.pop("text()", None)
            if isinstance(text, str):
                found.add(text)
            if leaf.collect_unknown():
                collection.keep_element(child)
        block.absorb_unknown(collection)
    return tuple(SorId(sor_id) for sor_id in sorted(found))
