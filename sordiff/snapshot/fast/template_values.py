"""Fill a template with the texts of a record: the fields of its unit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sordiff.model import Address, Contact, Day, LocationNumber, PostalAddress, Speciality
from sordiff.snapshot.fast.tag_skeleton import UnusualRecordError
from sordiff.snapshot.fast.template import (
    BlockTemplate,
    Template,
    TextsTemplate,
    UnknownTemplate,
)
from sordiff.snapshot.format.element_names import leave_out_absent
from sordiff.snapshot.format.speciality_order import order_specialities
from sordiff.snapshot.format.text import Days

_Value = Any  # str or None; Any because msgspec gives each field a type of its own
_Unknown = defaultdict[str, dict[str, _Value]]
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
    """Text -> day, None -> None; UnusualRecordError for a malformed day."""

    def __missing__(self, text: _Value) -> Day | None:
        day = None if text is None else Days()[text]
        if text is not None and day is None:
            raise UnusualRecordError
        if len(self) >= _MAX_DAYS:
            self.clear()
        self[text] = day
        return day


def resolve_references(text: str) -> str:
    """Resolve the five references of XML; UnusualRecordError or KeyError for any other."""
    first, *rest = text.split("&")
    for part in rest:
        name, semicolon, after = part.partition(";")
        if not semicolon:
            raise UnusualRecordError
        first += _ENTITIES[name] + after
    return first


def fill_template(template: Template, texts: Sequence[_Value], days: StrictDays) -> dict[str, Any]:
    """The fields that say something; UnusualRecordError if the plain road must read the record."""
    unknown = _fill_unknown(template.unknown, texts)
    fields = _fill_block(template.unit, texts, days)
    leave_out_absent(fields)
    fields["other"] = unknown[""]
    sor_id = fields["sor_id"]
    if sor_id is None or not (sor_id.isascii() and sor_id.isalnum()):
        raise UnusualRecordError
    if "location_number_inherited" in fields:
        fields["location_number_inherited"] = fields["location_number_inherited"] is True
    if template.number is not None:
        number = _fill_block(template.number, texts, days)
        if number["number"] is None:
            raise UnusualRecordError
        fields["location_number"] = LocationNumber(**number, other=unknown["location_number"])
    if template.addresses:
        fields["address"] = _fill_addresses(template.addresses, texts, unknown)
    if template.contact is not None:
        fields["contact"] = _fill_contact(template.contact, texts, unknown["contact"])
    for reference in template.references:
        fields[reference.field] = tuple(sorted({*texts[reference.texts]} - {None}))
    if template.specialities:
        fields["specialities"] = _fill_specialities(template, texts)
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


def _fill_unknown(templates: Iterable[UnknownTemplate], texts: Sequence[_Value]) -> _Unknown:
    """What is unknown and not blank, by blocks; of a block without any, nothing."""
    found: _Unknown = defaultdict(dict)
    for each in templates:
        pairs = zip(each.paths, texts[each.texts], strict=True)
        found[each.field] = {path: text for path, text in pairs if text is not None}
    return found


def _fill_addresses(
    templates: tuple[TextsTemplate, ...], texts: Sequence[_Value], unknown: _Unknown
) -> Address | None:
    found = {
        each.field: _fill_address(each, texts[each.texts], unknown[each.field])
        for each in templates
    }
    return Address(**found) if any(found.values()) else None


def _fill_contact(
    template: TextsTemplate, texts: Sequence[_Value], other: dict[str, _Value]
) -> Contact | None:
    values = texts[template.texts]
    if not any(values) and not other:
        return None
    return Contact(**dict(zip(template.names, values, strict=True)), other=other)


def _fill_address(
    template: TextsTemplate, texts: Sequence[_Value], other: dict[str, _Value]
) -> PostalAddress | None:
    if not any(texts) and not other:
        return None
    values = dict(zip(template.names, texts, strict=True))
    if template.scheme is not None and values["country_code"] is not None:
        values["country_scheme"] = template.scheme
    return PostalAddress(**values, other=other)


def _fill_specialities(template: Template, texts: Sequence[_Value]) -> tuple[Speciality, ...]:
    """The specialities; UnusualRecordError if one stands there twice or is blank."""
    found = [
        (texts[code], (None if kind is None else texts[kind]) or "")
        for code, kind in template.specialities
    ]
    if len(set(found)) != len(found) or any(code is None for code, _ in found):
        raise UnusualRecordError
    return order_specialities(found)
