"""Which column holds what: by what its cells look like, and by its heading."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.reconcile.identifiers import (
    CHECKED_KINDS,
    ColumnKind,
    clean_text,
    is_valid,
    parse_identifier,
)
from sordiff.reconcile.table import Table, TableRow

# What an earlier call has put beside the list is none of its own.
OWN_PREFIX: Final = "sordiff_"
_SAMPLE: Final = 500
# Without a heading so many of its cells must have a right check digit, or be known to the register.
_MOST: Final = 0.8
_HALF: Final = 0.5

# In small letters, without spaces and signs.
_HEADINGS: Final[Mapping[ColumnKind, str]] = {
    ColumnKind.SOR_ID: "sor|sorid|sorkode|sornr|sornummer|sorenhed|soridentifier|sorenhedsid",
    ColumnKind.LOCATION_NUMBER: (
        "lokationsnummer|lokationsnr|lokation|loknr|eanlokationsnummer|ean|eannr|eannummer|gln"
        "|glnnr|glnnummer|locationnumber|eanlocationcode|edilokation"
    ),
    ColumnKind.PROVIDER_NUMBER: "ydernummer|ydernr|yder|providernumber|provideridentifier",
    ColumnKind.SHAK: "shak|shakkode|shakid|shaknr|sks|sghafdkode|sygehuskode",
    ColumnKind.CVR: "cvr|cvrnr|cvrnummer|cvrnumber|virksomhedsnummer",
    ColumnKind.P_NUMBER: "pnr|pnummer|pnumber|produktionsenhed|produktionsenhedsnummer",
    ColumnKind.NAME: (
        "navn|name|enhedsnavn|entityname|enhed|klinik|kliniknavn|praksis|praksisnavn|partner"
        "|partnernavn|institution|unitname"
    ),
}
_NUMERIC: Final = re.compile(r"[0-9][0-9 .,]*(?:E[+]?[0-9]+)?\Z", re.IGNORECASE)
_NOT_LETTERS: Final = re.compile(r"[\W_]+")

_NUMBERS: Final[tuple[ColumnKind, ...]] = tuple(
    kind for kind in list(ColumnKind) if kind is not ColumnKind.NAME
)

# How large a share of some values of a kind the register knows.
KnownShare = Callable[[ColumnKind, Sequence[str]], float]


class Column(Struct, frozen=True):
    """A recognised column: its place in the line, from 0, and what it holds."""

    place: int
    kind: ColumnKind


def recognise_columns(
    table: Table, given: Mapping[str, ColumnKind | None], known_share: KnownShare
) -> tuple[Column, ...]:
    """The columns that hold numbers or names of units; `given` are the user's own words for some.

    SordiffError where none holds a number, or where a column that was named is not there.
    """
    missing = [name for name in given if name not in table.columns]
    if missing:
        message = f"{table.name} has no column {missing[0]}."
        raise SordiffError(message, advice=f"Its columns are: {', '.join(table.columns)}.")
    found = []
    for place, heading in enumerate(table.columns):
        kind = (
            given[heading]
            if heading in given
            else _recognise(heading, _sample(table.rows, place), known_share)
        )
        if kind is not None:
            found.append(Column(place, kind))
    if not any(column.kind is not ColumnKind.NAME for column in found):
        message = f"No column of {table.name} holds numbers by which the register knows units."
        raise SordiffError(message, advice="Name one: --column NAME=sor_id, or location_number.")
    return tuple(found)


def kind_by_heading(heading: str) -> ColumnKind | None:
    """What a heading says that its column holds."""
    letters = _NOT_LETTERS.sub("", heading.lower())
    return next((kind for kind, names in _HEADINGS.items() if letters in names.split("|")), None)


def has_identifier(cells: Iterable[str]) -> bool:
    """Whether one of these cells is a number with a right check digit: then it is no heading."""
    return any(is_valid(kind, clean_text(cell)) for cell in cells for kind in CHECKED_KINDS if cell)


def _sample(rows: Sequence[TableRow], place: int) -> list[tuple[str, bool]]:
    """The first cells of a column that say something, each with whether it was kept as a number."""
    told = (
        (row.cells[place], place in row.numeric)
        for row in rows
        if place < len(row.cells) and clean_text(row.cells[place])
    )
    return list(islice(told, _SAMPLE))


def _recognise(
    heading: str, sample: Sequence[tuple[str, bool]], known_share: KnownShare
) -> ColumnKind | None:
    if heading.startswith(OWN_PREFIX):
        return None
    named = kind_by_heading(heading)
    if named is ColumnKind.NAME or (named is not None and not sample):
        return named
    shares: dict[ColumnKind, list[str]] = {kind: _valid(kind, sample) for kind in _NUMBERS}
    # A heading is believed where any cell bears it out; its other cells are then faults.
    if named is not None and shares[named]:
        return named
    for kind in CHECKED_KINDS:
        if sample and len(shares[kind]) >= _MOST * len(sample):
            return kind
    for kind in (ColumnKind.PROVIDER_NUMBER, ColumnKind.P_NUMBER, ColumnKind.SHAK):
        values = shares[kind]
        if sample and len(values) >= _MOST * len(sample) and known_share(kind, values) >= _HALF:
            return kind
    return named if named in CHECKED_KINDS and _looks_numeric(sample) else None


def _valid(kind: ColumnKind, sample: Sequence[tuple[str, bool]]) -> list[str]:
    parsed = (parse_identifier(kind, text, numeric=numeric) for text, numeric in sample)
    return [one.value for one in parsed if one.is_valid]


def _looks_numeric(sample: Sequence[tuple[str, bool]]) -> bool:
    """Whether the cells are numbers at all: a column "EAN" of faulty numbers is one of faults."""
    digits = sum(bool(_NUMERIC.match(clean_text(text))) for text, _ in sample)
    return digits >= _HALF * len(sample)
