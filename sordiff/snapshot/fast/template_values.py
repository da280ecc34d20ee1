"""The fields of a record, filled with its texts as its plan says."""

from collections.abc import Sequence
from typing import Any, Final

from sordiff.model import Address, Contact, Day, LocationNumber, PostalAddress, Speciality
from sordiff.snapshot.fast.tag_skeleton import UnusualRecordError
from sordiff.snapshot.fast.template import BlockTemplate, Template, TextsTemplate
from sordiff.snapshot.format.text import Days

_Value = Any  # str or None; named for what it is, since msgspec would have each field's own type
_MAX_DAYS: Final = 65_536
_BOOLEANS: Final[dict[_Value, bool | None]] = {
    "true": True,
    "1": True,
    "false": False,
    "0": False,
    None: None,
}
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class StrictDays(dict[_Value, Day | None]):
    """Text -> day; UnusualRecordError where it is malformed. Absent is absent."""

    def __missing__(self, text: _Value) -> Day | None:
        day = None if text is None else Days()[text]
        if text is not None and day is None:
            raise UnusualRecordError
        if len(self) >= _MAX_DAYS:
            self.clear()
        self[text] = day
        return day


def resolve_references(text: str) -> str:
    """The text with the five references that every file knows resolved."""
    first, *rest = text.split("&")
    for part in rest:
        name, semicolon, after = part.partition(";")
        if not semicolon:
            raise UnusualRecordError
        first += _ENTITIES[name] + after
    return first


def fill_template(plan: Template, texts: Sequence[_Value], days: StrictDays) -> dict[str, Any]:
    """The fields that say something."""
    fields = _fill_block(plan.unit, texts, days)
    sor_id = fields["sor_id"]
    if sor_id is None or not (sor_id.isascii() and sor_id.isalnum()):
        raise UnusualRecordError
    if "location_number_inherited" in fields:
        fields["location_number_inherited"] = fields["location_number_inherited"] is True
    if plan.number is not None:
        number = _fill_block(plan.number, texts, days)
        if number["number"] is None:
            raise UnusualRecordError
        fields["location_number"] = LocationNumber(**number)
    if plan.addresses:
        fields["address"] = _fill_addresses(plan.addresses, texts)
    if plan.contact is not None:
        fields["contact"] = _fill_contact(plan.contact, texts)
    for reference in plan.references:
        fields[reference.field] = tuple(sorted({*texts[reference.texts]} - {None}))
    if plan.specialities:
        fields["specialities"] = _fill_specialities(plan, texts)
    return fields


def _fill_block(block: BlockTemplate, texts: Sequence[_Value], days: StrictDays) -> dict[str, Any]:
    return dict(
        zip(
            block.names,
            (
                *texts[block.texts],
                *map(days.__getitem__, texts[block.days]),
                *map(_BOOLEANS.__getitem__, texts[block.booleans]),
            ),
            strict=True,
        )
    )


def _fill_addresses(plans: tuple[TextsTemplate, ...], texts: Sequence[_Value]) -> Address | None:
    found = {plan.field: _fill_address(plan, texts[plan.texts]) for plan in plans}
    return Address(**found) if any(found.values()) else None


def _fill_contact(plan: TextsTemplate, texts: Sequence[_Value]) -> Contact | None:
    said = texts[plan.texts]
    return Contact(**dict(zip(plan.names, said, strict=True))) if any(said) else None


def _fill_address(address: TextsTemplate, texts: Sequence[_Value]) -> PostalAddress | None:
    if not any(texts):
        return None
    said = dict(zip(address.names, texts, strict=True))
    if address.scheme is not None and said["country_code"] is not None:
        said["country_scheme"] = address.scheme
    return PostalAddress(**said)


def _fill_specialities(plan: Template, texts: Sequence[_Value]) -> tuple[Speciality, ...]:
    """The set of specialities; one that stands there twice, or is blank, is for others to read."""
    found = {
        (texts[code], (None if kind is None else texts[kind]) or "")
        for code, kind in plan.specialities
    }
    if len(found) != len(plan.specialities) or any(code is None for code, _ in found):
        raise UnusualRecordError
    return tuple(Speciality(code=code, type=kind or None) for code, kind in sorted(found))
