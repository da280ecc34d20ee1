"""The cells of a row that make one record of a unit: an address, the contact, the number."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sordiff.model import Contact, Gln, LocationNumber, PostalAddress, SorId, Speciality
from sordiff.row_index import CodeText
from sordiff.snapshot.format.speciality_order import order_specialities
from sordiff.snapshot.format.text import fold_space
from sordiff.snapshot.tables.columns import Columns
from sordiff.snapshot.tables.dialect import strip_guard
from sordiff.snapshot.tables.stated_unit import Above

NUMBER: Final = "location_number"
_MOST_TEXTS: Final = 16_384
_LONGEST_CODE: Final = 64
# Rows that repeat a record stand near each other: an older one is not looked for.
_MOST_RECORDS: Final = 2048
# Most records have nothing else; one for all, which nobody changes.
_NOTHING_ELSE: Final[dict[str, Any]] = {}
_COORDINATES: Final = ("coordinate_north", "coordinate_east")


class Texts(dict[str, str | None]):
    """A cell as written -> its text, without guard and spare space; None for a blank one."""

    def __missing__(self, cell: str) -> str | None:
        if len(self) >= _MOST_TEXTS:  # ids and names, which come once
            self.clear()
        # Letters and digits alone, as in a code, hold no guard and no space.
        is_plain = len(cell) <= _LONGEST_CODE and cell.isalnum()
        text = self[cell] = cell if is_plain else fold_space(strip_guard(cell))
        return text


class RowBlock:
    """The cells that make one record of a unit; equal cells give the same record.

    `build` gets the texts by field, and those of unknown columns.
    """

    def __init__(
        self, prefix: str, columns: Columns, texts: Texts, build: Callable[..., Any]
    ) -> None:
        inside = {
            place.removeprefix(f"{prefix}/"): index
            for place, index in columns.places.items()
            if place.startswith(f"{prefix}/")
        }
        # The name of each field in its record, and whether the record has it among others.
        self._fields = tuple(
            (field.removeprefix("other/"), field.startswith("other/")) for field in inside
        )
        self.indices = tuple(inside.values())
        self._take = itemgetter(*self.indices) if len(self.indices) > 1 else None
        self._texts = texts
        self._build = build
        self._known: dict[Any, Any] = {}

    def share_records(self, other: "RowBlock") -> None:
        """Take the records of another block that is built alike: equal cells, equal records."""
        if self._fields == other._fields and self._build is other._build:
            self._known = other._known

    def read(self, cells: Sequence[str]) -> Any:
        """The record, or None where all cells are blank."""
        if self._take is None:
            if not self.indices:
                return None
            key: Any = cells[self.indices[0]]
        else:
            key = self._take(cells)
        try:
            return self._known[key]
        except KeyError:
            written = (key,) if self._take is None else key
            if len(self._known) >= _MOST_RECORDS:
                self._known.clear()
            record = self._known[key] = self._make(written)
            return record

    def _make(self, written: Sequence[str]) -> Any:
        known: dict[str, str] = {}
        other: dict[str, str] = {}
        texts = self._texts
        for (field, is_other), cell in zip(self._fields, written, strict=True):
            if cell and (text := texts[cell]) is not None:
                (other if is_other else known)[field] = text
        return self._build(known, other) if known or other else None


NOTHING_ABOVE: Final = Above()
NO_SPECIALITIES: Final[tuple[tuple[Speciality, ...], tuple[CodeText, ...]]] = ((), ())


def build_specialities(
    known: Mapping[str, str], _: Mapping[str, str]
) -> tuple[tuple[Speciality, ...], tuple[CodeText, ...]]:
    """The specialities, the first of them the main one, and their codes with their texts."""
    codes = {place: known[place] for place in sorted(known) if not place.endswith("/text")}
    texts = tuple(
        ("specialities", code, known.get(f"{place}/text")) for place, code in codes.items()
    )
    return order_specialities(dict.fromkeys((code, "") for code in codes.values())), texts


def build_above(known: Mapping[str, str], _: Mapping[str, str]) -> Above:
    """What the row says of a unit above its own."""
    sor_id = known.get("sor_id")
    return Above(None if sor_id is None else SorId(sor_id), known.get("name"), known.get("cvr"))


def build_number(
    known: Mapping[str, str], other: Mapping[str, str]
) -> LocationNumber | dict[str, str]:
    """The number; where there is none, what the row says of it all the same."""
    if "number" not in known:
        return {f"{NUMBER}.{name}": text for name, text in {**known, **other}.items()}
    fields: dict[str, Any] = {name: text for name, text in known.items() if name != "number"}
    return LocationNumber(number=Gln(known["number"]), **fields, other=dict(other) or _NOTHING_ELSE)


def _build_address(known: Mapping[str, str], other: Mapping[str, str]) -> PostalAddress:
    fields: dict[str, Any] = dict(known)
    for name in _COORDINATES:
        if name in fields:
            fields[name] = fields[name].replace(",", ".")
    return PostalAddress(**fields, other=dict(other) or _NOTHING_ELSE)


def _build_contact(known: Mapping[str, str], other: Mapping[str, str]) -> Contact:
    fields: dict[str, Any] = dict(known)
    return Contact(**fields, other=dict(other) or _NOTHING_ELSE)


BUILDERS: Final[Mapping[str, Callable[..., Any]]] = {
    "address/postal": _build_address,
    "address/visiting": _build_address,
    "address/activity": _build_address,
    "contact": _build_contact,
}
