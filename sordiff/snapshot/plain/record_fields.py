"""A record (InstitutionOwner, HealthInstitution, OrganizationalUnit) becomes a unit's fields.

Names of both versions stand side by side, since a file may mix them; the field table of the
extract is the source.
"""

from typing import Any

from lxml import etree

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
    COLLECTIONS,
    CONTACT,
    GEOGRAPHICAL_PARENT,
    INFORMATION,
    LOCAL_ATTRIBUTES,
    NUMBER,
    OPTION,
    REPLACED,
    STATUS,
    TEXTS,
    UNIT,
)
from sordiff.snapshot.format.field_mapping import place_mapped
from sordiff.snapshot.format.text import fold, own_text, quoted
from sordiff.snapshot.plain.blocks import Block, Judge
from sordiff.snapshot.plain.record_elements import RecordElements, said_places
from sordiff.snapshot.plain.specialities import holds_specialities, read_specialities


def read_record(element: etree._Element, kind: Kind, judge: Judge) -> dict[str, Any]:
    """The fields of the unit in a record, by attribute name, but for its parent."""
    if judge.noted is not None:
        judge.noted |= said_places(element)
    if judge.mapping:
        place_mapped(element, judge.mapping, RecordElements(judge))
    block = Block(element, UNIT, judge, COLLECTIONS)
    _set_specialities_apart(block)
    if "sor_id" not in block.known:
        judge.problem("sor_id.missing", "a unit without a SOR id", element)
    fields: dict[str, Any] = {"kind": kind, "sor_id": SorId(_sor_id(block, element) or "")}
    fields |= {name: block.text(name) for name in TEXTS}
    fields |= _location_number(block, kind)
    fields |= _days(block)
    fields |= _geographical_parent(block)
    fields["address"] = _address(block)
    fields["contact"] = _contact(block)
    fields["specialities"] = read_specialities(block)
    for name in ("replaces", "replaced_by"):
        fields[name] = _references(block, name)
    fields |= _spliced(block, "information", INFORMATION, Block.boolean)
    fields |= _spliced(block, "local_attributes", LOCAL_ATTRIBUTES, Block.text)
    fields["other"] = block.finish()
    return fields


def _sor_id(block: Block, element: etree._Element) -> str | None:
    """The id; blank is as bad as none, and two leave open which unit is meant."""
    sor_id = block.text("sor_id")
    if "sor_id" in block.known and sor_id is None:
        block.judge.problem("sor_id.missing", "a unit with a blank SOR id", element)
    if "sor_id" in block.again:
        block.judge.problem("sor_id.twice", "a unit with two SOR ids", element)
    if sor_id is not None and not (sor_id.isascii() and sor_id.isalnum()):
        message = f"{quoted(sor_id)} is not a SOR id: letters and digits alone are"
        block.judge.problem("sor_id.malformed", message, element)
    return sor_id


def _set_specialities_apart(block: Block) -> None:
    """Their wrapper has no name that is sure: they are told by the codes inside."""
    found = [element for element in block.unknown if holds_specialities(element, block.judge)]
    if found:
        block.repeated["specialities"] = found
        apart = set(found)
        block.unknown = [element for element in block.unknown if element not in apart]


def _spliced(block: Block, field: str, fields: dict[str, str], read: Any) -> dict[str, Any]:
    wrapper = block.inner(field, fields)
    if wrapper is None:
        return {}
    found = {name: read(wrapper, name) for name in dict.fromkeys(fields.values())}
    block.splice(wrapper)
    return found


def _days(block: Block) -> dict[str, Any]:
    found = _spliced(block, "status", STATUS, Block.day)
    return {f"{name}_" if name == "from" else name: day for name, day in found.items()}


def _geographical_parent(block: Block) -> dict[str, Any]:
    found = _spliced(block, "geographical_parent", GEOGRAPHICAL_PARENT, Block.text)
    return {f"geographical_parent_{k.removeprefix('sor_')}": v for k, v in found.items()}


def _location_number(block: Block, kind: Kind) -> dict[str, Any]:
    """The number and the mark; an owner can't inherit, so there a mark is unknown text."""
    option = block.inner("location_number_option", OPTION)
    if option is None:
        return {"location_number": _number(block)}
    if kind is Kind.OWNER and "inherited" in option.known:
        option.unknown.append(option.known.pop("inherited"))
    inherited = option.boolean("inherited")
    number = _number(block)
    if number is None:
        number = _number(option)
    elif "location_number" in option.known:
        option.unknown.append(option.known["location_number"])
    block.splice(option)
    return {"location_number": number, "location_number_inherited": inherited is True}


def _number(block: Block) -> LocationNumber | None:
    """The block's location number; one without a number is unknown text of the block."""
    inner = block.inner("location_number", NUMBER)
    if inner is None:
        return None
    number = inner.text("number")
    if number is None:
        block.unknown.append(inner.element)
        return None
    fields: dict[str, Any] = {
        name: inner.text(name)
        for name in ("system_supplier", "system", "network", "administrator", "region", "note")
    }
    fields["internal_only"] = inner.boolean("internal_only")
    fields["inactive"] = inner.boolean("inactive")
    fields |= _days(inner)
    return LocationNumber(number=Gln(number), **fields, other=inner.finish())


def _address(block: Block) -> Address | None:
    blocks = {
        name: _postal_address(inner)
        for name in ("postal", "visiting", "activity")
        if (inner := block.inner(name, ADDRESS)) is not None
    }
    return Address(**blocks) if any(blocks.values()) else None


def _postal_address(block: Block) -> PostalAddress | None:
    fields: dict[str, Any] = {
        name: block.text(name) for name in ADDRESS.values() if name != "address_postal"
    }
    inner = block.inner("address_postal", ADDRESS_POSTAL)
    if inner is not None:
        fields["country_scheme"] = _country_scheme(inner)
        fields |= {name: inner.text(name) for name in ADDRESS_POSTAL.values()}
        block.splice(inner)
    address = PostalAddress(**fields, other=block.finish())
    return None if address == PostalAddress() else address


def _country_scheme(block: Block) -> str | None:
    """The scheme of the country code, taken off it; without a code it says nothing."""
    element = block.known.get("country_code")
    scheme = None if element is None else fold(element.get("scheme"))
    if element is None or scheme is None:
        return None
    del element.attrib["scheme"]
    return scheme if own_text(element) else None


def _contact(block: Block) -> Contact | None:
    inner = block.inner("contact", CONTACT)
    if inner is None:
        return None
    fields = {name: inner.text(name) for name in CONTACT.values()}
    contact = Contact(**fields, other=inner.finish())
    return None if contact == Contact() else contact


def _references(block: Block, name: str) -> tuple[SorId, ...]:
    """The ids of a collection, a set; two collections of one name are one set."""
    found: set[str] = set()
    for element in block.repeated.get(name, ()):
        collection = Block(element, REPLACED, block.judge, frozenset({"sor_id"}))
        for child in collection.repeated.get("sor_id", ()):
            leaf = Block(child, {}, block.judge)
            text = leaf.other.pop("text()", None)
            if isinstance(text, str):
                found.add(text)
            if leaf.finish():
                collection.keep_whole(child)
        block.splice(collection)
    return tuple(SorId(sor_id) for sor_id in sorted(found))
