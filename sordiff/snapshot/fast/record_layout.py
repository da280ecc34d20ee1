"""The layout of a record: its bytes without its texts. Records of one layout are read as one.

A layout is learnt from a record that a template reads. Of the next record of that layout only the
texts are looked at: they go into the holes of a JSON text, of which msgspec makes the unit.
"""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from sordiff.model import SorId, Unit
from sordiff.snapshot.fast.layout_fields import join_unit, say
from sordiff.snapshot.fast.tag_skeleton import UnusualRecordError
from sordiff.snapshot.fast.template import Template
from sordiff.snapshot.fast.template_values import StrictDays, resolve_references
from sordiff.snapshot.format.speciality_order import order_specialities
from sordiff.unit_records import encode_record, encode_unit

# A text that says something, between its brackets.
_TEXTS: Final = re.compile(rb">([^<>\s][^<>]*)<")
# In a text of these bytes there is no reference, nothing that JSON must escape or XML forbids, and
# no white space but spaces.
_PLAIN: Final = bytes({*range(32, 256)} - {*b'<>&"\\\x7f\xef'})
_ESCAPED: Final = b'&"\\'
_BOOLEANS: Final = frozenset({b"true", b"false"})
_UNIT: Final = msgspec.json.Decoder(Unit)
_MAX_LAYOUTS: Final = 8_192

# The id of a unit, and its record as bytes of UTF-8.
EncodedUnit: TypeAlias = tuple[SorId, bytes]


class Layout(Struct, frozen=True):
    """How the texts of a record fill the JSON of its unit.

    `select_texts` selects them in the order of the holes; days and booleans are slices of these.
    The last hole is that of the parent. `has_sets`: of specialities or references there may be
    several. `template` is that of all records of this layout. `select_unknown` selects what is kept
    as unknown.
    """

    template: Template
    count: int
    select_texts: "itemgetter[Any]"
    select_days: "itemgetter[Any]"
    select_booleans: "itemgetter[Any]"
    select_unknown: "itemgetter[Any]"
    json: bytes
    has_sets: bool


class RecordLayouts:
    """The layouts of one file, as many as are kept at once."""

    def __init__(self, days: StrictDays) -> None:
        """`days`: those of the templates."""
        self._layouts: dict[bytes, Layout] = {}
        self._days = days
        self._sure_days: set[bytes] = set()
        self.unknown_size = 0

    def split(self, record: bytes) -> tuple[bytes, list[bytes]]:
        """The bytes of a record without its texts, and the texts."""
        pieces = _TEXTS.split(record)
        return b"\0".join(pieces[::2]), pieces[1::2]

    def find(self, key: bytes) -> Layout | None:
        """The layout of these bytes, if it was learnt."""
        return self._layouts.get(key)

    def learn(
        self, key: bytes, texts: Sequence[bytes], template: Template, parts: Sequence[bytes]
    ) -> Layout | None:
        """Learn the layout of a record that the template reads; `parts` are those of the template.

        None if the texts are not all that the record says, each whole.
        """
        said = [place for place in range(2, len(parts), 2) if not _is_blank(parts[place])]
        if [parts[place] for place in said] != [*texts]:
            return None
        holes = {place: number for number, place in enumerate(said)}
        try:
            layout = _build_layout(template, template.select_texts(range(len(parts))), holes)
        except UnusualRecordError:
            return None
        if len(self._layouts) >= _MAX_LAYOUTS:
            self._layouts.clear()
        self._layouts[key] = layout
        return layout

    def read_unit(
        self, layout: Layout, texts: Sequence[bytes], parent_id: SorId | None
    ) -> Unit | None:
        """The unit of these texts; None if the template must look at them itself."""
        written = self._write(layout, texts, parent_id)
        if written is None:
            return None
        unit = _UNIT.decode(written)
        return _order_sets(unit) if layout.has_sets else unit

    def encode_unit(
        self, layout: Layout, texts: Sequence[bytes], parent_id: SorId | None
    ) -> EncodedUnit | None:
        """The id and the record of the unit that `read_unit` would give."""
        if layout.has_sets:
            unit = self.read_unit(layout, texts, parent_id)
            return None if unit is None else (unit.sor_id, encode_unit(unit).encode())
        written = self._write(layout, texts, parent_id)
        if written is None:
            return None
        # `join_unit` put the id first.
        return SorId(layout.select_texts(texts)[0].decode()), encode_record(written)

    def _write(
        self, layout: Layout, texts: Sequence[bytes], parent_id: SorId | None
    ) -> bytes | None:
        """The unit as JSON."""
        line = b" ".join((b"", *texts, b""))
        if len(texts) != layout.count or b"  " in line:
            return None
        odd = line.translate(None, _PLAIN)
        if odd:
            if odd.translate(None, _ESCAPED):
                return None
            texts = [_write_json(text) if text.translate(None, _PLAIN) else text for text in texts]
        chosen = layout.select_texts(texts)
        days = layout.select_days(texts)
        if (
            not (self._sure_days.issuperset(days) or self._are_days(days))
            or not _BOOLEANS.issuperset(layout.select_booleans(texts))
            or not chosen[0].isalnum()
        ):
            return None
        if layout.template.unknown:
            self.unknown_size += measure_unknown(layout.select_unknown(texts))
        parent = b"null" if parent_id is None else msgspec.json.encode(parent_id)
        written: bytes = layout.json % (*chosen, parent)
        return written

    def _are_days(self, days: Iterable[bytes]) -> bool:
        """Whether these are days that are kept as they are written."""
        for day in days:
            text = day.decode()
            if self._days[text] != text:
                return False
        if len(self._sure_days) >= _MAX_LAYOUTS:
            self._sure_days.clear()
        self._sure_days.update(days)
        return True


