"""One record by itself becomes a unit, exactly as it would inside the whole file."""

from typing import Final

from lxml import etree

from sordiff.model import Kind, SorId, Unit
from sordiff.snapshot.fast.record_summary import Glance
from sordiff.snapshot.fast.root_frame import Frame, parsed
from sordiff.snapshot.fast.split_records import RECORDS
from sordiff.snapshot.fast.template_reader import QuickReader, is_sound
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.plain.blocks import Judge
from sordiff.snapshot.plain.record_fields import read_record
from sordiff.snapshot.plain.tree_reader import holds_wrappers
from sordiff.snapshot.source.unsure import UnsureError

# The parser refuses 256 levels, of which the wrappers may have 200 (whole.py).
_MOST_LEVELS: Final = 50
_too_deep: Final = etree.XPath(f"boolean({'/*' * (_MOST_LEVELS + 2)})")


class RecordReader:
    """Reads records of one file, below the declarations of its root."""

    def __init__(self, frame: Frame) -> None:
        """Keep the root's start tag, to read each record below it."""
        self._root = frame.root
        self._judge: Judge = frame.header.judge
        self._quick = QuickReader(frame.root_tag, frame.namespaces, self._judge.mapping)

    def read(self, record: bytes, kind: Kind, parent_id: SorId | None) -> Unit:
        """The unit; UnsureError where anything is wrong with it."""
        unit = self._quick.read_unit(record, kind, parent_id)
        if unit is not None:
            return unit
        element = parsed(self._root + record + b"</SorTree>")
        if len(element) != 1 or element.text or element[0].tail or holds_wrappers(element):
            raise UnsureError("more than a record")
        if _too_deep(element):
            raise UnsureError("a record of many levels")
        if self._judge.names[str(element[0].tag)] != RECORDS[kind]:
            raise UnsureError("a record of another namespace")
        try:
            fields = read_record(element[0], kind, self._judge)
        except NotSorError as error:
            raise UnsureError(error.message) from error
        if self._judge.problems:
            raise UnsureError(self._judge.problems[0].message)
        return Unit(**fields, parent_id=parent_id)

    def glance(self, record: bytes, kind: Kind) -> Glance:
        """Judge a record by a look; UnsureError where reading refuses it."""
        glance = self._quick.glance(record, kind) if is_sound(record) else None
        if glance is not None:
            return glance
        unit = self.read(record, kind, None)
        number = unit.location_number
        return Glance(
            unit.sor_id, unit.to, unit.first_from, unit.number, number.to if number else None
        )
