"""Templates: which text of a record is which field, for all records of one skeleton.

"Selected" are the texts that a template selects from the parts of a record, in its order.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from msgspec import Struct

from sordiff.model import Kind


class TextsTemplate(Struct, frozen=True):
    """A block of texts: its field, the names of its texts, and their slice of the selected.

    `scheme` is the scheme of an address's country code.
    """

    field: str
    names: tuple[str, ...]
    texts: slice
    scheme: str | None = None


class BlockTemplate(Struct, frozen=True):
    """A block of texts, days and booleans; `names` are their fields, in this order."""

    names: tuple[str, ...]
    texts: slice
    days: slice
    booleans: slice


class UnknownTemplate(Struct, frozen=True):
    """The unknown texts of a block: their paths, sorted, and their slice of the selected.

    `field`: the block; empty for the unit itself.
    """

    field: str
    paths: tuple[str, ...]
    texts: slice


class SummaryTemplate(Struct, frozen=True):
    """The texts that a summary needs, or that may be a reason not to take the record.

    `select_texts` selects the SOR id, the location number (or the SOR id again), days, booleans,
    codes of specialities and their types. `to`, `first_from` and `number_to` are places among them.
    """

    select_texts: "itemgetter[Any]"
    days: slice
    booleans: slice
    codes: slice
    types: slice
    has_number: bool
    to: int | None
    first_from: int | None
    number_to: int | None


class Template(Struct, frozen=True):
    """Where everything is among the texts of a record.

    `select_texts` selects the texts that say something, the SOR id first; `select_blanks` all
    others, which must be blank. `unknown_places`: where the unknown texts are among the parts.
    """

    kind: Kind
    select_texts: "itemgetter[Any]"
    select_blanks: "itemgetter[Any]"
    unit: BlockTemplate
    number: BlockTemplate | None
    addresses: tuple[TextsTemplate, ...]
    contact: TextsTemplate | None
    references: tuple[TextsTemplate, ...]
    specialities: tuple[tuple[int, int | None], ...]
    unknown: tuple[UnknownTemplate, ...]
    unknown_places: tuple[int, ...]
    summary: SummaryTemplate


def build_summary_template(
    selected: Sequence[int],
    unit: BlockTemplate,
    number: BlockTemplate | None,
    pairs: Sequence[tuple[int, int | None]],
) -> SummaryTemplate:
    """Build the template of a summary; `selected` are the places of all selected texts."""
    days, booleans, gln = [*selected[unit.days]], [*selected[unit.booleans]], selected[0]
    if number is not None:
        gln = selected[number.texts.start]
        days += selected[number.days]
        booleans += selected[number.booleans]
    codes = [selected[code] for code, _ in pairs]
    # In the place 0, before the record, there is no text.
    types = [0 if kind is None else selected[kind] for _, kind in pairs]
    spans, begin = [], 2
    for group in (days, booleans, codes, types):
        spans.append(slice(begin, begin + len(group)))
        begin += len(group)
    places = (selected[0], gln, *days, *booleans, *codes, *types)
    own, numbers = _day_names(unit), [] if number is None else _day_names(number)
    days_at, booleans_at, codes_at, types_at = spans
    return SummaryTemplate(
        select_texts=itemgetter(*places),
        days=days_at,
        booleans=booleans_at,
        codes=codes_at,
        types=types_at,
        has_number=number is not None,
        to=_find_place("to", own, 2),
        first_from=_find_place("first_from", own, 2),
        number_to=_find_place("to", numbers, 2 + len(own)),
    )


def _day_names(block: BlockTemplate) -> tuple[str, ...]:
    """The names of the days in a block, which stand between its texts and its booleans."""
    begin = block.texts.stop - block.texts.start
    return block.names[begin : begin + block.days.stop - block.days.start]


def _find_place(name: str, names: Sequence[str], begin: int) -> int | None:
    return begin + names.index(name) if name in names else None
