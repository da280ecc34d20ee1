"""A unit as it is compared with those that may go on in its place, and what links the two."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from sordiff.brief_unit import IndexedPlace
from sordiff.model import Day, Kind, SorId
from sordiff.reconcile.names import fold_name
from sordiff.reconcile.registered_unit import RegisteredPlace, RegisteredUnit


class Traits(Struct, frozen=True, kw_only=True):
    """A unit as it is compared: what it inherits is resolved, and everything is folded.

    `cvr_of`, `house_of` and `contact_of` are the units that these are from: what two units inherit
    from one and the same unit says nothing of who goes on.
    """

    sor_id: SorId
    kind: Kind
    name: str | None
    unit_type: str | None
    number: str | None
    provider_number: str | None
    shak: str | None
    p_number: str | None
    cvr: str | None
    cvr_of: SorId | None
    owner: SorId | None
    parent: SorId | None
    house_of: SorId | None
    contact_of: SorId | None
    house: str | None
    post_code: str | None
    phone: str | None
    email: str | None
    first_from: Day | None


def describe(unit: RegisteredUnit, above: Traits | None) -> Traits:
    """The traits of a unit; what it has not itself it has from the unit above."""
    place, contact = _place(unit), unit.contact
    return Traits(
        sor_id=unit.sor_id,
        kind=unit.kind,
        name=unit.name,
        unit_type=unit.unit_type,
        number=unit.location_number.number if unit.location_number else None,
        provider_number=unit.provider_number,
        shak=unit.shak,
        p_number=unit.p_number,
        cvr=unit.cvr or (above.cvr if above else None),
        cvr_of=unit.sor_id if unit.cvr or not above else above.cvr_of,
        house_of=unit.sor_id if place or not above else above.house_of,
        contact_of=unit.sor_id if contact or not above else above.contact_of,
        owner=above.owner if above else unit.sor_id,
        parent=unit.parent_id,
        house=fold_house(place) if place else above.house if above else None,
        post_code=place.post_code if place else above.post_code if above else None,
        phone=fold_phone(contact.phone) if contact else above.phone if above else None,
        email=fold_email(contact.email) if contact else above.email if above else None,
        first_from=unit.first_from,
    )


def _place(unit: RegisteredUnit) -> RegisteredPlace | None:
    address = unit.address
    return (address.visiting or address.postal or address.activity) if address else None


def fold_house(place: RegisteredPlace | IndexedPlace) -> str | None:
    """A house as one text: post code, street and number."""
    if not place.street_name or not place.post_code:
        return None
    street = " ".join(fold_name(place.street_name))
    return f"{place.post_code} {street} {(place.street_building or '').strip().lower()}"


def fold_email(email: str | None) -> str | None:
    """An address of mail in small letters."""
    return email.lower() if email else None


def fold_phone(phone: str | None) -> str | None:
    """The last eight digits of a phone number, which in Denmark are all of it."""
    digits = phone if phone and phone.isdigit() else "".join(filter(str.isdigit, phone or ""))
    return digits[-8:] or None


class Link(StrEnum):
    """What a successor has in common with a unit: one of these at least."""

    NUMBER = "number"
    PROVIDER_NUMBER = "provider_number"
    SHAK = "shak"
    P_NUMBER = "p_number"
    NAME = "name"
    HOUSE = "house"
    PHONE = "phone"
    EMAIL = "email"
    PARENT = "parent"
    CVR = "cvr"


# Neighbours have them as well: they only link a unit to one that opened about when it closed.
WEAK_LINKS: Final = frozenset(
    {Link.NAME, Link.HOUSE, Link.PHONE, Link.EMAIL, Link.PARENT, Link.CVR}
)


def list_links(traits: Traits) -> list[tuple[Link, str]]:
    """The links of a unit."""
    values = (
        (Link.NUMBER, traits.number),
        (Link.PROVIDER_NUMBER, traits.provider_number),
        (Link.SHAK, traits.shak),
        (Link.P_NUMBER, traits.p_number),
        (Link.NAME, traits.name),
        (Link.HOUSE, traits.house),
        (Link.PHONE, traits.phone),
        (Link.EMAIL, traits.email),
        (Link.PARENT, traits.parent),
        (Link.CVR, traits.cvr),
    )
    return [(link, value) for link, value in values if value]
