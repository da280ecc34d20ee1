"""One element and its children: known names into a mapping, everything else kept as unknown."""

from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from sordiff.errors import Problem
from sordiff.findings import Finding
from sordiff.model import OtherValue
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import Place
from sordiff.snapshot.format.text import (
    Days,
    LocalNames,
    NotSorError,
    boolean,
    line_of,
    own_text,
    quoted,
)
from sordiff.snapshot.format.unknown_elements import (
    content_key,
    kept,
    kept_attributes,
    kept_inside,
    together,
    whole,
)

# Past these a file is hostile, and what is collected of it must not fill the memory.
MOST_PROBLEMS: Final = 1000
MOST_FINDINGS: Final = 100_000
MOST_KEPT: Final = 128 * 1024**2

Known = dict[str, etree._Element]
Other = dict[str, OtherValue]


class Judge:
    """What is collected while a file is read: problems, findings, and the caches of the file."""

    def __init__(
        self,
        file: str,
        root_tag: str,
        mapping: FieldMapping = UNMAPPED,
        noted: set[Place] | None = None,
    ) -> None:
        """Begin with nothing found; `noted` takes the places of elements that say something."""
        self.file = file
        self.mapping = mapping
        self.noted = noted
        self.names = LocalNames(root_tag)
        self.days = Days()
        self.problems: list[Problem] = []
        self.findings: list[Finding] = []
        self.kept = 0

    def of_root(self, root_tag: str) -> "Judge":
        """The same for a root of that tag, with nothing found yet."""
        return Judge(self.file, root_tag, self.mapping, self.noted)

    def problem(self, code: str, message: str, element: etree._Element | None) -> None:
        """Note a reason to refuse, at the line of an element."""
        line = line_of(element) if element is not None else None
        self._note(Problem(code=code, message=message, file=self.file, line=line))

    def twice(self, sor_id: str, first: int, second: int) -> None:
        """Two units with one id, each at its line."""
        message = f"SOR id {quoted(sor_id)} stands here and in line {first}"
        self._note(Problem(code="sor_id.duplicate", message=message, file=self.file, line=second))

    def keep(self, other: Other, element: etree._Element) -> None:
        """Count what is kept of the unknown, so that it can't fill the memory."""
        self.kept += sum(len(value) for value in other.values())
        if self.kept > MOST_KEPT:
            raise NotSorError("more unknown text than any register has", line_of(element))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) > MOST_PROBLEMS:
            message = f"more than {MOST_PROBLEMS:,} problems: the rest was not read"
            raise NotSorError(message, problem.line)

    def finding(self, code: str, subject: str, message: str) -> None:
        """Note something suspicious."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code=code, subject=subject, message=message))


class Block:
    """The children of one element, by field name, with a reader for each kind of value.

    `fields` maps local names to field names, several to one where versions differ; `multiple` are
    fields that may repeat and are then all in `repeated`. What is unknown, or stands in a known
    place but not in its form, is in `other` when all fields have been read.
    """

    def __init__(
        self,
        element: etree._Element,
        fields: Mapping[str, str],
        judge: Judge,
        multiple: frozenset[str] = frozenset(),
    ) -> None:
        """Sort the children; nothing is read yet."""
        self.element = element
        self.judge = judge
        self.known: Known = {}
        self.repeated: dict[str, list[etree._Element]] = {}
        self.unknown: list[etree._Element] = []
        self.other: Other = {}
        self._beside: dict[str, list[OtherValue]] = {}
        self.again: dict[str, list[etree._Element]] = {}
        names, known = judge.names, self.known
        for child in element:
            field = fields.get(names[child.tag])  # type: ignore[index]  # comments are not built
            if field is None:
                self.unknown.append(child)
            elif field in multiple:
                self.repeated.setdefault(field, []).append(child)
            elif field in known:
                self.again.setdefault(field, [known[field]]).append(child)
            else:
                known[field] = child
        for field, elements in self.again.items():
            self._choose(field, elements)
        if element.keys():
            self.other |= kept_attributes(element)
        self._keep_stray_text()

    def _choose(self, field: str, elements: list[etree._Element]) -> None:
        """Of a field that repeats, the first by content; an empty one says nothing.

        Blocks that have a number go by it, so that no other detail changes which is the first.
        """
        ordered = sorted(elements, key=lambda e: (self._number_in(e), content_key(whole(e))))
        saying = [element for element in ordered if whole(element) is not None]
        self.known[field] = saying[0] if saying else ordered[0]
        if len(saying) > 1:
            self.unknown.extend(saying[1:])
            line = line_of(elements[1])
            self.judge.finding("field.repeated", field, f"line {line}: {field} stands here twice")

    def _number_in(self, element: etree._Element) -> tuple[bool, str]:
        for below in element.iter():
            if self.judge.names[str(below.tag)] == "EanLocationCode":
                number = own_text(below)
                return number is None, number or ""
        return True, ""

    def _keep_stray_text(self) -> None:
        text = own_text(self.element)
        if text is not None:
            self.other["text()"] = text

    def text(self, field: str) -> str | None:
        """The folded text of a leaf."""
        element = self.known.get(field)
        if element is None:
            return None
        if len(element) or element.keys():
            return self._uneven_leaf(element)
        return own_text(element)

    def _uneven_leaf(self, element: etree._Element) -> str | None:
        text = own_text(element)
        path = str(element.tag)
        inside = kept_inside(element, path)
        inside.pop(f"{path}/text()", None)
        inside.pop(path, None)
        self.other |= inside
        return text

    def day(self, field: str) -> Any:
        """A day, or None; a malformed one is a reason to refuse."""
        text = self.text(field)
        if text is None:
            return None
        day = self.judge.days[text]
        if day is None:
            message = f"{quoted(text)} is not a date ({field})"
            self.judge.problem("date.malformed", message, self.known[field])
        return day

    def boolean(self, field: str) -> bool | None:
        """A boolean, or None; a text that is neither is kept in `other`."""
        text = self.text(field)
        if text is None:
            return None
        value = boolean(text)
        if value is None:
            element = self.known[field]
            self.other[str(element.tag)] = text
            self.judge.finding(
                "boolean.malformed", field, f"line {line_of(element)}: {quoted(text)} is no boolean"
            )
        return value

    def inner(self, field: str, fields: Mapping[str, str]) -> "Block | None":
        """A block inside this one, which has its own `other`."""
        element = self.known.get(field)
        return None if element is None else Block(element, fields, self.judge)

    def splice(self, wrapper: "Block | None") -> None:
        """Take over what a wrapper held that nobody knows, under the wrapper's own name."""
        if wrapper is not None:
            for path, value in wrapper.finish().items():
                self._add(f"{wrapper.element.tag!s}/{path}", value)

    def keep_whole(self, element: etree._Element) -> None:
        """Keep a child as one value under its name, with all that it holds."""
        value = whole(element)
        if value is not None:
            self._add(str(element.tag), [value])

    def _add(self, path: str, value: OtherValue) -> None:
        if path in self.other:
            self._beside.setdefault(path, []).append(value)
        else:
            self.other[path] = value

    def finish(self) -> Other:
        """Everything unknown of this block, sorted by path."""
        for path, value in kept(self.unknown).items() if self.unknown else ():
            self._add(path, value)
        for path, values in self._beside.items():
            self.other[path] = together(self.other[path], *values)
        if not self.other:
            return {}
        self.judge.keep(self.other, self.element)
        return dict(sorted(self.other.items()))
