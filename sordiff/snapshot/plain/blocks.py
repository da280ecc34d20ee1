"""An element and its children: known names become fields, everything else is kept as unknown."""

from collections.abc import Mapping
from typing import Any, Final

from sordiff.errors import Problem
from sordiff.findings import Finding
from sordiff.model import OtherValue
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.field_places import FieldPlace
from sordiff.snapshot.format.text import (
    Days,
    LocalNames,
    NotSorError,
    find_line,
    fold_space,
    parse_boolean,
    quote_value,
    read_own_text,
)
from sordiff.snapshot.format.unknown_elements import (
    collect_attributes,
    collect_element,
    collect_elements,
    merge_values,
    read_value,
    sort_key,
)
from sordiff.snapshot.loaded_lxml import etree

# Beyond these limits a file is hostile; what is collected of it must not fill the memory.
MAX_PROBLEMS: Final = 1000
MAX_FINDINGS: Final = 100_000
MAX_UNKNOWN_TEXT: Final = 128 * 1024**2

Known = dict[str, etree._Element]
Other = dict[str, OtherValue]


class ReadContext:
    """What the blocks of one file share: problems, findings, and caches of names and days.

    `unknown_size`: roughly how many characters were kept as unknown. `noted_places`: where an
    element says something; None if nobody asks.
    """

    def __init__(
        self,
        file: str,
        root_tag: str,
        mapping: FieldMapping = UNMAPPED,
        noted_places: set[FieldPlace] | None = None,
    ) -> None:
        """`root_tag` gives the namespace that is taken for SOR, beside those that are known."""
        self.file = file
        self.mapping = mapping
        self.noted_places = noted_places
        self.names = LocalNames(root_tag)
        self.days = Days()
        self.problems: list[Problem] = []
        self.findings: list[Finding] = []
        self.unknown_size = 0

    def renew(self, root_tag: str) -> "ReadContext":
        """The same for a root of that tag, with nothing found yet."""
        return ReadContext(self.file, root_tag, self.mapping, self.noted_places)

    def add_problem(self, code: str, message: str, element: etree._Element | None) -> None:
        """Add a reason to refuse the file, at the line of an element."""
        line = find_line(element) if element is not None else None
        self._append_problem(Problem(code=code, message=message, file=self.file, line=line))

    def add_duplicate_id(self, sor_id: str, first: int, second: int) -> None:
        """Add the problem of two units with one id; `first` and `second` are their lines."""
        message = f"SOR id {quote_value(sor_id)} stands here and in line {first}"
        self._append_problem(
            Problem(code="sor_id.duplicate", message=message, file=self.file, line=second)
        )

    def count_unknown(self, other: Other, element: etree._Element) -> None:
        """Count what is kept as unknown; NotSorError if it would fill the memory."""
        self.unknown_size += sum(len(value) for value in other.values())
        if self.unknown_size > MAX_UNKNOWN_TEXT:
            raise NotSorError("more unknown text than any register has", find_line(element))

    def _append_problem(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) > MAX_PROBLEMS:
            message = f"more than {MAX_PROBLEMS:,} problems: the rest was not read"
            raise NotSorError(message, problem.line)

    def add_finding(self, code: str, subject: str, message: str) -> None:
        """Add something suspicious that is no reason to refuse."""
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(Finding(code=code, subject=subject, message=message))