def _write_json(text: bytes) -> bytes:
    """A text as it stands in a JSON string; UnusualRecordError or KeyError for odd references."""
    return msgspec.json.encode(resolve_references(text.decode()))[1:-1]


def _order_sets(unit: Unit) -> Unit:
    """With its sets in their order; UnusualRecordError if a speciality stands there twice."""
    pairs = [(each.code, each.type or "") for each in unit.specialities]
    if len(set(pairs)) != len(pairs):
        raise UnusualRecordError
    return msgspec.structs.replace(
        unit,
        specialities=order_specialities(pairs),
        replaces=tuple(sorted({*unit.replaces})),
        replaced_by=tuple(sorted({*unit.replaced_by})),
    )


def measure_unknown(texts: Iterable[bytes]) -> int:
    """How many characters they count as, at most: those of a wrapper are counted twice."""
    return 2 * sum(map(len, texts))


def _is_blank(text: bytes) -> bool:
    return not text or text.isspace()


def _build_layout(template: Template, selected: Sequence[int], holes: dict[int, int]) -> Layout:
    """The layout; UnusualRecordError if only the template can tell what the texts mean."""
    numbers = [holes.get(place) for place in selected]
    text, places = join_unit(template, numbers)
    blocks = [template.unit, *([] if template.number is None else [template.number])]
    return Layout(
        template=template,
        count=len(holes),
        select_texts=_select_several(places),
        select_days=_select_several(say([i for b in blocks for i in numbers[b.days]])),
        select_booleans=_select_several(say([i for b in blocks for i in numbers[b.booleans]])),
        select_unknown=_select_several(
            say([i for each in template.unknown for i in numbers[each.texts]])
        ),
        json=f'{{"kind":"{template.kind}",{text},"parent_id":%b}}'.encode(),
        has_sets=len(template.specialities) > 1
        or any(each.texts.stop - each.texts.start > 1 for each in template.references),
    )


def _select_several(numbers: Sequence[int]) -> "itemgetter[Any]":
    """What selects these; of fewer than two a slice, so that it always gives several."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return itemgetter(slice(numbers[0], numbers[0] + 1) if numbers else slice(0, 0))
