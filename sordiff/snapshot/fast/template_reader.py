"""Read ordinary records by their templates, without building elements.

The result is what plain/record_fields.py reads, or None for a record that may be unusual. A record
is the bytes of one InstitutionOwner, HealthInstitution or OrganizationalUnit element. All its tags
together find the template (tag_skeleton.py, template_builder.py), which then selects the texts by
their places (template_values.py).

The file must be UTF-8 without a DOCTYPE, and around a record no element but the root may declare a
namespace. `read_unit` is right, or returns None, whatever the bytes are; `summarise` needs a record
that is known to be well-formed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from sordiff.model import Day, Gln, Kind, SorId, Unit
from sordiff.snapshot.fast.record_layout import (
    EncodedUnit,
    Layout,
    RecordLayouts,
    measure_unknown,
)
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.tag_skeleton import SkeletonParser, UnusualRecordError
from sordiff.snapshot.fast.template import Template
from sordiff.snapshot.fast.template_builder import build_template
from sordiff.snapshot.fast.template_values import StrictDays, fill_template, resolve_references
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.limits import MAX_RECORD_LENGTH
from sordiff.snapshot.format.text import Days, fold_space
from sordiff.unit_records import encode_unit

# All known tags together, once each, are shorter.
_MAX_KEY_LENGTH: Final = 8_192
_MAX_TEMPLATES: Final = 8_192
_MAX_DAYS: Final = 65_536
# Without these bytes a record has only brackets, references, control characters, and the first byte
# of U+F000 to U+FFFF, of which XML forbids two.
_REFERENCES: Final = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_HARMLESS: Final = bytes({*b"\t\n\r", *range(32, 256)} - {*b"<>&\x7f\xef"})
# A unit, or its record.
Result = TypeVar("Result")
_SURE_BOOLEANS: Final = frozenset({b"true", b"1", b"false", b"0", b""})


class _DaysByBytes(dict[bytes, Day | None]):
    """Bytes of a day -> the day; blank -> None. Only for bytes that were checked before."""

    def __missing__(self, written: bytes) -> Day | None:
        text = fold_space(written.decode())
        if len(self) >= _MAX_DAYS:
            self.clear()
        self[written] = None if text is None else Days()[text]
        return self[written]


def is_safe_text(record: bytes) -> bool:
    """Whether the text is UTF-8 without forbidden characters, stray brackets or odd references."""
    odd = record.translate(None, _HARMLESS)
    if b"&" in odd:
        if len(_REFERENCES.findall(record)) != odd.count(b"&"):
            return False
        odd = odd.replace(b"&", b"")
    if odd != b"<>" * (len(odd) >> 1):
        return False
    if record.isascii():
        return True
    try:
        record.decode()
    except UnicodeDecodeError:
        return False
    return True


class TemplateReader:
    """Reads and summarises ordinary records of one file; its caches are bounded."""

    def __init__(
        self,
        root_tag: str,
        namespaces: Mapping[str | None, str],
        mapping: FieldMapping = UNMAPPED,
        *,
        without_layouts: int = 0,
    ) -> None:
        """`root_tag` and `namespaces`: tag and nsmap of the root element, as lxml gives them.

        The first `without_layouts` records are read by templates alone: of few records each has a
        layout of its own.
        """
        self._without_layouts = without_layouts
        self._skeletons = SkeletonParser(root_tag, namespaces, mapping)
        self._templates: dict[bytes, Template | None] = {}
        self._days = StrictDays()
        self._layouts = RecordLayouts(self._days)
        self._sure_days: set[bytes] = set()
        self._days_by_bytes = _DaysByBytes()
        self._unknown_size = 0

    @property
    def unknown_size(self) -> int:
        """How many characters of what was read or summarised are kept as unknown, at most."""
        return self._unknown_size + self._layouts.unknown_size

    def read_unit(self, record: bytes, kind: Kind, parent_id: SorId | None) -> Unit | None:
        """The unit in this record, or None."""
        return self._read(record, kind, parent_id, self._layouts.read_unit, _take_unit)

    def encode_unit(self, record: bytes, kind: Kind, parent_id: SorId | None) -> EncodedUnit | None:
        """The id and the record of the unit that `read_unit` would give."""
        return self._read(record, kind, parent_id, self._layouts.encode_unit, _encode_read)

    def _read(
        self,
        record: bytes,
        kind: Kind,
        parent_id: SorId | None,
        by_layout: Callable[[Layout, Sequence[bytes], SorId | None], Result | None],
        take: Callable[[Unit], Result],
    ) -> Result | None:
        if len(record) > MAX_RECORD_LENGTH:  # also of a layout that is known from shorter ones
            return None
        try:
            if self._without_layouts:
                self._without_layouts -= 1
            else:
                key, texts = self._layouts.split(record)
                layout = self._layouts.find(key)
                if layout is None:
                    template, parts = self._find_sure_template(record, kind)
                    layout = self._layouts.learn(key, texts, template, parts)
                if layout is not None and layout.template.kind is kind:
                    found = by_layout(layout, texts, parent_id)
                    if found is not None:
                        return found
            fields = self._read_fields(record, kind)
        except (UnusualRecordError, UnicodeDecodeError, KeyError):
            return None
        return take(Unit(kind=kind, parent_id=parent_id, **fields))

    def _find_sure_template(self, record: bytes, kind: Kind) -> tuple[Template, list[bytes]]:
        """The template of a record in which nothing is odd but references, and its parts."""
        odd = record.translate(None, _HARMLESS).replace(b"&", b"")
        if odd != b"<>" * (len(odd) >> 1):
            raise UnusualRecordError
        template, parts = self._find_template(record, kind)
        if template is None:
            raise UnusualRecordError
        return template, parts

    def _read_fields(self, record: bytes, kind: Kind) -> dict[str, Any]:
        """The fields that say something; UnusualRecordError if there is no template."""
        template, parts = self._find_sure_template(record, kind)
        self._count_unknown(template, parts)
        # If a text is blank or not folded, the line of all texts shows it: two spaces, or a tab.
        line = b"<".join(template.select_texts(parts)).decode()
        texts = line.split("<")
        line = f" {line.replace('<', ' ')} "
        if "&" in line or "  " in line or "\n" in line or "\t" in line or "\r" in line:
            folded = [fold_space(resolve_references(text)) for text in texts]
            return fill_template(template, folded, self._days)
        return fill_template(template, texts, self._days)

    def summarise(self, record: bytes, kind: Kind) -> RecordSummary | None:
        """The summary of a record that `read_record` reads without a problem, or None.

        The record must be known to be well-formed. The summary then agrees with `read_unit`.
        """
        template, parts = self._find_template(record, kind)
        # If there is another bracket, it stands in a text or in an attribute.
        if template is None or len(parts) != 2 * record.count(b"<") + 1:
            return None
        self._count_unknown(template, parts)
        summary = template.summary
        texts = summary.select_texts(parts)
        sor_id: bytes = texts[0].strip()
        days, booleans = texts[summary.days], texts[summary.booleans]
        if (
            not (sor_id.isalnum() and texts[1].strip().isalnum())
            or not (self._sure_days.issuperset(days) or self._are_days(days))
            or not (_SURE_BOOLEANS.issuperset(booleans) or _are_booleans(booleans))
            or (
                template.specialities and not _are_codes(texts[summary.codes], texts[summary.types])
            )
        ):
            return None
        day_of = self._days_by_bytes
        return RecordSummary(
            SorId(sor_id.decode()),
            None if summary.to is None else day_of[texts[summary.to]],
            None if summary.first_from is None else day_of[texts[summary.first_from]],
            Gln(texts[1].strip().decode()) if summary.has_number else None,
            None if summary.number_to is None else day_of[texts[summary.number_to]],
        )

    def _count_unknown(self, template: Template, parts: Sequence[bytes]) -> None:
        if template.unknown:
            self._unknown_size += measure_unknown(parts[i] for i in template.unknown_places)

    def _find_template(self, record: bytes, kind: Kind) -> tuple[Template | None, list[bytes]]:
        """The template of a record, if that is certain, and the record split at its brackets.

        Tags and texts alternate, so that the parts with an odd index are the tags.
        """
        if len(record) > MAX_RECORD_LENGTH:
            return None, []
        parts = record.replace(b">", b"<").split(b"<")
        key = b"<".join(parts[1::2])
        try:
            template = self._templates[key]
        except KeyError:
            template = self._add_template(key) if len(key) <= _MAX_KEY_LENGTH else None
        if template is None or template.kind is not kind or parts[0] or parts[-1]:
            return None, parts
        blank = b"".join(template.select_blanks(parts))
        return (None if blank and not blank.isspace() else template), parts

    def _add_template(self, key: bytes) -> Template | None:
        if len(self._templates) >= _MAX_TEMPLATES:
            self._templates.clear()
        try:
            template = build_template(key.decode().split("<"), self._skeletons)
        except UnicodeDecodeError:
            template = None
        self._templates[key] = template
        return template

    def _are_days(self, days: tuple[bytes, ...]) -> bool:
        """Whether all of these are days or blank, in any spelling."""
        try:
            for day in days:
                self._days[fold_space(day.decode())]
        except (UnusualRecordError, UnicodeDecodeError):
            return False
        if len(self._sure_days) >= _MAX_DAYS:
            self._sure_days.clear()
        self._sure_days.update(days)
        return True


def _take_unit(unit: Unit) -> Unit:
    return unit


def _encode_read(unit: Unit) -> EncodedUnit:
    return unit.sor_id, encode_unit(unit).encode()


def _are_booleans(texts: tuple[bytes, ...]) -> bool:
    return _SURE_BOOLEANS.issuperset(text.strip() for text in texts)


def _are_codes(codes: tuple[bytes, ...], types: tuple[bytes, ...]) -> bool:
    """Whether these are codes with their types, each of them once."""
    pairs = {(code.strip(), kind.strip()) for code, kind in zip(codes, types, strict=True)}
    return len(pairs) == len(codes) and all(
        code.isalnum() and (not kind or kind.isalnum()) for code, kind in pairs
    )
