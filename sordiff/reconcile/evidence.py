"""What speaks for a candidate and what against it."""

from datetime import date
from enum import StrEnum
from typing import Final

from sordiff.model import Day
from sordiff.reconcile.names import name_likeness
from sordiff.reconcile.traits import Traits

# A unit that comes in place of another opens so many days before or after its last one.
_THEN: Final = (-93, 186)


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
