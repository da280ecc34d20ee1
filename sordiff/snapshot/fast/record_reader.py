"""Read one record by itself, with the same result as inside the whole file."""

from typing import Final

from sordiff.model import Kind, SorId, Unit
from sordiff.snapshot.fast.record_layout import EncodedUnit
from sordiff.snapshot.fast.record_summary import RecordSummary
from sordiff.snapshot.fast.root_frame import RootFrame, parse_fragment
from sordiff.snapshot.fast.split_records import RECORD_NAMES
from sordiff.snapshot.fast.template_reader import TemplateReader, is_safe_text
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.loaded_lxml import etree
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT, ReadContext
from sordiff.snapshot.plain.record_fields import read_record
from sordiff.snapshot.plain.tree_reader import holds_wrappers
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.unit_records import encode_unit

# The parser refuses 256 levels, of which the wrappers may have 200 (wrapper_nesting.py).
_MAX_LEVELS: Final = 50
# Only who reads more than so many records learns their layouts: a night reads some hundreds.
_FEW: Final = 1_000
_too_deep: Final = etree.XPath(f"boolean({'/*' * (_MAX_LEVELS + 2)})")


class RecordReader:
    """Reads records of one file; ordinary ones by templates, the others as the plain road does."""

    def __init__(self, frame: RootFrame, *, few: bool = False) -> None:
        """Each record is read below the root's start tag, which declares the namespaces.

        `few`: whether few records of the file will be read, as far as anybody knows.
        """
        self._root = frame.start_tag
        self._context: ReadContext = frame.header_reader.context
        mapping = self._context.mapping
        self._templates = TemplateReader(
            frame.root_tag, frame.namespaces, mapping, without_layouts=_FEW if few else 0
        )

    @property
    def unknown_size(self) -> int:
        """Roughly how many characters of what was read are kept as unknown."""
        return self._context.unknown_size + self._templates.unknown_size

    def read(self, record: bytes, kind: Kind, parent_id: SorId | None) -> Unit:
        """Read the unit; UnsureError if anything is wrong with the record."""
        unit = self._templates.read_unit(record, kind, parent_id)
        if unit is None:
            return self._read_plainly(record, kind, parent_id)
        self._check_unknown()
        return unit

    def encode(self, record: bytes, kind: Kind, parent_id: SorId | None) -> EncodedUnit:
        """The id and the record of the unit that `read` gives; UnsureError as from `read`."""
        encoded = self._templates.encode_unit(record, kind, parent_id)
        if encoded is None:
            unit = self._read_plainly(record, kind, parent_id)
            return unit.sor_id, encode_unit(unit).encode()
        self._check_unknown()
        return encoded

    def _read_plainly(self, record: bytes, kind: Kind, parent_id: SorId | None) -> Unit:
        element = parse_fragment(self._root + record + b"</SorTree>")
        if len(element) != 1 or element.text or element[0].tail or holds_wrappers(element):
            raise UnsureError("more than a record")
        if _too_deep(element):
            raise UnsureError("a record of many levels")
        if self._context.names[str(element[0].tag)] != RECORD_NAMES[kind]:
            raise UnsureError("a record of another namespace")
        try:
            fields = read_record(element[0], kind, self._context)
        except NotSorError as error:
            raise UnsureError(error.message) from error
        if self._context.problems:
            raise UnsureError(self._context.problems[0].message)
        return Unit(**fields, parent_id=parent_id)

    def summarise(self, record: bytes, kind: Kind) -> RecordSummary:
        """Check a record and summarise it; UnsureError if `read` would raise it."""
        summary = self._templates.summarise(record, kind) if is_safe_text(record) else None
        if summary is not None:
            self._check_unknown()
            return summary
        unit = self.read(record, kind, None)
        number = unit.location_number
        return RecordSummary(
            unit.sor_id, unit.to, unit.first_from, unit.number, number.to if number else None
        )

    def _check_unknown(self) -> None:
        if self.unknown_size > MAX_UNKNOWN_TEXT:
            raise UnsureError("too much that is unknown")
