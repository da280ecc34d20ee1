"""Ordinary records read without building elements: the same as records.py reads, or nothing.

A record is the bytes of one InstitutionOwner, HealthInstitution or OrganizationalUnit element.
Its tags are looked up as one (skeletons.py, planning.py), its texts are then taken by their places
(filling.py).
What is not sure to be ordinary gives None, and is then for records.py to read.

It holds for files in UTF-8 without a DOCTYPE, and for records around which no element but the
root declares a namespace. `read` and `read_unit` are right, or give None, whatever the bytes are;
`glance` takes it that somebody has seen the whole file to be well-formed.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from sordiff.model import Day, Gln, Kind, SorId, Unit
from sordiff.snapshot.fast.record_summary import Glance
from sordiff.snapshot.fast.tag_skeleton import Skeletons, UnusualRecordError
from sordiff.snapshot.fast.template import Plan
from sordiff.snapshot.fast.template_builder import plan_of
from sordiff.snapshot.fast.template_values import SureDays, resolved, said
from sordiff.snapshot.format.field_mapping import UNMAPPED, FieldMapping
from sordiff.snapshot.format.text import Days, fold

# No text in it can then be longer than the plain reader allows, and no record is so long.
_LONGEST_RECORD: Final = 65_536
# All tags there are, once each, have less.
_LONGEST_KEY: Final = 8_192
_MOST_PLANS: Final = 8_192
_MOST_DAYS: Final = 65_536
# What is left when these are taken out: brackets, references, control characters, and what begins
# the code points U+F000 to U+FFFF, of which XML forbids two.
_REFERENCES: Final = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_HARMLESS: Final = bytes({*b"\t\n\r", *range(32, 256)} - {*b"<>&\x7f\xef"})
_SURE_BOOLEANS: Final = frozenset({b"true", b"1", b"false", b"0", b""})


class _DaysWritten(dict[bytes, Day | None]):
    """Bytes that are known to be a day, or blank -> the day."""

    def __missing__(self, written: bytes) -> Day | None:
        text = fold(written.decode())
        if len(self) >= _MOST_DAYS:
            self.clear()
        self[written] = None if text is None else Days()[text]
        return self[written]


def is_sound(record: bytes) -> bool:
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


class QuickReader:
    """Reads and judges the ordinary records of one file; what it learns is kept within bounds."""

    def __init__(
        self,
        root_tag: str,
        namespaces: Mapping[str | None, str],
        mapping: FieldMapping = UNMAPPED,
    ) -> None:
        """`root_tag` and `namespaces` as lxml tells them of the root element (tag and nsmap)."""
        self._skeletons = Skeletons(root_tag, namespaces, mapping)
        self._plans: dict[bytes, Plan | None] = {}
        self._days = SureDays()
        self._sure_days: set[bytes] = set()
        self._days_written = _DaysWritten()

    def read(self, record: bytes, kind: Kind) -> dict[str, Any] | None:
        """The fields that read_record gives for this record, or None."""
        try:
            plan, fields = self._fields(record, kind)
        except (UnusualRecordError, UnicodeDecodeError, KeyError):
            return None
        return {**plan.absent, **fields, "other": {}}

    def read_unit(self, record: bytes, kind: Kind, parent_id: SorId | None) -> Unit | None:
        """The unit in this record, or None."""
        try:
            _, fields = self._fields(record, kind)
        except (UnusualRecordError, UnicodeDecodeError, KeyError):
            return None
        return Unit(kind=kind, parent_id=parent_id, **fields)

    def _fields(self, record: bytes, kind: Kind) -> tuple[Plan, dict[str, Any]]:
        """The plan of a record and the fields that are said; else UnusualRecordError."""
        odd = record.translate(None, _HARMLESS)
        references = b"&" in odd
        if references:
            odd = odd.replace(b"&", b"")
        if odd != b"<>" * (len(odd) >> 1):
            raise UnusualRecordError
        plan, parts = self._planned(record, kind)
        if plan is None:
            raise UnusualRecordError
        # Joined by a space, texts that are not folded or are blank make a line that is not folded.
        line = b"<".join(plan.take(parts)).decode()
        texts = line.split("<")
        line = f" {line.replace('<', ' ')} "
        if references or "  " in line or "\n" in line or "\t" in line or "\r" in line:
            return plan, said(plan, [fold(resolved(text)) for text in texts], self._days)
        return plan, said(plan, texts, self._days)

    def glance(self, record: bytes, kind: Kind) -> Glance | None:
        """The little that is asked of a record which read_record reads without a problem, or None.

        The record must be known to be well-formed; then what is not None here is what `read` reads.
        """
        plan, parts = self._planned(record, kind)
        # A bracket more is in a text or in an attribute.
        if plan is None or len(parts) != 2 * record.count(b"<") + 1:
            return None
        judge = plan.judge
        texts = judge.take(parts)
        sor_id: bytes = texts[0].strip()
        days, booleans = texts[judge.days], texts[judge.booleans]
        if (
            not (sor_id.isalnum() and texts[1].strip().isalnum())
            or not (self._sure_days.issuperset(days) or self._are_days(days))
            or not (_SURE_BOOLEANS.issuperset(booleans) or _are_booleans(booleans))
            or (plan.specialities and not _are_codes(texts[judge.codes], texts[judge.types]))
        ):
            return None
        day_of = self._days_written
        return Glance(
            SorId(sor_id.decode()),
            None if judge.to is None else day_of[texts[judge.to]],
            None if judge.first_from is None else day_of[texts[judge.first_from]],
            Gln(texts[1].strip().decode()) if judge.has_number else None,
            None if judge.number_to is None else day_of[texts[judge.number_to]],
        )

    def _planned(self, record: bytes, kind: Kind) -> tuple[Plan | None, list[bytes]]:
        """The record cut at its brackets, and its plan if that is for sure its own.

        Where tags and texts take turns, the tags are those parts with an odd index.
        """
        if len(record) > _LONGEST_RECORD:
            return None, []
        parts = record.replace(b">", b"<").split(b"<")
        key = b"<".join(parts[1::2])
        try:
            plan = self._plans[key]
        except KeyError:
            plan = self._learn(key) if len(key) <= _LONGEST_KEY else None
        if plan is None or plan.kind is not kind or parts[0] or parts[-1]:
            return None, parts
        blank = b"".join(plan.gaps(parts))
        return (None if blank and not blank.isspace() else plan), parts

    def _learn(self, key: bytes) -> Plan | None:
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        try:
            plan = plan_of(key.decode().split("<"), self._skeletons)
        except UnicodeDecodeError:
            plan = None
        self._plans[key] = plan
        return plan

    def _are_days(self, days: tuple[bytes, ...]) -> bool:
        """Whether these are days, spelled in whatever way."""
        try:
            for day in days:
                self._days[fold(day.decode())]
        except (UnusualRecordError, UnicodeDecodeError):
            return False
        if len(self._sure_days) >= _MOST_DAYS:
            self._sure_days.clear()
        self._sure_days.update(days)
        return True


def _are_booleans(texts: tuple[bytes, ...]) -> bool:
    return _SURE_BOOLEANS.issuperset(text.strip() for text in texts)


def _are_codes(codes: tuple[bytes, ...], types: tuple[bytes, ...]) -> bool:
    """Whether these are codes with their types, and none stands there twice."""
    pairs = {(code.strip(), kind.strip()) for code, kind in zip(codes, types, strict=True)}
    return len(pairs) == len(codes) and all(
        code.isalnum() and (not kind or kind.isalnum()) for code, kind in pairs
    )
