"""The tree of wrappers: which unit stands under which, and what the root says.

The parent is given by nesting alone, so that a unit is complete when its parent's wrapper ends;
the order of record and nested wrappers inside a wrapper does not matter.
"""

from typing import Any, Final

from lxml import etree

from sordiff.model import Header, Kind, OtherValue, SorId, Unit
from sordiff.snapshot.format.element_names import WRAPPERS
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import Place
from sordiff.snapshot.format.text import NotSorError, fold, line_of, moment, own_text, quoted
from sordiff.snapshot.format.unknown_elements import kept, kept_attributes
from sordiff.snapshot.plain.blocks import Block, Judge
from sordiff.snapshot.plain.record_fields import read_record

_WRAPPER_TAGS: Final = tuple(f"{{*}}{name}" for name in WRAPPERS)
_ROOT: Final = {"CreatedAtTime": "created_at", "SnapshotDate": "snapshot_date"}
# Four times the ids that were issued in the register's first fifteen years.
_MOST_UNITS: Final = 600_000
_MOST_BESIDE_UNITS: Final = 10_000


class TreeReader:
    """Takes the wrappers of a snapshot as they start and end, and builds the units."""

    TAGS: Final = ("{*}SorTree", *_WRAPPER_TAGS)

    def __init__(
        self, file: str, mapping: FieldMapping = UNMAPPED, noted: set[Place] | None = None
    ) -> None:
        """Nothing seen yet; the judge is made anew when the root is."""
        self.judge = Judge(file, "", mapping, noted)
        self.units: dict[SorId, Unit] = {}
        self.lines: dict[SorId, int] = {}
        self._root: etree._Element | None = None
        self._waiting: list[list[tuple[dict[str, Any], int]]] = [[]]
        self._beside: list[etree._Element] = []
        self._stray: list[str] = []
        self._header: dict[str, Any] = {}

    def start(self, element: etree._Element) -> None:
        """A wrapper, or the root, begins."""
        if self._root is None:
            self._root = element.getroottree().getroot()
            self.judge = self.judge.of_root(str(self._root.tag))
            if self._root.getroottree().docinfo.doctype:
                self.judge.problem("doctype", "a DOCTYPE; SOR has none", self._root)
        if self.judge.names[str(element.tag)] in WRAPPERS:
            self._waiting.append([])

    def end(self, element: etree._Element) -> None:
        """A wrapper ends: its unit is read, and the units below it get their parent."""
        level = WRAPPERS.get(self.judge.names[str(element.tag)])
        if level is None:
            return
        below = self._waiting.pop()
        fields = self._read_wrapper(element, *level)
        for child, line in below:
            self._add(child, fields["sor_id"], line)
        self._waiting[-1].append((fields, fields.pop("_line")))
        parent = element.getparent()
        if parent is self._root:
            self._drop_siblings(element)
        # What is read is let go; an empty element stays, since the parser still stands on it.
        element.clear(keep_tail=True)

    def _read_wrapper(
        self, wrapper: etree._Element, record_name: str, kind: Kind
    ) -> dict[str, Any]:
        names = self.judge.names
        records, unknown = [], []
        for child in wrapper:
            name = names[str(child.tag)]
            if name == record_name:
                records.append(child)
            elif name not in WRAPPERS:
                unknown.append(child)
        if len(records) > 1:
            message = f"{len(records)} records of {record_name} in one {wrapper.tag!s}"
            self.judge.problem("record.twice", message, wrapper)
        if not records:
            message = f"{record_name} is missing: a unit without a SOR id"
            self.judge.problem("sor_id.missing", message, wrapper)
            return {"kind": kind, "sor_id": SorId(""), "_line": 0}
        fields = read_record(records[0], kind, self.judge)
        beside = Block(wrapper, {}, self.judge)
        beside.unknown = unknown
        found = {f"{wrapper.tag!s}/{path}": value for path, value in beside.finish().items()}
        if found:
            fields["other"] = dict(sorted({**fields["other"], **found}.items()))
        return fields | {"_line": line_of(records[0]) or 0}

    def _add(self, fields: dict[str, Any], parent_id: SorId | None, line: int) -> None:
        sor_id = fields["sor_id"]
        if not sor_id:
            return
        if sor_id in self.units:
            self.judge.twice(sor_id, self.lines[sor_id], line)
            return
        if len(self.units) >= _MOST_UNITS:
            raise NotSorError(f"more than {_MOST_UNITS:,} units: this is not the register", line)
        self.units[sor_id] = Unit(**fields, parent_id=parent_id)
        self.lines[sor_id] = line

    def _drop_siblings(self, element: etree._Element) -> None:
        """Let go of what came before at the root, keeping what nobody knows."""
        root = self._root
        if root is None:
            return
        for before in [*element.itersiblings(preceding=True)][::-1]:
            self._stray.append(before.tail or "")
            if self.judge.names[str(before.tag)] not in WRAPPERS:
                self._beside.append(before)
            root.remove(before)
        if len(self._beside) > _MOST_BESIDE_UNITS:
            self._beside.clear()
            self.judge.problem("not_sor", "thousands of elements beside the units", element)

    def finish(self, root: etree._Element | None) -> None:
        """The root ends: its units are complete, and what it says of the snapshot is judged."""
        judge = self.judge
        if root is None or self._root is None or judge.names[str(root.tag)] != "SorTree":
            tag = "nothing" if root is None else f"<{root.tag!s}>"
            judge.problem("not_sor", f"the root element is {tag}, not SorTree", root)
            return
        for fields, line in self._waiting.pop():
            self._add(fields, None, line)
        self._finish_header(root)
        if not self.units and not judge.problems:
            judge.problem("empty_tree", "the tree has no unit", root)

    def read_header(self, root: etree._Element) -> None:
        """Only what the root says of the snapshot; its units are read elsewhere."""
        self.start(root)
        if holds_wrappers(root):
            raise NotSorError("a unit in the header", None)
        self._finish_header(root)

    def _finish_header(self, root: etree._Element) -> None:
        names = self.judge.names
        self._beside += [child for child in root if names[str(child.tag)] not in WRAPPERS]
        known: dict[str, list[etree._Element]] = {}
        unknown = []
        for element in self._beside:
            field = _ROOT.get(names[str(element.tag)])
            if field is None:
                unknown.append(element)
            else:
                known.setdefault(field, []).append(element)
        self._judge_header(root, known)
        other: dict[str, OtherValue] = kept_attributes(root) | kept(unknown)
        text = fold(" ".join([root.text or "", *self._stray, *(e.tail or "" for e in root)]))
        if text is not None:
            other["text()"] = text
        self._header["other"] = dict(sorted(other.items()))

    def _judge_header(self, root: etree._Element, known: dict[str, list[etree._Element]]) -> None:
        judge = self.judge
        for name, field in _ROOT.items():
            elements = known.get(field, [])
            text = own_text(elements[0]) if elements else None
            if text is None:
                judge.problem(f"{field}.missing", f"{name} is missing", root)
            elif len(elements) > 1:
                judge.problem(f"{field}.twice", f"{name} stands here twice", elements[1])
            elif field == "snapshot_date":
                self._header[field] = judge.days[text]
                if judge.days[text] is None:
                    judge.problem(
                        "date.malformed", f"{quoted(text)} is not a date ({name})", elements[0]
                    )
            elif (found := moment(text)) is None:
                judge.problem(
                    "time.malformed", f"{quoted(text)} is not a time ({name})", elements[0]
                )
            else:
                self._header["created_at"], self._header["instant"] = found

    def header(self, *, sha256: str, size: int) -> Header:
        """What the snapshot says of itself; only after `finish`, and without problems."""
        assert self._root is not None, "a header is asked for after finish"  # noqa: S101
        namespace = str(self._root.tag).rpartition("}")[0].removeprefix("{")
        last = namespace.rpartition(":")[2]
        version = last if last.replace(".", "").isdigit() else namespace
        return Header(**self._header, version=version, sha256=sha256, size=size)


def holds_wrappers(element: etree._Element) -> bool:
    """Whether a wrapper stands in it at any depth, where it would be a unit of the tree."""
    return next(element.iter(*_WRAPPER_TAGS), None) is not None
