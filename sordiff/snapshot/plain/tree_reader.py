"""Read the tree of wrappers: units, their parents, and the header.

The parent of a unit is given by nesting alone, so that a unit is complete when the wrapper of its
parent ends. The order of record and wrappers inside a wrapper does not matter.
"""

from typing import Any, Final

from sordiff.model import Header, Kind, OtherValue, SorId, Unit
from sordiff.snapshot.format.element_names import WRAPPERS
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import FieldPlace
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.format.text import (
    NotSorError,
    find_line,
    fold_space,
    parse_instant,
    quote_value,
    read_own_text,
)
from sordiff.snapshot.format.unknown_elements import collect_attributes, collect_elements
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.blocks import Block, ReadContext
from sordiff.snapshot.plain.record_fields import read_record

_WRAPPER_TAGS: Final = tuple(f"{{*}}{name}" for name in WRAPPERS)
_ROOT: Final = {"CreatedAtTime": "created_at", "SnapshotDate": "snapshot_date"}
_MAX_ELEMENTS_BESIDE_UNITS: Final = 10_000


class TreeReader:
    """Builds the units of a snapshot from its wrappers, in the order in which they start and end.

    `lines`: SOR id -> the line of its record. `root_name`: the local name of the root, once the
    tree is finished.
    """

    TAGS: Final = ("{*}SorTree", *_WRAPPER_TAGS)

    def __init__(
        self,
        file: str,
        mapping: FieldMapping = UNMAPPED,
        noted_places: set[FieldPlace] | None = None,
    ) -> None:
        """The context is made anew when the root starts, whose namespace it needs."""
        self.context = ReadContext(file, "", mapping, noted_places)
        self.units: dict[SorId, Unit] = {}
        self.lines: dict[SorId, int] = {}
        self.root_name = ""
        self._root: etree._Element | None = None
        self._waiting: list[list[tuple[dict[str, Any], int]]] = [[]]
        self._beside: list[etree._Element] = []
        self._stray: list[str] = []
        self._header: dict[str, Any] = {}

    def start_element(self, element: etree._Element) -> None:
        """Handle the start tag of a wrapper or of the root."""
        if self._root is None:
            self._root = element.getroottree().getroot()
            self.context = self.context.renew(str(self._root.tag))
            if self._root.getroottree().docinfo.doctype:
                self.context.add_problem("doctype", "a DOCTYPE; SOR has none", self._root)
        if self.context.names[str(element.tag)] in WRAPPERS:
            self._waiting.append([])

    def end_element(self, element: etree._Element) -> None:
        """Handle the end tag of a wrapper: read its unit, and give those below it their parent."""
        level = WRAPPERS.get(self.context.names[str(element.tag)])
        if level is None:
            return
        below = self._waiting.pop()
        fields = self._read_wrapper(element, *level)
        for child, line in below:
            self._add_unit(child, fields["sor_id"], line)
        self._waiting[-1].append((fields, fields.pop("_line")))
        parent = element.getparent()
        if parent is self._root:
            self._release_siblings(element)
        # Release what was read; the empty element stays, since the parser still stands on it.
        element.clear(keep_tail=True)

    def _read_wrapper(
        self, wrapper: etree._Element, record_name: str, kind: Kind
    ) -> dict[str, Any]:
        names = self.context.names
        records, unknown = [], []
        for child in wrapper:
            name = names[str(child.tag)]
            if name == record_name:
                records.append(child)
            elif name not in WRAPPERS:
                unknown.append(child)
        if len(records) > 1:
            message = f"{len(records)} records of {record_name} in one {wrapper.tag!s}"
            self.context.add_problem("record.twice", message, wrapper)
        if not records:
            message = f"{record_name} is missing: a unit without a SOR id"
            self.context.add_problem("sor_id.missing", message, wrapper)
            return {"kind": kind, "sor_id": SorId(""), "_line": 0}
        fields = read_record(records[0], kind, self.context)
        beside = Block(wrapper, {}, self.context)
        beside.unknown = unknown
        found = {
            f"{wrapper.tag!s}/{path}": value for path, value in beside.collect_unknown().items()
        }
        if found:
            fields["other"] = dict(sorted({**fields["other"], **found}.items()))
        return fields | {"_line": find_line(records[0]) or 0}

    def _add_unit(self, fields: dict[str, Any], parent_id: SorId | None, line: int) -> None:
        sor_id = fields["sor_id"]
        if not sor_id:
            return
        if sor_id in self.units:
            self.context.add_duplicate_id(sor_id, self.lines[sor_id], line)
            return
        if len(self.units) >= MAX_UNITS:
            raise NotSorError(f"more than {MAX_UNITS:,} units: this is not the register", line)
        self.units[sor_id] = Unit(**fields, parent_id=parent_id)
        self.lines[sor_id] = line

    def _release_siblings(self, element: etree._Element) -> None:
        """Release the earlier elements below the root, but keep unknown ones."""
        root = self._root
        if root is None:
            return
        for before in [*element.itersiblings(preceding=True)][::-1]:
            self._stray.append(before.tail or "")
            if self.context.names[str(before.tag)] not in WRAPPERS:
                self._beside.append(before)
            root.remove(before)
        if len(self._beside) > _MAX_ELEMENTS_BESIDE_UNITS:
            self._beside.clear()
            self.context.add_problem("not_sor", "thousands of elements beside the units", element)

    def finish_tree(self, root: etree._Element | None, units_elsewhere: int = 0) -> None:
        """Handle the end of the root: the units are complete, and the header is checked.

        `units_elsewhere`: how many units of the tree were read without this reader.
        """
        context = self.context
        self.root_name = "" if root is None else context.names[str(root.tag)]
        if root is None or self._root is None or context.names[str(root.tag)] != "SorTree":
            tag = "nothing" if root is None else f"<{root.tag!s}>"
            context.add_problem("not_sor", f"the root element is {tag}, not SorTree", root)
            return
        for fields, line in self._waiting.pop():
            self._add_unit(fields, None, line)
        self._finish_header(root)
        if not self.units and not units_elsewhere and not context.problems:
            context.add_problem("empty_tree", "the tree has no unit", root)

    def read_header(self, root: etree._Element) -> None:
        """Read only the header of a root without units; problems are in the context."""
        self.start_element(root)
        if holds_wrappers(root):
            raise NotSorError("a unit in the header", None)
        self._finish_header(root)

    def _finish_header(self, root: etree._Element) -> None:
        names = self.context.names
        self._beside += [child for child in root if names[str(child.tag)] not in WRAPPERS]
        known: dict[str, list[etree._Element]] = {}
        unknown = []
        for element in self._beside:
            field = _ROOT.get(names[str(element.tag)])
            if field is None:
                unknown.append(element)
            else:
                known.setdefault(field, []).append(element)
        self._check_header(root, known)
        other: dict[str, OtherValue] = collect_attributes(root) | collect_elements(unknown)
        text = fold_space(" ".join([root.text or "", *self._stray, *(e.tail or "" for e in root)]))
        if text is not None:
            other["text()"] = text
        self._header["other"] = dict(sorted(other.items()))

    def _check_header(self, root: etree._Element, known: dict[str, list[etree._Element]]) -> None:
        context = self.context
        for name, field in _ROOT.items():
            elements = known.get(field, [])
            text = read_own_text(elements[0]) if elements else None
            if text is None:
                context.add_problem(f"{field}.missing", f"{name} is missing", root)
            elif len(elements) > 1:
                context.add_problem(f"{field}.twice", f"{name} stands here twice", elements[1])
            elif field == "snapshot_date":
                self._header[field] = context.days[text]
                if context.days[text] is None:
                    context.add_problem(
                        "date.malformed", f"{quote_value(text)} is not a date ({name})", elements[0]
                    )
            elif (found := parse_instant(text)) is None:
                context.add_problem(
                    "time.malformed", f"{quote_value(text)} is not a time ({name})", elements[0]
                )
            else:
                self._header["created_at"], self._header["instant"] = found

    def build_header(self, *, sha256: str, size: int) -> Header:
        """Build the header; only after `finish_tree` or `read_header`, and without problems."""
        assert self._root is not None, "the header is built after the root was read"  # noqa: S101
        namespace = str(self._root.tag).rpartition("}")[0].removeprefix("{")
        last = namespace.rpartition(":")[2]
        version = last if last.replace(".", "").isdigit() else namespace
        return Header(**self._header, version=version, sha256=sha256, size=size)


def holds_wrappers(element: etree._Element) -> bool:
    """Whether there is a wrapper in it at any depth; it would be a unit of the tree."""
    return next(element.iter(*_WRAPPER_TAGS), None) is not None
