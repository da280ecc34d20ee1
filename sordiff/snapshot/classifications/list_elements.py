"""The elements of a file of lists: parsed, found by a path, grouped by their names."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from sordiff.snapshot.classifications.entries import collect_leaves, strip_namespace
from sordiff.snapshot.format.prolog import read_prolog
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.source.refusals import build_refusal

_ELEMENTS_SHOWN: Final = 5
_NAME_IN_PATH: Final = re.compile(r"(?<![\w@'\"{}:.-])([^\W\d][\w.-]*)(?=[\[/=\]]|$)")


def find_by_path(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path of local names, anywhere below the root.

    The path is one of ElementPath, such as `EntityType`, `DataType[@name='EntityType']/Value` or
    `SorDataType[DataType='EntityType']`; names stand for any namespace. Else ValueError.
    """
    in_any_namespace = _NAME_IN_PATH.sub(r"{*}\1", path)
    try:
        return root.findall(f".//{in_any_namespace}")
    except SyntaxError as error:  # so ElementPath says it
        raise ValueError(path) from error


def parse_list_file(content: bytes, name: str) -> etree._Element:
    """The root of a file of lists; SnapshotRefused if it is not well-formed or has a DOCTYPE."""
    stream = BytesIO(content)
    read_prolog(stream, name)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed: {(error.msg or '').split(', line ')[0]}"
        raise build_refusal(name, "not_well_formed", message, error.lineno) from error


def group_siblings(
    root: etree._Element, without: set[etree._Element]
) -> Iterator[tuple[etree._Element, str, list[etree._Element]]]:
    """Children of one name under one parent, for every parent, in document order."""
    for parent in root.iter():
        groups: dict[str, list[etree._Element]] = {}
        for child in parent:
            if child not in without:
                groups.setdefault(str(child.tag), []).append(child)
        for tag, elements in groups.items():
            yield parent, tag, elements


def describe_elements(root: etree._Element) -> str:
    """The elements that repeat, with what each holds: the names that [lists] needs."""
    repeated: dict[str, tuple[int, dict[str, None]]] = {}
    for _, tag, elements in group_siblings(root, set()):
        count, inside = repeated.get(strip_namespace(tag), (0, {}))
        for element in elements[:_ELEMENTS_SHOWN]:
            inside.update(dict.fromkeys(map(strip_namespace, collect_leaves(element))))
        repeated[strip_namespace(tag)] = (count + len(elements), inside)
    told = [
        f"{local} ({count} times{': ' + ', '.join(list(inside)[:8]) if inside else ''})"
        for local, (count, inside) in repeated.items()
        if count > 1
    ]
    if not told:
        return "no element stands in it several times"
    more = f" and {len(told) - _ELEMENTS_SHOWN} more" if len(told) > _ELEMENTS_SHOWN else ""
    return f"it has {'; '.join(told[:_ELEMENTS_SHOWN])}{more}; name the lists with [lists]"


def find_root(element: etree._Element) -> etree._Element:
    """The root of the file in which an element stands."""
    return element.getroottree().getroot()
