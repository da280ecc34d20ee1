"""From the cells of a row to what it states of its unit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sordiff.errors import Problem
from sordiff.model import Contact, Day, Gln, Kind, LocationNumber, PostalAddress, SorId, Speciality
from sordiff.snapshot.format.speciality_order import order_specialities
from sordiff.snapshot.format.text import fold_space, quote_value
from sordiff.snapshot.tables.code_texts import CodeText
from sordiff.snapshot.tables.columns import DAYS, Columns
from sordiff.snapshot.tables.days import DayColumn
from sordiff.snapshot.tables.dialect import Row, strip_guard
from sordiff.snapshot.tables.stated_unit import Above, StatedUnit
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.table_kinds import ADDRESS_BLOCKS, UNIT_TEXTS

_KINDS: Final = {
    "IE": Kind.OWNER,
    "SI": Kind.INSTITUTION,
    "OE": Kind.ORGANIZATIONAL_UNIT,
    "ie": Kind.OWNER,
    "si": Kind.INSTITUTION,
    "oe": Kind.ORGANIZATIONAL_UNIT,
    "institutionsejer": Kind.OWNER,
    "sundhedsinstitution": Kind.INSTITUTION,
    "organisatorisk enhed": Kind.ORGANIZATIONAL_UNIT,
}
# What sor.csv says of its location number.
_INHERITANCE: Final = {"egen": False, "nedarvet": True}
_BLOCKS: Final = (*ADDRESS_BLOCKS, "contact")
_NUMBER: Final = "location_number"
# Fields with a code in one column and its text in another.
_CODED: Final = ("unit_type", "organisational_level")
_MOST_TEXTS: Final = 65_536
_COORDINATES: Final = ("coordinate_north", "coordinate_east")


class _Texts(dict[str, str | None]):
    """A cell as written -> its text, without guard and spare space; None for a blank one."""

    def __missing__(self, cell: str) -> str | None:
        if len(self) > _MOST_TEXTS:  # ids and names, which come once
            self.clear()
        text = self[cell] = fold_space(strip_guard(cell))
        return text


class RowHead(NamedTuple):
    """The id, the level and the days of a row."""

    sor_id: SorId
    kind: Kind
    days: dict[str, Day]


class _Block:
    """The cells that make one record of a unit; equal cells give the same record.

    `build` gets the texts by field, and those of unknown columns.
    """

    def __init__(
        self, prefix: str, columns: Columns, texts: _Texts, build: Callable[..., Any]
    ) -> None:
        inside = {
            place.removeprefix(f"{prefix}/"): index
            for place, index in columns.places.items()
            if place.startswith(f"{prefix}/")
        }
        self.fields = tuple(inside)
        self._indices = tuple(inside.values())
        self._take = itemgetter(*self._indices) if len(self._indices) > 1 else None
        self._texts = texts
        self._build = build
        self._known: dict[Any, Any] = {}

    def read(self, cells: Sequence[str]) -> Any:
        """The record, or None where all cells are blank."""
        if self._take is None:
            if not self._indices:
                return None
            key: Any = cells[self._indices[0]]
        else:
            key = self._take(cells)
        try:
            return self._known[key]
        except KeyError:
            written = (key,) if self._take is None else key
            record = self._known[key] = self._make(written)
            return record

    def _make(self, written: Sequence[str]) -> Any:
        known: dict[str, str] = {}
        other: dict[str, str] = {}
        for field, cell in zip(self.fields, written, strict=True):
            text = self._texts[cell]
            if text is None:
                continue
            if field.startswith("other/"):
                other[field.removeprefix("other/")] = text
            else:
                known[field] = text
        return self._build(known, other) if known or other else None


class RowUnits:
    """Reads the rows of a table; what is wrong with a row becomes a problem of the table."""

    def __init__(self, table: TableFile) -> None:
        """Find where each field stands, once for all rows."""
        self._table = table
        self._columns = columns = table.columns
        self._texts = _Texts()
        places = columns.places
        self._id, self._kind, self._parent = (
            places[place] for place in ("sor_id", "kind", "parent_id")
        )
        self._singles: list[tuple[str, int]] = [
            (name, places[name]) for name in UNIT_TEXTS if name in places
        ]
        self._days = [
            (f"{name}_" if name == "from" else name, places[name], DayColumn(columns.name_of(name)))
            for name in DAYS
            if name in places
        ]
        self._other = [
            (place.removeprefix("other/"), index)
            for place, index in places.items()
            if place.startswith("other/")
        ]
        self._inherited = places.get("location_number_inherited")
        self._blocks = {
            name: _Block(name, columns, self._texts, _BUILDERS[name]) for name in _BLOCKS
        }
        self._number = _Block(_NUMBER, columns, self._texts, _build_number)
        self._institution = _Block("institution", columns, self._texts, _build_above)
        self._owner = _Block("owner", columns, self._texts, _build_above)
        self._specialities = _Block("specialities", columns, self._texts, _build_specialities)
        self._code_texts = [
            (field, places[f"{field}/text"]) for field in _CODED if f"{field}/text" in places
        ]

    def find_mixed_days(self) -> Iterator[Problem]:
        """A problem for each column whose days are written in two ways, of the rows read so far."""
        for _, _, column in self._days:
            if (problem := column.find_problem(self._table.name)) is not None:
                yield problem

    def read_head(self, row: Row) -> RowHead | None:
        """What every row must say; None, with a problem, where it is of no unit."""
        sor_id, kind = self._read_id(row), self._read_kind(row)
        if sor_id is None or kind is None:
            return None
        return RowHead(sor_id, kind, self._read_days(row))

    def read(self, row: Row, head: RowHead) -> StatedUnit:
        """What the row states of its unit."""
        sor_id, kind, days = head
        cells, texts = row.cells, self._texts
        parent = texts[cells[self._parent]]
        number = self._number.read(cells)
        other = {name: text for name, index in self._other if (text := texts[cells[index]])}
        if isinstance(number, dict):  # of a number that is not there
            other |= number
            number = None
        singles: dict[str, str] = {
            name: text for name, index in self._singles if (text := texts[cells[index]])
        }
        specialities, code_texts = self._specialities.read(cells) or _NO_SPECIALITIES
        for field, index in self._code_texts:
            if field in singles:
                code_texts = ((field, singles[field], texts[cells[index]]), *code_texts)
        return StatedUnit(
            sor_id=sor_id,
            kind=kind,
            line=row.line,
            parent_id=None if kind is Kind.OWNER or parent is None else SorId(parent),
            texts=singles,
            days=days,
            specialities=specialities,
            code_texts=code_texts,
            number=number,
            inherited=self._read_inherited(cells),
            postal=self._blocks["address/postal"].read(cells),
            visiting=self._blocks["address/visiting"].read(cells),
            activity=self._blocks["address/activity"].read(cells),
            contact=self._blocks["contact"].read(cells),
            institution=self._institution.read(cells) or _NOTHING_ABOVE,
            owner=self._owner.read(cells) or _NOTHING_ABOVE,
            other=other,
        )

    def _read_days(self, row: Row) -> dict[str, Day]:
        """The days of a row by field; a malformed one is a problem."""
        found: dict[str, Day] = {}
        for name, index, column in self._days:
            text = self._texts[row.cells[index]]
            if text is None:
                continue
            day = column[text]
            if day is None:
                message = f"{quote_value(text)} is not a date ({column.name})"
                self._add_problem("date.malformed", message, row)
            else:
                found[name] = day
        return found

    def _read_id(self, row: Row) -> SorId | None:
        """The SOR id of a row; None, with a problem, where it is none."""
        text = self._texts[row.cells[self._id]]
        if text is None:
            self._add_problem("sor_id.missing", "a unit without a SOR id", row)
            return None
        if not (text.isascii() and text.isalnum()):
            message = f"{quote_value(text)} is not a SOR id: letters and digits alone are"
            self._add_problem("sor_id.malformed", message, row)
            return None
        return SorId(text)

    def _read_kind(self, row: Row) -> Kind | None:
        """The level of the unit of a row; None, with a problem, where it is none."""
        text = self._texts[row.cells[self._kind]]
        kind = _KINDS.get(text or "") or _KINDS.get((text or "").casefold())
        if kind is None:
            column = self._columns.name_of("kind")
            message = f"{quote_value(text or '')} is not IE, SI or OE ({column})"
            self._add_problem("kind.unknown", message, row)
        return kind

    def _read_inherited(self, cells: Sequence[str]) -> bool | None:
        if self._inherited is None:
            return None
        text = self._texts[cells[self._inherited]]
        return None if text is None else _INHERITANCE.get(text.casefold())

    def _add_problem(self, code: str, message: str, row: Row) -> None:
        self._table.add_problem(code, message, row.line)


_NOTHING_ABOVE: Final = Above()
_NO_SPECIALITIES: Final[tuple[tuple[Speciality, ...], tuple[CodeText, ...]]] = ((), ())


def _build_specialities(
    known: Mapping[str, str], _: Mapping[str, str]
) -> tuple[tuple[Speciality, ...], tuple[CodeText, ...]]:
    codes = {place: known[place] for place in sorted(known) if not place.endswith("/text")}
    texts = tuple(
        ("specialities", code, known.get(f"{place}/text")) for place, code in codes.items()
    )
    return order_specialities(dict.fromkeys((code, "") for code in codes.values())), texts


def _build_above(known: Mapping[str, str], _: Mapping[str, str]) -> Above:
    sor_id = known.get("sor_id")
    return Above(None if sor_id is None else SorId(sor_id), known.get("name"), known.get("cvr"))


def _build_number(
    known: Mapping[str, str], other: Mapping[str, str]
) -> LocationNumber | dict[str, str]:
    """The number; where there is none, what the row says of it all the same."""
    if "number" not in known:
        return {f"{_NUMBER}.{name}": text for name, text in {**known, **other}.items()}
    fields: dict[str, Any] = {name: text for name, text in known.items() if name != "number"}
    return LocationNumber(number=Gln(known["number"]), **fields, other=dict(other))


def _build_address(known: Mapping[str, str], other: Mapping[str, str]) -> PostalAddress:
    fields: dict[str, Any] = dict(known)
    for name in _COORDINATES:
        if name in fields:
            fields[name] = fields[name].replace(",", ".")
    return PostalAddress(**fields, other=dict(other))


def _build_contact(known: Mapping[str, str], other: Mapping[str, str]) -> Contact:
    fields: dict[str, Any] = dict(known)
    return Contact(**fields, other=dict(other))


_BUILDERS: Final[Mapping[str, Callable[..., Any]]] = {
    "address/postal": _build_address,
    "address/visiting": _build_address,
    "address/activity": _build_address,
    "contact": _build_contact,
}
