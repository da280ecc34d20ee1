"""Unknown elements and attributes, kept by their paths so that two nights can be compared.

The value of a leaf is its text. Attributes have the path `@name`, text beside children `text()`.
Repeated siblings are one sorted list: their order in the file does not count, and what belongs
together stays together.
"""

import json
from collections.abc import Iterable
from itertools import repeat
from typing import Any, Final

from sordiff.model import OtherValue
from sordiff.snapshot.format.text import NotSorError, find_line, fold_space, read_own_text
from sordiff.snapshot.loaded_lxml import etree

# Reading the attributes of an element costs the square of their number.
_MAX_ATTRIBUTES: Final = 1000
_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def collect_elements(elements: Iterable[etree._Element], prefix: str = "") -> dict[str, OtherValue]:
    """Collect sibling elements: path -> value, each path under `prefix`."""
    siblings = list(elements)
    return _collect_siblings(siblings, prefix, _find_nonblank(siblings))


def collect_element(element: etree._Element, path: str) -> dict[str, OtherValue]:
    """Collect one element at its path: its text, its attributes, its children."""
    return _collect_element(element, path, _find_nonblank(element))


def read_value(element: etree._Element) -> str | dict[str, OtherValue] | None:
    """An element as one value: its text, or an object of relative paths; None if it is blank."""
    nonblank = _find_nonblank([element])
    return _read_nonblank_value(element, nonblank) if element in nonblank else None


def collect_attributes(element: etree._Element, prefix: str = "") -> dict[str, OtherValue]:
    """Collect the attributes that are not blank; NotSorError if there are too many."""
    found: dict[str, OtherValue] = {}
    if len(element.keys()) > _MAX_ATTRIBUTES:
        message = f"an element with {len(element.keys()):,} attributes: this is not the register"
        raise NotSorError(message, find_line(element))
    for name, value in element.items():
        text = fold_space(str(value))
        if text is not None and name != _NIL:
            found[f"{prefix}@{name}"] = text
    return found


def _find_nonblank(elements: Iterable[etree._Element]) -> set[etree._Element]:
    """Find the elements, among these and below, that have a text or attribute at any depth.

    All at once: to ask at each level anew costs the power of the depth.
    """
    found: set[etree._Element] = set()
    for element in elements:
        for below in element.iter():
            if below in found or (read_own_text(below) is None and not collect_attributes(below)):
                continue
            above: etree._Element | None = below
            while above is not None and above not in found:
                found.add(above)
                above = None if above is element else above.getparent()
    return found


def _collect_siblings(
    elements: Iterable[etree._Element], prefix: str, nonblank: set[etree._Element]
) -> dict[str, OtherValue]:
    groups: dict[str, list[etree._Element]] = {}
    for element in elements:
        if element in nonblank:
            groups.setdefault(str(element.tag), []).append(element)
    found: dict[str, OtherValue] = {}
    for tag, group in groups.items():
        if len(group) == 1:
            found |= _collect_element(group[0], prefix + tag, nonblank)
        else:
            found[prefix + tag] = sorted(
                map(_read_nonblank_value, group, repeat(nonblank)), key=sort_key
            )
    return found


def _collect_element(
    element: etree._Element, path: str, nonblank: set[etree._Element]
) -> dict[str, OtherValue]:
    found: dict[str, OtherValue] = {}
    text = read_own_text(element)
    if text is not None:
        found[f"{path}/text()" if len(element) else path] = text
    return (
        found
        | collect_attributes(element, f"{path}/")
        | _collect_siblings(element, f"{path}/", nonblank)
    )


def _read_nonblank_value(
    element: etree._Element, nonblank: set[etree._Element]
) -> str | dict[str, OtherValue]:
    """The value of an element that is not blank."""
    text = read_own_text(element)
    inside = collect_attributes(element) | _collect_siblings(element, "", nonblank)
    if not inside:
        return text or ""
    if text is not None:
        inside["text()"] = text
    return dict(sorted(inside.items()))


def sort_key(value: Any) -> str:
    """A key that sorts values by their content."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def merge_values(*values: OtherValue) -> OtherValue:
    """Merge values of one path into one sorted list; all at once, for there may be thousands."""
    every = [each for value in values for each in (value if isinstance(value, list) else [value])]
    return sorted(every, key=sort_key)
