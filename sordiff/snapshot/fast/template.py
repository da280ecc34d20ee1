"""Plans: where the texts of a record are, by what they mean, for all records of one skeleton."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from msgspec import Struct

from sordiff.model import Kind


class TextsTemplate(Struct, frozen=True):
    """A block of texts: what the unit calls it, its fields, and where they are among the taken.

    `scheme` is that of an address's country code.
    """

    field: str
    names: tuple[str, ...]
    texts: slice
    scheme: str | None = None


class BlockTemplate(Struct, frozen=True):
    """A block of texts, days and booleans, its fields in this order."""

    names: tuple[str, ...]
    texts: slice
    days: slice
    booleans: slice


class SummaryTemplate(Struct, frozen=True):
    """The texts that may be a reason to refuse the record, or to read it plainly.

    Taken are the SOR id, the location number (or the SOR id again), days, booleans, codes of
    specialities and their types. The places of some days are those among the taken.
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

    `take` takes the texts that say something, the SOR id first; `gaps` all others, which must be
    blank. `absent` has every field that the plain reader gives, as it is when nothing is said.
    """

    kind: Kind
    select_texts: "itemgetter[Any]"
    select_blanks: "itemgetter[Any]"
    defaults: dict[str, Any]
    unit: BlockTemplate
    number: BlockTemplate | None
    addresses: tuple[TextsTemplate, ...]
    contact: TextsTemplate | None
    references: tuple[TextsTemplate, ...]
    specialities: tuple[tuple[int, int | None], ...]
    summary: SummaryTemplate


def build_summary_template(
    taken: Sequence[int],
    unit: BlockTemplate,
    number: BlockTemplate | None,
    pairs: Sequence[tuple[int, int | None]],
) -> SummaryTemplate:
    """What is judged, by the places of all that is taken: of unit, number and specialities."""
    days, booleans, gln = [*taken[unit.days]], [*taken[unit.booleans]], taken[0]
    if number is not None:
        gln = taken[number.texts.start]
        days += taken[number.days]
        booleans += taken[number.booleans]
    codes = [taken[code] for code, _ in pairs]
    # In the place 0, before the record, there is no text.
    types = [0 if kind is None else taken[kind] for _, kind in pairs]
    spans, begin = [], 2
    for group in (days, booleans, codes, types):
        spans.append(slice(begin, begin + len(group)))
        begin += len(group)
    places = (taken[0], gln, *days, *booleans, *codes, *types)
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
