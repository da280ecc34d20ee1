"""Read the classifications in SorDataTypes.xml by their shape: no source documents the file.

A list is an element whose repeated children each have a code (an attribute or child whose local
name ends in Identifier, Code or Id) and a text (Name, Text, Term or Description). Everything else
in an entry becomes its attributes. The configuration can correct the guess for each list.
"""

import re
from io import BytesIO
from typing import Final

from lxml import etree
from msgspec import Struct

from sordiff.findings import Finding
from sordiff.list_shape import ListShape
from sordiff.model import Classification, Entry, OtherValue
from sordiff.snapshot.format.prolog import read_prolog
from sordiff.snapshot.format.text import fold_space
from sordiff.snapshot.format.unknown_elements import (
    collect_attributes,
    collect_elements,
    merge_values,
    sort_key,
)
from sordiff.snapshot.source.files import build_refusal

_NAMESPACE: Final = re.compile(r"\{[^}]*\}")
_CODE: Final = re.compile(r"(Identifier|Code|Id)$|^(identifier|code|id)$")
_TEXT: Final = re.compile(r"(Name|Text|Term|Description)$|^(name|text|term|description)$")
# The unit field that has the codes of a list, guessed from the name of the list.
_SERVED_FIELDS: Final = (
    (re.compile(r"entitytype|unittype|institutiontype|ownertype|enhedstype", re.I), "unit_type"),
    (re.compile(r"speciali(?!tytype)", re.I), "specialities"),
    (re.compile(r"systemtype", re.I), "location_number/system"),
    (re.compile(r"systemsupplier", re.I), "location_number/system_supplier"),
    (re.compile(r"communicationsupplier", re.I), "location_number/network"),
    (re.compile(r"ediadministrator", re.I), "location_number/administrator"),
    (re.compile(r"region", re.I), "location_number/region"),
    (re.compile(r"municipality", re.I), "address/municipality_code"),
)
_NO_LIST_FOUND: Final = (
    "no list was recognised in SorDataTypes.xml: looked for repeated elements that each hold a "
    "code (…Identifier, …Code, …Id) and a text (…Name, …Text, …Term, …Description)"
)


class DeliveredClassifications(Struct, frozen=True, kw_only=True):
    """The classifications of one night by name, with findings, and warnings for the user."""

    lists: dict[str, Classification] = {}
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


def read_classifications(
    content: bytes | None, name: str, shapes: dict[str, ListShape], *, demanded: bool
) -> DeliveredClassifications:
    """Read the lists; None content has none.

    If there is no list in the file: SnapshotRefused if the user named the file (`demanded`), else a
    warning.
    """
    if content is None:
        return DeliveredClassifications()
    root = _parse_root(content, f"{name} (SorDataTypes.xml)" if not demanded else name)
    entries: dict[str, list[Entry]] = {}
    serves: dict[str, str | None] = {}
    findings: list[Finding] = []
    for tag, group in _group_siblings(root):
        local = _strip_namespace(tag)
        shape = shapes.get(local, ListShape())
        found = [] if shape.ignore else _read_entries(group, local, shape, findings)
        if found:
            list_name = shape.name or local
            entries.setdefault(list_name, []).extend(found)
            serves[list_name] = (
                _guess_served_field(list_name) if shape.serves is None else shape.serves
            )
    if not entries:
        if demanded:
            raise build_refusal(name, "data_types.shape", _NO_LIST_FOUND)
        return DeliveredClassifications(
            warnings=(f"no classifications are taken from it: {_NO_LIST_FOUND}",)
        )
    lists = {
        list_name: Classification(
            name=list_name,
            serves=None if serves[list_name] == "none" else serves[list_name],
            entries=_index_by_code(list_name, entries[list_name], findings),
        )
        for list_name in sorted(entries)
    }
    return DeliveredClassifications(lists=lists, findings=tuple(findings))


def _parse_root(content: bytes, name: str) -> etree._Element:
    stream = BytesIO(content)
    read_prolog(stream, name)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed: {(error.msg or '').split(', line ')[0]}"
        raise build_refusal(name, "not_well_formed", message, error.lineno) from error


def _group_siblings(root: etree._Element) -> list[tuple[str, list[etree._Element]]]:
    """Group children of one name under one parent, for every parent, in document order."""
    found: list[tuple[str, list[etree._Element]]] = []
    for parent in root.iter():
        groups: dict[str, list[etree._Element]] = {}
        for child in parent:
            groups.setdefault(str(child.tag), []).append(child)
        found.extend(groups.items())
    return found


def _read_entries(
    group: list[etree._Element], local: str, shape: ListShape, findings: list[Finding]
) -> list[Entry]:
    """Read the entries; none if the group is no list: at least half must have code and text."""
    entries: list[Entry] = []
    for element in group:
        values = _collect_leaves(element)
        code_key = _choose_path(values, shape.code, _CODE, local)
        code = None if code_key is None else values[code_key]
        if code is not None:
            text_key = _choose_path(values, shape.text, _TEXT, local)
            text = values[text_key] if text_key else None
            attributes = _collect_entry_attributes(element, {code_key, text_key})
            entries.append(Entry(code=code, text=text, attributes=attributes))
    if sum(entry.text is not None for entry in entries) * 2 < len(group):
        return []
    if len(entries) < len(group):
        findings.append(
            Finding(
                code="classification.no_code",
                subject=local,
                message=f"{len(group) - len(entries)} entries without a code are left out",
            )
        )
    return entries


def _collect_entry_attributes(
    element: etree._Element, without: set[str | None]
) -> dict[str, OtherValue]:
    """Collect the rest of an entry: local names on the way to a value -> value."""
    found: dict[str, OtherValue] = {}
    for path, value in (collect_attributes(element) | collect_elements(list(element))).items():
        if path not in without:
            name = _NAMESPACE.sub("", path).removeprefix("@")
            found[name] = merge_values(found[name], value) if name in found else value
    return dict(sorted(found.items()))


def _collect_leaves(element: etree._Element) -> dict[str, str | None]:
    """Collect the leaves and attributes of an entry, by the paths of `collect_elements`."""
    found: dict[str, str | None] = {f"@{k}": fold_space(str(v)) for k, v in element.items()}
    for child in element:
        if not len(child):
            found.setdefault(str(child.tag), fold_space(child.text))
    return found


def _choose_path(
    values: dict[str, str | None], wanted: str | None, ending: re.Pattern[str], local: str
) -> str | None:
    """The path of the code or text: as configured, else named like the list, else the first."""
    if wanted is not None:
        return next((path for path in values if _strip_namespace(path) == wanted), None)
    fitting = [path for path in values if ending.search(_strip_namespace(path))]
    named = [
        path
        for path in fitting
        if ending.sub("", _strip_namespace(path)).casefold() == local.casefold()
    ]
    return next(iter(named or fitting), None)


def _strip_namespace(path: str) -> str:
    return path.rpartition("}")[2].removeprefix("@")


def _guess_served_field(list_name: str) -> str | None:
    return next((field for pattern, field in _SERVED_FIELDS if pattern.search(list_name)), None)


def _index_by_code(name: str, entries: list[Entry], findings: list[Finding]) -> dict[str, Entry]:
    """Index entries by code; of a code that stands twice, the first by content, with a finding."""
    found: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: (e.code, sort_key([e.text, e.attributes]))):
        if entry.code in found:
            findings.append(
                Finding(
                    code="classification.code_twice",
                    subject=f"{name}/{entry.code}",
                    message="the code is in the list twice",
                )
            )
        else:
            found[entry.code] = entry
    return found