class Block:
    """The children of one element by their fields, with a method to read each kind of value.

    `fields` maps local names to fields, several names to one where versions differ. The fields in
    `multiple` may repeat; all their elements are in `repeated`. Read all fields first, and then
    call `collect_unknown`: it returns what is unknown, and values that are not in the right form.
    """

    def __init__(
        self,
        element: etree._Element,
        fields: Mapping[str, str],
        context: ReadContext,
        multiple: frozenset[str] = frozenset(),
    ) -> None:
        """Assign the children to their fields; nothing is read yet."""
        self.element = element
        self.context = context
        self.known: Known = {}
        self.repeated: dict[str, list[etree._Element]] = {}
        self.unknown: list[etree._Element] = []
        self.other: Other = {}
        self._beside: dict[str, list[OtherValue]] = {}
        self.duplicates: dict[str, list[etree._Element]] = {}
        names, known = context.names, self.known
        stray = element.text or ""
        for child in element:
            if child.tail:
                stray += child.tail
            field = fields.get(names[child.tag])  # type: ignore[index]  # comments are not built
            if field is None:
                self.unknown.append(child)
            elif field in multiple:
                self.repeated.setdefault(field, []).append(child)
            elif field in known:
                self.duplicates.setdefault(field, [known[field]]).append(child)
            else:
                known[field] = child
        for field, elements in self.duplicates.items():
            self._choose_repeated(field, elements)
        if element.keys():
            self.other |= collect_attributes(element)
        text = fold_space(stray)
        if text is not None:
            self.other["text()"] = text

    def _choose_repeated(self, field: str, elements: list[etree._Element]) -> None:
        """Choose one of the elements of a repeated field: the first by content, never an empty one.

        Elements with a location number are in order of it, so that no other detail decides.
        """
        ordered = sorted(
            elements, key=lambda e: (self._location_number_key(e), sort_key(read_value(e)))
        )
        nonblank = [element for element in ordered if read_value(element) is not None]
        self.known[field] = nonblank[0] if nonblank else ordered[0]
        if len(nonblank) > 1:
            self.unknown.extend(nonblank[1:])
            line = find_line(elements[1])
            self.context.add_finding(
                "field.repeated", field, f"line {line}: {field} stands here twice"
            )

    def _location_number_key(self, element: etree._Element) -> tuple[bool, str]:
        for below in element.iter():
            if self.context.names[str(below.tag)] == "EanLocationCode":
                number = read_own_text(below)
                return number is None, number or ""
        return True, ""

    def read_text(self, field: str) -> str | None:
        """The folded text of a field; None if it is absent or blank."""
        element = self.known.get(field)
        if element is None:
            return None
        if len(element) or element.keys():
            return self._read_irregular_leaf(element)
        return read_own_text(element)

    def _read_irregular_leaf(self, element: etree._Element) -> str | None:
        text = read_own_text(element)
        path = str(element.tag)
        inside = collect_element(element, path)
        inside.pop(f"{path}/text()", None)
        inside.pop(path, None)
        self.other |= inside
        return text

    def read_day(self, field: str) -> Any:
        """The day of a field, or None; a malformed day is a reason to refuse the file."""
        text = self.read_text(field)
        if text is None:
            return None
        day = self.context.days[text]
        if day is None:
            message = f"{quote_value(text)} is not a date ({field})"
            self.context.add_problem("date.malformed", message, self.known[field])
        return day

    def read_boolean(self, field: str) -> bool | None:
        """The boolean of a field, or None; any other text is kept as unknown, with a finding."""
        text = self.read_text(field)
        if text is None:
            return None
        value = parse_boolean(text)
        if value is None:
            element = self.known[field]
            self.other[str(element.tag)] = text
            self.context.add_finding(
                "boolean.malformed",
                field,
                f"line {find_line(element)}: {quote_value(text)} is no boolean",
            )
        return value

    def open_child(self, field: str, fields: Mapping[str, str]) -> "Block | None":
        """The element of a field as a block, which has unknown content of its own."""
        element = self.known.get(field)
        return None if element is None else Block(element, fields, self.context)

    def absorb_unknown(self, wrapper: "Block | None") -> None:
        """Add the unknown content of a wrapper, under the name of the wrapper."""
        if wrapper is not None:
            for path, value in wrapper.collect_unknown().items():
                self._add_unknown(f"{wrapper.element.tag!s}/{path}", value)

    def keep_element(self, element: etree._Element) -> None:
        """Keep a child as unknown, as one value with all its content."""
        value = read_value(element)
        if value is not None:
            self._add_unknown(str(element.tag), [value])

    def _add_unknown(self, path: str, value: OtherValue) -> None:
        if path in self.other:
            self._beside.setdefault(path, []).append(value)
        else:
            self.other[path] = value

    def collect_unknown(self) -> Other:
        """Everything unknown in this block, by path, sorted."""
        for path, value in collect_elements(self.unknown).items() if self.unknown else ():
            self._add_unknown(path, value)
        for path, values in self._beside.items():
            self.other[path] = merge_values(self.other[path], *values)
        if not self.other:
            return {}
        self.context.count_unknown(self.other, self.element)
        return dict(sorted(self.other.items()))
