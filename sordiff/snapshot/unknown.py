"""What nobody knows: unknown elements and attributes, kept by their path so that they compare.

A leaf is its text; attributes stand under `@name`, stray text under `text()`; repeated siblings
become one sorted list, so that their order in the file says nothing and no pair is torn apart.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from lxml import etree

from sordiff.model import OtherValue
from sordiff.snapshot.text import NotSorError, fold, line_of, own_text

# To read them costs the square of their number.
_MOST_ATTRIBUTES: Final = 1000
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def kept(elements: Iterable[etree._Element], prefix: str = "") -> dict[str, OtherValue]:
    """Paths and values of sibling elements, each path under `prefix`."""
    groups: dict[str, list[etree._Element]] = {}
    for element in elements:
        groups.setdefault(str(element.tag), []).append(element)
    found: dict[str, OtherValue] = {}
    for tag, group in groups.items():
        saying = [(value, element) for element in group if (value := whole(element)) is not None]
        if len(saying) == 1:
            found |= kept_inside(saying[0][1], prefix + tag)
        elif saying:
            found[prefix + tag] = sorted((value for value, _ in saying), key=content_key)
    return found


def kept_inside(element: etree._Element, path: str) -> dict[str, OtherValue]:
    """One element at its path: its text, its attributes, its children."""
    found: dict[str, OtherValue] = {}
    text = own_text(element)
    if text is not None:
        found[f"{path}/text()" if len(element) else path] = text
    return found | kept_attributes(element, f"{path}/") | kept(element, f"{path}/")


def kept_attributes(element: etree._Element, prefix: str = "") -> dict[str, OtherValue]:
    """The attributes of an element that say something."""
    found: dict[str, OtherValue] = {}
    if len(element.keys()) > _MOST_ATTRIBUTES:
        message = f"an element with {len(element.keys()):,} attributes: this is not the register"
        raise NotSorError(message, line_of(element))
    for name, value in element.items():
        text = fold(str(value))
        if text is not None and name != _NIL:
            found[f"{prefix}@{name}"] = text
    return found


def whole(element: etree._Element) -> str | dict[str, OtherValue] | None:
    """An element as one value: its text, or an object of relative paths, or None for nothing."""
    text = own_text(element)
    inside = kept_attributes(element) | kept(element)
    if not inside:
        return text
    if text is not None:
        inside["text()"] = text
    return dict(sorted(inside.items()))


def content_key(value: Any) -> str:
    """A key that orders values by what they hold."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
