"""SorDataTypes.xml, whose layout no source tells: read by its shape, not by its names.

A list is an element whose repeated children each carry one code (an attribute or child whose local
name ends in Identifier, Code or Id) and a text (Name, Text, Term or Description). What else an
entry holds becomes its attributes. The configuration can correct each guess, list by list.
"""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Final

from lxml import etree
from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.findings import Finding
from sordiff.list_shape import ListLayout, ListPlace, ListShape
from sordiff.model import Classification, Day, Entry
from sordiff.snapshot.classifications.entries import (
    ReadEntry,
    collect_leaves,
    read_entries,
    strip_namespace,
)
from sordiff.snapshot.classifications.list_names import (
    SiblingGroup,
    find_clashing_codes,
    guess_served_field,
    name_entries,
)
from sordiff.snapshot.classifications.validity import choose_valid
from sordiff.snapshot.format.prolog import read_prolog
from sordiff.snapshot.format.unknown_elements import sort_key
from sordiff.snapshot.source.refusals import build_refusal

_LOOKED_FOR: Final = (
    "no list was recognised in SorDataTypes.xml: looked for repeated elements that each hold a "
    "code (…Identifier, …Code, …Id) and a text (…Name, …Text, …Term, …Description)"
)
_ELEMENTS_SHOWN: Final = 5
_NAME_IN_PATH: Final = re.compile(r"(?<![\w@'\"{}:.-])([^\W\d][\w.-]*)(?=[\[/=\]]|$)")


class DeliveredClassifications(Struct, frozen=True, kw_only=True):
    """The classifications of one night, and what must be said of them."""

    lists: dict[str, Classification] = {}
    findings: tuple[Finding, ...] = ()
    warnings: tuple[str, ...] = ()


class _Reader:
    """The lists of one file, as they are found."""

    def __init__(self, layout: ListLayout) -> None:
        self.entries: dict[str, list[ReadEntry]] = {}
        self.serves: dict[str, str | None] = {}
        self.findings: list[Finding] = []
        self.warnings: list[str] = []
        self._layout = layout
        self._taken: set[etree._Element] = set()

    def read(self, root: etree._Element) -> None:
        for name, place in self._layout.places.items():
            self._read_placed(root, name, place)
        by_local: dict[str, list[SiblingGroup]] = {}
        for parent, tag, elements in _group_siblings(root, self._taken):
            local = strip_namespace(tag)
            shape = self._layout.shapes.get(local, ListShape())
            found = [] if shape.ignore else self._read_group(elements, local, shape)
            if found:
                by_local.setdefault(local, []).append(SiblingGroup(parent=parent, entries=found))
        for local, groups in by_local.items():
            shape = self._layout.shapes.get(local, ListShape())
            for name, read in name_entries(local, groups, shape.named_by):
                listed = shape.name if shape.name and name == local else name
                self._add(listed, [read], shape.serves)

    def _read_placed(self, root: etree._Element, name: str, place: ListPlace) -> None:
        try:
            found = find_by_path(root, place.path)
        except ValueError as error:
            message = f"The path of [lists.{name}] can't be read: {place.path}."
            raise SordiffError(message, advice="See docs/configuration.md.") from error
        elements = [each for each in found if each not in self._taken]
        self._taken.update(elements)
        shape = ListShape(code=place.code, text=place.text)
        if place.ignore:
            return
        entries = self._read_group(elements, name, shape)
        if entries:
            self._add(name, entries, place.serves)
        else:
            self.warnings.append(f"the list {name} of [lists] was not found at {place.path}")

    def _read_group(
        self, elements: list[etree._Element], local: str, shape: ListShape
    ) -> list[ReadEntry]:
        found = read_entries(elements, local, shape)
        if found and len(found) < len(elements):
            left_out = f"{len(elements) - len(found)} entries without a code are left out"
            finding = Finding(code="classification.no_code", subject=local, message=left_out)
            self.findings.append(finding)
        return found

    def _add(self, name: str, found: list[ReadEntry], serves: str | None) -> None:
        self.entries.setdefault(name, []).extend(found)
        self.serves[name] = guess_served_field(name) if serves is None else serves

    def lists(self, day: Day) -> dict[str, Classification]:
        """The lists by name, as they are valid on the day; those not told apart are left out."""
        lists = {}
        for name in sorted(self.entries):
            by_code: dict[str, list[ReadEntry]] = {}
            for read in self.entries[name]:
                by_code.setdefault(read.entry.code, []).append(read)
            valid = [read for of_code in by_code.values() for read in choose_valid(of_code, day)]
            if self._is_melted(name, valid):
                continue
            serves = self.serves[name]
            lists[name] = Classification(
                name=name,
                serves=None if serves == "none" else serves,
                entries=_index_by_code(name, (read.entry for read in valid), self.findings),
            )
        return lists

    def _is_melted(self, name: str, entries: list[ReadEntry]) -> bool:
        """Whether it is several lists that nothing tells apart: then a change in it is nobody's."""
        clashing = find_clashing_codes(entries)
        if len(clashing) < 2:  # noqa: PLR2004  # one code that is there twice is a fault in a list
            return False
        count = len(clashing)
        message = (
            f"{count} codes stand in it several times with different texts, as where several lists "
            "are one: it is not compared. Tell its lists apart with [lists] in sordiff.toml"
        )
        self.findings.append(
            Finding(code="classification.not_told_apart", subject=name, message=message)
        )
        self.warnings.append(f"the list {name} is left out: {message}")
        return True


def read_classifications(
    content: bytes | None, name: str, layout: ListLayout, day: Day, *, demanded: bool
) -> DeliveredClassifications:
    """Read the lists; where nothing fits, refuse if the file was demanded, else warn."""
    if content is None:
        return DeliveredClassifications()
    root = _parse_root(content, f"{name} (SorDataTypes.xml)" if not demanded else name)
    reader = _Reader(layout)
    reader.read(root)
    lists = reader.lists(day)
    if not reader.entries:
        looked_for = f"{_LOOKED_FOR}; {_describe_elements(root)}"
        if demanded:
            raise build_refusal(name, "data_types.shape", looked_for)
        reader.warnings.append(f"no classifications are taken from it: {looked_for}")
    return DeliveredClassifications(
        lists=lists, findings=tuple(reader.findings), warnings=tuple(reader.warnings)
    )


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


def _parse_root(content: bytes, name: str) -> etree._Element:
    stream = BytesIO(content)
    read_prolog(stream, name)
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        message = f"not well-formed: {(error.msg or '').split(', line ')[0]}"
        raise build_refusal(name, "not_well_formed", message, error.lineno) from error


def _group_siblings(
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


def _describe_elements(root: etree._Element) -> str:
    """The elements that repeat, with what each holds: the names that [lists] needs."""
    repeated: dict[str, tuple[int, dict[str, None]]] = {}
    for _, tag, elements in _group_siblings(root, set()):
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


def _index_by_code(
    name: str, entries: Iterable[Entry], findings: list[Finding]
) -> dict[str, Entry]:
    """Entries by code; of a code that is there twice the first by content, and a finding."""
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
