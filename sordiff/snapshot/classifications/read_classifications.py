"""The files of lists (SorDataTypes.xml), whose layout no source tells: read by shape, not by name.

A list is an element whose repeated children each carry one code (an attribute or child whose local
name ends in Identifier, Code or Id) and a text (Name, Text, Term or Description). What else an
entry holds becomes its attributes. The configuration can correct each guess, list by list.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from sordiff.errors import SordiffError
from sordiff.findings import Finding
from sordiff.list_shape import ListLayout, ListPlace, ListShape
from sordiff.model import Classification, Day
from sordiff.snapshot.classifications.codes import ReadCode
from sordiff.snapshot.classifications.delivered import DeliveredClassifications
from sordiff.snapshot.classifications.entries import (
    ReadEntry,
    read_entries,
    strip_namespace,
)
from sordiff.snapshot.classifications.list_elements import (
    describe_elements,
    find_by_path,
    find_root,
    group_siblings,
    parse_list_file,
)
from sordiff.snapshot.classifications.list_names import (
    SiblingGroup,
    guess_served_field,
    name_entries,
)
from sordiff.snapshot.classifications.validity import ListValues, has_period, read_period
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.refusals import build_refusal

_LOOKED_FOR: Final = (
    "no list was recognised in {}: looked for repeated elements that each hold a "
    "code (…Identifier, …Code, …Id) and a text (…Name, …Text, …Term, …Description)"
)


class _Reader:
    """The lists of the files of one night, as they are found."""

    def __init__(self, layout: ListLayout) -> None:
        self.entries: dict[str, list[ReadEntry]] = {}
        self.serves: dict[str, str | None] = {}
        self._roots: dict[str, set[etree._Element]] = {}
        self.findings: list[Finding] = []
        self.warnings: list[str] = []
        self.periods: list[tuple[str, str]] = []
        self._layout = layout
        self._taken: set[etree._Element] = set()

    def read(self, roots: Sequence[etree._Element]) -> list[bool]:
        """Read the lists of these files; for each, whether there is any in it."""
        for name, place in self._layout.places.items():
            self._read_placed(roots, name, place)
        placed = {find_root(each) for each in self._taken}
        return [self._read_file(root) or root in placed for root in roots]

    def _read_file(self, root: etree._Element) -> bool:
        by_local: dict[str, list[SiblingGroup]] = {}
        for parent, tag, elements in group_siblings(root, self._taken):
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
        return bool(by_local)

    def _read_placed(self, roots: Sequence[etree._Element], name: str, place: ListPlace) -> None:
        try:
            found = [each for root in roots for each in find_by_path(root, place.path)]
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
            placed = [replace(read, is_placed=True) for read in entries]
            self._add(name, placed, place.serves)
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
        """Add entries; what an earlier file says of a code stands there already."""
        known = self.entries.setdefault(name, [])
        roots = self._roots.setdefault(name, set())
        added = {find_root(read.element) for read in found}
        if roots - added:
            stands: dict[tuple[str, str | None], list[ReadEntry]] = {}
            for read in known:
                stands.setdefault((read.entry.code, read.entry.text), []).append(read)
            found = [
                read
                for read in found
                if not _is_said(read, stands.get((read.entry.code, read.entry.text), ()))
            ]
        known.extend(found)
        roots |= added
        self.serves[name] = guess_served_field(name) if serves is None else serves

    def lists(self, day: Day) -> dict[str, Classification]:
        """The lists by name, as they are valid on the day; those not told apart are left out."""
        lists = {}
        for name in sorted(self.entries):
            by_code: dict[str, list[ReadEntry]] = {}
            for read in self.entries[name]:
                by_code.setdefault(read.entry.code, []).append(read)
            for of_code in by_code.values():
                if len(of_code) > 1:
                    self.periods += map(read_period, of_code)
            values = ListValues(self.entries[name])
            codes = [ReadCode(by_code[code], day, values) for code in sorted(by_code)]
            if self._is_melted(name, [code for code in codes if code.is_unclear]):
                continue
            for code in codes:
                self.findings += code.list_findings(name)
            serves = self.serves[name]
            entries = map(ReadCode.build_entry, codes)
            lists[name] = Classification(
                name=name,
                serves=None if serves == "none" else serves,
                entries={entry.code: entry for entry in entries},
            )
        return lists

    def _is_melted(self, name: str, unclear: Sequence[ReadCode]) -> bool:
        """Whether it is several lists that nothing tells apart: then a change in it is nobody's.

        `unclear`: the codes whose entries contradict each other.
        """
        # One such code is a fault in a list; two files must not contradict each other.
        count = len(unclear)
        if count == 0 or (count == 1 and not unclear[0].is_of_several_files):
            return False
        message = (
            f"{count} codes stand in it several times with different texts, as where several lists "
            "are one, or several entries are valid at once: it is not compared. Tell its lists "
            "apart with [lists] in sordiff.toml"
        )
        self.findings.append(
            Finding(code="classification.not_told_apart", subject=name, message=message)
        )
        self.warnings.append(f"the list {name} is left out: {message}")
        return True


def _is_said(read: ReadEntry, known: Iterable[ReadEntry]) -> bool:
    """Whether one of these, of the same code and text, says all of it: a second file may be brief.

    Where both have a period, it must be the same one.
    """
    period = read_period(read)
    return any(
        not (has_period(read) and has_period(other)) or read_period(other) == period
        for other in known
    )


def read_classifications(
    files: Sequence[ListFile], name: str, layout: ListLayout, day: Day, *, demanded: bool
) -> DeliveredClassifications:
    """Read the lists of all files; where nothing fits in one, refuse if it was demanded, else warn.

    `name`: the path of the archive, for messages.
    """
    roots = [
        parse_list_file(file.content, file.name if demanded else f"{name} ({file.name})")
        for file in files
    ]
    reader = _Reader(layout)
    has_lists = reader.read(roots) if roots else []
    lists = reader.lists(day)
    for file, root, is_read in zip(files, roots, has_lists, strict=True):
        if is_read:
            continue
        looked_for = f"{_LOOKED_FOR.format(file.name)}; {describe_elements(root)}"
        if demanded:
            raise build_refusal(file.name, "data_types.shape", looked_for)
        reader.warnings.append(f"no classifications are taken from it: {looked_for}")
    return DeliveredClassifications(
        lists=lists,
        findings=tuple(reader.findings),
        warnings=tuple(reader.warnings),
        periods=tuple(reader.periods),
    )
