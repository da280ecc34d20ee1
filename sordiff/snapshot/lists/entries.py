"""The entries of a list: each with its code, its text, and what else it holds."""

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree
from msgspec import Struct

from sordiff.list_shape import ListShape
from sordiff.model import Entry, OtherValue
from sordiff.snapshot.format.text import fold
from sordiff.snapshot.format.unknown_elements import kept, kept_attributes, together

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_CODE: Final = re.compile(r"(Identifier|Code|Id)$|^(identifier|code|id)$")
_TEXT: Final = re.compile(r"(Name|Text|Term|Description)$|^(name|text|term|description)$")


class ReadEntry(Struct, frozen=True, kw_only=True):
    """An entry, the element that it was read from, and the paths of its code and its text."""

    entry: Entry
    element: etree._Element
    used: frozenset[str]


def read_entries(group: Sequence[etree._Element], local: str, shape: ListShape) -> list[ReadEntry]:
    """The entries, or none where the group is no list: at least half must have code and text."""
    found = []
    for element in group:
        values = leaf_values(element)
        code_path = _pick(values, shape.code, _CODE, local)
        code = None if code_path is None else values[code_path]
        if code is not None:
            text_path = _pick(values, shape.text, _TEXT, local)
            used = frozenset(path for path in (code_path, text_path) if path)
            entry = Entry(
                code=code,
                text=values[text_path] if text_path else None,
                attributes=_attributes(element, used),
            )
            found.append(ReadEntry(entry=entry, element=element, used=used))
    if sum(read.entry.text is not None for read in found) * 2 < len(group):
        return []
    return found


def leaf_values(element: etree._Element) -> dict[str, str | None]:
    """The leaves and attributes of an element, by their path in `kept`."""
    found: dict[str, str | None] = {f"@{k}": fold(str(v)) for k, v in element.items()}
    for child in element:
        if not len(child):
            found.setdefault(str(child.tag), fold(child.text))
    return found


def local_name(path: str) -> str:
    """The last name of a path or tag, without namespace and `@`."""
    return path.rpartition("}")[2].removeprefix("@")


def _attributes(element: etree._Element, without: frozenset[str]) -> dict[str, OtherValue]:
    """What else an entry holds, by the local names on the way to it."""
    found: dict[str, OtherValue] = {}
    for path, value in (kept_attributes(element) | kept(list(element))).items():
        if path not in without:
            name = _NAMESPACE.sub("", path).removeprefix("@")
            found[name] = together(found[name], value) if name in found else value
    return dict(sorted(found.items()))


def _pick(
    values: dict[str, str | None], wanted: str | None, ending: re.Pattern[str], local: str
) -> str | None:
    """The path of the code or the text: as configured, else named after the list, else first."""
    if wanted is not None:
        return next((path for path in values if local_name(path) == wanted), None)
    fitting = [path for path in values if ending.search(local_name(path))]
    named = [
        path for path in fitting if ending.sub("", local_name(path)).casefold() == local.casefold()
    ]
    return next(iter(named or fitting), None)
