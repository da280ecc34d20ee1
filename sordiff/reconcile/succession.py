"""Who probably goes on with what a unit did that is gone: inferred, scored, and never told as fact.

Numbers decide and names only support. What speaks for a candidate is added up as evidence, and the
candidates compete with each other and with nobody at all: two that look the same halve the score.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from msgspec import Struct

from sordiff.model import Day, Gln, Kind, Record, SorId, State, find_state
from sordiff.reconcile.names import name_likeness

# Below it nothing is suggested.
LEAST_SCORE: Final = 0.5
# A unit that comes in place of another opens so many days before or after its last one.
_THEN: Final = (-93, 186)


class RegisteredNumber(Record, frozen=True, kw_only=True):
    """The number of a location number block, and nothing else."""

    number: Gln


class RegisteredPlace(Record, frozen=True, kw_only=True):
    """The parts of an address that say which house it is."""

    street_name: str | None = None
    street_building: str | None = None
    post_code: str | None = None


class RegisteredAddress(Record, frozen=True, kw_only=True):
    """The address blocks in brief."""

    postal: RegisteredPlace | None = None
    visiting: RegisteredPlace | None = None
    activity: RegisteredPlace | None = None


class RegisteredContact(Record, frozen=True, kw_only=True):
    """How a unit is called and written to."""

    phone: str | None = None
    email: str | None = None


class RegisteredUnit(Record, frozen=True, kw_only=True):
    """The fields of a unit by which successors are found; the other fields are not decoded."""

    sor_id: SorId
    kind: Kind
    parent_id: SorId | None = None
    name: str | None = None
    unit_type: str | None = None
    location_number: RegisteredNumber | None = None
    provider_number: str | None = None
    shak: str | None = None
    cvr: str | None = None
    p_number: str | None = None
    address: RegisteredAddress | None = None
    contact: RegisteredContact | None = None
    first_from: Day | None = None
    to: Day | None = None

    def is_open(self, on: Day) -> bool:
        """Whether the unit is open on that day."""
        return find_state(on, self.first_from, self.to) is State.OPEN


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


class Reason(StrEnum):
    """What speaks for a successor, in the order in which it is told."""

    SAME_NUMBER = "same_location_number"
    SAME_PROVIDER_NUMBER = "same_provider_number"
    SAME_SHAK = "same_shak"
    SAME_P_NUMBER = "same_p_number"
    SAME_CVR = "same_cvr"
    SAME_OWNER = "same_owner"
    SAME_PARENT = "same_parent"
    SAME_ADDRESS = "same_address"
    SAME_PHONE = "same_phone"
    SAME_EMAIL = "same_email"
    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    OPENED_THEN = "opened_then"


# Evidence that nobody would say as a reason.
_BASE: Final = "base"
_OTHER_TYPE: Final = "other_type"
_OTHER_TOWN: Final = "other_town"
_OTHER_NUMBERS: Final = "other_numbers"
_BEFORE: Final = "opened_before"
FEATURES: Final = (
    *map(str, Reason),
    _BASE,
    _OTHER_TYPE,
    _OTHER_TOWN,
    _OTHER_NUMBERS,
    _BEFORE,
)


class Successor(Struct, frozen=True):
    """A candidate with its score, from 0 to 1, and what speaks for it."""

    sor_id: SorId
    score: float
    reasons: tuple[Reason, ...]


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


def fold_house(place: RegisteredPlace) -> str | None:
    """A house as one text: post code, street and number."""
    from sordiff.reconcile.names import fold_name

    if not place.street_name or not place.post_code:
        return None
    street = " ".join(fold_name(place.street_name))
    return f"{place.post_code} {street} {(place.street_building or '').strip().lower()}"


def fold_email(email: str | None) -> str | None:
    """An address of mail in small letters."""
    return email.lower() if email else None


def fold_phone(phone: str | None) -> str | None:
    """The last eight digits of a phone number, which in Denmark are all of it."""
    digits = "".join(character for character in phone or "" if character.isdigit())
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


# Neighbours have them as well: they only link a unit to one that opened about when it closed.
WEAK_LINKS: Final = frozenset({Link.NAME, Link.HOUSE, Link.PHONE, Link.EMAIL, Link.PARENT})


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
    )
    return [(link, value) for link, value in values if value]


def opening_span(closed: Day) -> tuple[str, str]:
    """The first and the last day on which what comes in place of a closed unit usually opens."""
    day = date.fromisoformat(closed)
    first, last = (day.toordinal() + days for days in _THEN)
    in_calendar = (max(1, first), min(date.max.toordinal(), last))
    begin, end = (date.fromordinal(ordinal).isoformat() for ordinal in in_calendar)
    return begin, end


def find_features(gone: Traits, span: tuple[str, str], candidate: Traits) -> frozenset[str]:
    """The evidence for a candidate, and against it; `span`: the days on which it might open."""
    is_told_house = gone.house_of != candidate.house_of
    is_told_contact = gone.contact_of != candidate.contact_of
    same = {
        Reason.SAME_NUMBER: _same(gone.number, candidate.number),
        Reason.SAME_PROVIDER_NUMBER: _same(gone.provider_number, candidate.provider_number),
        Reason.SAME_SHAK: _same(gone.shak, candidate.shak),
        Reason.SAME_P_NUMBER: _same(gone.p_number, candidate.p_number),
        Reason.SAME_CVR: gone.cvr_of != candidate.cvr_of and _same(gone.cvr, candidate.cvr),
        Reason.SAME_OWNER: _same(gone.owner, candidate.owner),
        Reason.SAME_PARENT: _same(gone.parent, candidate.parent),
        Reason.SAME_ADDRESS: is_told_house and _same(gone.house, candidate.house),
        Reason.SAME_PHONE: is_told_contact and _same(gone.phone, candidate.phone),
        Reason.SAME_EMAIL: is_told_contact and _same(gone.email, candidate.email),
    }
    found: set[str] = {str(reason) for reason, holds in same.items() if holds}
    likeness = name_likeness(gone.name, candidate.name)
    if likeness >= _SAME_NAME:
        found.add(Reason.SAME_NAME)
    elif likeness >= _SIMILAR_NAME:
        found.add(Reason.SIMILAR_NAME)
    begin, end = span
    if candidate.first_from is not None and begin <= candidate.first_from <= end:
        found.add(Reason.OPENED_THEN)
    elif candidate.first_from is None or candidate.first_from < begin:
        found.add(_BEFORE)
    if gone.unit_type != candidate.unit_type:
        found.add(_OTHER_TYPE)
    if _differ(gone.post_code, candidate.post_code):
        found.add(_OTHER_TOWN)
    if _differ(gone.provider_number, candidate.provider_number):
        found.add(_OTHER_NUMBERS)
    found.add(_BASE)
    return frozenset(found)


_SAME_NAME: Final = 0.97
_SIMILAR_NAME: Final = 0.88


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def weigh(features: Iterable[str], weights: Mapping[str, float]) -> float:
    """The evidence as log odds against nobody having gone on."""
    return sum(weights[feature] for feature in features)


def score_candidates(odds: Sequence[float]) -> list[float]:
    """The probability of each candidate, given that at most one of them goes on."""
    most = max((0.0, *odds))
    parts = [math.exp(one - most) for one in odds]
    whole = sum(parts) + math.exp(-most)
    return [part / whole for part in parts]


def rank_successors(
    gone: Traits,
    closed: Day,
    candidates: Iterable[Traits],
    weights: Mapping[str, float] | None = None,
) -> list[Successor]:
    """The candidates of the unit's kind, the likeliest first; `closed`: its last valid day."""
    from sordiff.reconcile.weights import WEIGHTS

    chosen = [one for one in candidates if one.kind is gone.kind and one.sor_id != gone.sor_id]
    span = opening_span(closed)
    features = [find_features(gone, span, one) for one in chosen]
    scores = score_candidates([weigh(one, weights or WEIGHTS) for one in features])
    ranked = [
        Successor(one.sor_id, score, tuple(reason for reason in Reason if reason in found))
        for one, found, score in zip(chosen, features, scores, strict=True)
    ]
    return sorted(ranked, key=lambda found: (-found.score, found.sor_id))
