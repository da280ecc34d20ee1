"""The JSON of a unit with a hole for each text that a layout has, and which text goes into which.

The holes are those of the operator `%` for bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from sordiff.snapshot.fast.tag_skeleton import UnusualRecordError
from sordiff.snapshot.fast.template import (
    BlockTemplate,
    Template,
    TextsTemplate,
    UnknownTemplate,
)

_TEXT_HOLE: Final = '"%b"'
_RAW_HOLE: Final = "%b"

# The name of a field, and its JSON with the places of the texts in its holes.
_Field = tuple[str, str, tuple[int, ...]]
_UnknownFields = Mapping[str, list[_Field]]


def join_unit(template: Template, numbers: Sequence[int | None]) -> tuple[str, tuple[int, ...]]:
    """The fields of the unit but for kind and parent, as JSON without its braces, the id first.

    `numbers`: for each selected text of the template its place among the texts of the layout, None
    where it has none. UnusualRecordError if only the template can tell what the texts mean.
    """
    own = _list_block(template.unit, numbers)
    if not own or own[0][0] != "sor_id":
        raise UnusualRecordError
    unknown = {each.field: _list_unknown(each, numbers) for each in template.unknown}
    fields = [
        *own,
        *unknown.get("", ()),
        *_list_number(template.number, numbers, unknown),
        *_list_addresses(template.addresses, numbers, unknown),
        *_list_contact(template.contact, numbers, unknown),
        *_list_references(template.references, numbers),
        *_list_specialities(template.specialities, numbers),
    ]
    _, text, places = _join_object("", fields)
    return text[1:-1], places


def say(numbers: Iterable[int | None]) -> list[int]:
    """Those that are there."""
    return [number for number in numbers if number is not None]


def _join_object(name: str, fields: Iterable[_Field]) -> _Field:
    """One field that is an object of these."""
    listed = [*fields]
    inside = ",".join(f'"{"from" if key == "from_" else key}":{text}' for key, text, _ in listed)
    return name, f"{{{inside}}}", tuple(place for *_, places in listed for place in places)


def _list_texts(names: Sequence[str], numbers: Sequence[int | None], hole: str) -> list[_Field]:
    pairs = zip(names, numbers, strict=True)
    return [(name, hole, (number,)) for name, number in pairs if number is not None]


def _list_block(block: BlockTemplate, numbers: Sequence[int | None]) -> list[_Field]:
    quoted = [*numbers[block.texts], *numbers[block.days]]
    raw = numbers[block.booleans]
    split = len(quoted)
    return [
        *_list_texts(block.names[:split], quoted, _TEXT_HOLE),
        *_list_texts(block.names[split:], raw, _RAW_HOLE),
    ]


def _list_unknown(template: UnknownTemplate, numbers: Sequence[int | None]) -> list[_Field]:
    """The field of what is unknown in a block, if there is any."""
    said = [
        (msgspec.json.encode(path).decode().replace("%", "%%"), number)
        for path, number in zip(template.paths, numbers[template.texts], strict=True)
        if number is not None
    ]
    text = ",".join(f"{path}:{_TEXT_HOLE}" for path, _ in said)
    return [("other", f"{{{text}}}", tuple(number for _, number in said))] if said else []


def _list_number(
    block: BlockTemplate | None, numbers: Sequence[int | None], unknown: _UnknownFields
) -> list[_Field]:
    if block is None:
        return []
    fields = [*_list_block(block, numbers), *unknown.get("location_number", ())]
    if not any(name == "number" for name, *_ in fields):
        raise UnusualRecordError
    return [_join_object("location_number", fields)]


def _list_addresses(
    templates: Iterable[TextsTemplate], numbers: Sequence[int | None], unknown: _UnknownFields
) -> list[_Field]:
    blocks = []
    for each in templates:
        fields = _list_texts(each.names, numbers[each.texts], _TEXT_HOLE)
        if each.scheme is not None and any(name == "country_code" for name, *_ in fields):
            scheme = msgspec.json.encode(each.scheme).decode().replace("%", "%%")
            fields.append(("country_scheme", scheme, ()))
        fields += unknown.get(each.field, ())
        if fields:
            blocks.append(_join_object(each.field, fields))
    return [_join_object("address", blocks)] if blocks else []


def _list_contact(
    template: TextsTemplate | None, numbers: Sequence[int | None], unknown: _UnknownFields
) -> list[_Field]:
    if template is None:
        return []
    fields = _list_texts(template.names, numbers[template.texts], _TEXT_HOLE)
    fields += unknown.get("contact", ())
    return [_join_object("contact", fields)] if fields else []


def _list_references(
    templates: Iterable[TextsTemplate], numbers: Sequence[int | None]
) -> list[_Field]:
    fields: list[_Field] = []
    for each in templates:
        said = say(numbers[each.texts])
        fields.append((each.field, f"[{','.join([_TEXT_HOLE] * len(said))}]", tuple(said)))
    return fields


def _list_specialities(
    pairs: Sequence[tuple[int, int | None]], numbers: Sequence[int | None]
) -> list[_Field]:
    each = []
    for code, kind in pairs:
        both = [numbers[code], None if kind is None else numbers[kind]]
        if both[0] is None:
            raise UnusualRecordError
        each.append(_join_object("", _list_texts(("code", "type"), both, _TEXT_HOLE)))
    places = tuple(place for *_, found in each for place in found)
    return [("specialities", f"[{','.join(text for _, text, _ in each)}]", places)] if each else []
