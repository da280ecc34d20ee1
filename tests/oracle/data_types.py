"""SorDataTypes.xml, read by shape and not by name.

A list is an element whose repeated children each carry one code and at least one text.
"""

import re
from typing import Any

from .markup import Element, by_content, held, in_order, is_blank, local_name, tidied

CODE = ("Identifier", "Code", "Id")
TEXT = ("Name", "Text", "Term", "Description")
FEWEST_ENTRIES = 1  # a list that shrinks to one entry is still that list

# Which field of a unit a list speaks of: the first of these that the list's name contains.
SERVES = (
    ("entitytype", "unit_type"),
    ("unittype", "unit_type"),
    ("institutiontype", "unit_type"),
    ("ownertype", "unit_type"),
    ("enhedstype", "unit_type"),
    ("organisationallevel", "organisational_level"),
    ("organizationallevel", "organisational_level"),
    ("specialitytype", None),
    ("speciali", "specialities"),
    ("systemtype", "system"),
    ("systemsupplier", "system_supplier"),
    ("communicationsupplier", "network"),
    ("ediadministrator", "administrator"),
    ("region", "region"),
    ("municipality", "municipality_code"),
)


def field_served(list_name: str) -> str | None:
    plain = re.sub("[^a-z0-9]", "", list_name.lower())
    return next((field for part, field in SERVES if part in plain), None)


def read_lists(data_types: bytes) -> dict[str, dict[str, dict[str, Any]]]:
    lists: dict[str, dict[str, dict[str, Any]]] = {}
    for parent in tidied(data_types).iter():
        groups: dict[str, list[Element]] = {}
        for child in parent:
            if not is_blank(child):
                groups.setdefault(child.tag, []).append(child)
        for tag, group in groups.items():
            entries = [_entry(child) for child in sorted(group, key=by_content)]
            if len(entries) < FEWEST_ENTRIES or None in entries:
                continue
            for entry in entries:
                if entry is not None:  # of a code twice in a list, the first by content stands
                    lists.setdefault(local_name(tag), {}).setdefault(entry["code"], entry)
    return lists


def _entry(element: Element) -> dict[str, Any] | None:
    """Code, text and further fields, or None when this is no entry."""
    fields = [(local_name(name), value) for name, value in element.attrib.items()]
    fields += [(local_name(leaf.tag), leaf.text or "") for leaf in element if len(leaf) == 0]
    codes = [(name, value) for name, value in fields if name.endswith(CODE) and value]
    texts = [(name, value) for name, value in fields if name.endswith(TEXT)]
    if len(codes) != 1 or not texts:
        return None
    text = min(texts, key=_text_rank)
    further: dict[str, list[Any]] = {}
    fields.remove(codes[0])
    fields.remove(text)
    for name, value in fields:
        if value:
            further.setdefault(name, []).append(value)
    for child in element:
        for path, value in held(child).items():
            if path == "text()" and len(child) == 0:
                continue  # a leaf, read above
            plain = re.sub(r"\{[^}]*\}", "", f"{child.tag}/{path}")
            further.setdefault(plain, []).append(value)
    attributes = {n: v[0] if len(v) == 1 else in_order(v) for n, v in further.items()}
    return {"code": codes[0][1], "text": text[1] or None, "attributes": attributes}


def _text_rank(field: tuple[str, str]) -> tuple[bool, int, str, str]:
    """Of several texts: one that is not blank, by the order of the endings, then by name."""
    name, value = field
    ending = next(place for place, text in enumerate(TEXT) if name.endswith(text))
    return not value, ending, name, value
