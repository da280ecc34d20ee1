"""What reading needs to know of XML: white space, blankness, and the paths of unknown things."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any

Element = ET.Element

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def fold(text: str | None) -> str:
    """XML white space trimmed and folded; a no-break space is not XML white space."""
    return re.sub("[ \t\r\n]+", " ", text or "").strip(" ")


def tidied(xml: bytes) -> Element:
    """Parse; fold all text; gather the text between an element's children in the element itself.

    Blank attributes and xsi:nil are absent. Comments were never there.
    """
    root = ET.fromstring(xml)
    for element in root.iter():
        pieces = [element.text or ""]
        for child in element:
            pieces.append(child.tail or "")
            child.tail = None
        element.text = fold(" ".join(pieces))
        attributes = {name: fold(value) for name, value in element.attrib.items()}
        element.attrib.clear()
        element.attrib.update({n: v for n, v in attributes.items() if v and n != XSI_NIL})
    root.tail = None
    return root


def namespace_of(tag: str) -> str:
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2]


def is_blank(element: Element) -> bool:
    """Neither text nor attribute, in it or anywhere below."""
    if element.text or element.attrib:
        return False
    return all(is_blank(child) for child in element)


def held(element: Element) -> dict[str, Any]:
    """Everything an element (still) holds, as a map from a path relative to it to a value.

    `@attribute`, `text()` for its own text, `Child`, `Child/@attribute`, `Child/Grandchild`,
    `Child/text()` for text between elements. Repeated siblings are one sorted list under their
    common path: a bare leaf is its text, anything else an object of relative paths.
    """
    found: dict[str, Any] = {"@" + name: value for name, value in element.attrib.items()}
    if element.text:
        found["text()"] = element.text
    siblings: dict[str, list[Element]] = {}
    for child in element:
        if not is_blank(child):
            siblings.setdefault(child.tag, []).append(child)
    for tag, group in siblings.items():
        if len(group) > 1:
            found[tag] = in_order([_list_item(child) for child in group])
            continue
        child = group[0]
        for path, value in held(child).items():
            if path == "text()" and len(child) == 0:
                found[tag] = value
            else:
                found[f"{tag}/{path}"] = value
    return found


def _list_item(element: Element) -> Any:
    bare_leaf = len(element) == 0 and not element.attrib
    return element.text if bare_leaf else held(element)


def in_order(values: list[Any]) -> list[Any]:
    """Texts first, as texts; then objects, by their JSON."""
    texts = sorted(value for value in values if isinstance(value, str))
    objects = [value for value in values if not isinstance(value, str)]
    return [*texts, *sorted(objects, key=_as_json)]


def by_content(element: Element) -> tuple[str, str, str]:
    """The sort key of repetitions: what they hold, never where they stand."""
    return element.text or "", _as_json(held(element)), element.tag


def _as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
