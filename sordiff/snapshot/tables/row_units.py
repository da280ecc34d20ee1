"""From the cells of a row to what it states of its unit."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sordiff.errors import Problem
from sordiff.model import Day, Kind, SorId
from sordiff.row_index import CodeText
from sordiff.snapshot.format.text import quote_value
from sordiff.snapshot.tables.columns import DAYS
from sordiff.snapshot.tables.days import DayColumn, tell_mixed_days
from sordiff.snapshot.tables.dialect import Row
from sordiff.snapshot.tables.row_blocks import (
    BUILDERS,
    NO_SPECIALITIES,
    NOTHING_ABOVE,
    NUMBER,
    RowBlock,
    Texts,
    build_above,
    build_number,
    build_specialities,
)
from sordiff.snapshot.tables.stated_unit import StatedUnit
from sordiff.snapshot.tables.table_file import TableFile
from sordiff.snapshot.tables.unused_cells import UnusedCells
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
# Most rows have nothing else; one for all, which nobody changes.
_NOTHING_ELSE: Final[dict[str, str]] = {}
_MOST_CODE_TEXTS: Final = 16_384
_BLOCKS: Final = (*ADDRESS_BLOCKS, "contact")
# Fields with a code in one column and its text in another.
_CODED: Final = ("unit_type", "organisational_level")


def find_kind(text: str | None) -> Kind | None:
    """The level that a cell names; None if it is none."""
    return _KINDS.get(text or "") or _KINDS.get((text or "").casefold())


class RowHead(NamedTuple):
    """The id, the level and the days of a row."""

    sor_id: SorId
    kind: Kind
    days: dict[str, Day]


class RowUnits:
    """Reads the rows of a table; what is wrong with a row becomes a problem of the table."""

    def __init__(self, table: TableFile) -> None:
        """Find where each field stands, once for all rows."""
        self._table = table
        self._columns = columns = table.columns
        self._texts = Texts()
        places = columns.places
        self._id, self._kind, self._parent = (
            places[place] for place in ("sor_id", "kind", "parent_id")
        )
        self._singles: list[tuple[str, int]] = [
            (name, places[name]) for name in UNIT_TEXTS if name in places
        ]
        # By field: where the column stands, and its days.
        self.day_columns = {
            f"{name}_" if name == "from" else name: (places[name], DayColumn(columns.name_of(name)))
            for name in DAYS
            if name in places
        }
        self._other = [
            (place.removeprefix("other/"), index)
            for place, index in places.items()
            if place.startswith("other/")
        ]
        self._inherited = places.get("location_number_inherited")
        self._unused = UnusedCells(columns, self._texts)
        self._blocks = {
            name: RowBlock(name, columns, self._texts, BUILDERS[name]) for name in _BLOCKS
        }
        for name in ADDRESS_BLOCKS:
            self._blocks[name].share_records(self._blocks[ADDRESS_BLOCKS[0]])
        self._number = RowBlock(NUMBER, columns, self._texts, build_number)
        self._institution = RowBlock("institution", columns, self._texts, build_above)
        self._owner = RowBlock("owner", columns, self._texts, build_above)
        self._specialities = RowBlock("specialities", columns, self._texts, build_specialities)
        # Thousands of rows say the same, and all keep it.
        self._known_code_texts: dict[tuple[CodeText, ...], tuple[CodeText, ...]] = {}
        self._code_texts = [
            (field, places[field], places[f"{field}/text"])
            for field in _CODED
            if field in places and f"{field}/text" in places
        ]

    @property
    def are_days_mixed(self) -> bool:
        """Whether the days of any column are written in two ways, of the rows read so far."""
        return any(column.is_mixed for _, column in self.day_columns.values())

    def find_mixed_days(self) -> Iterator[Problem]:
        """A problem for each column whose days are written in two ways: the table is read again."""
        for index, column in self.day_columns.values():
            if column.is_mixed:
                rows = self._table.read_rows_again()
                said = ((self._texts[row.cells[index]], row.line) for row in rows)
                cells = ((text, line) for text, line in said if text is not None)
                yield tell_mixed_days(column, cells, self._table.name)

    def list_witnesses(self) -> list[dict[str, str]]:
        """How the days read so far are written, by column: see DayColumn."""
        return [column.witnesses for _, column in self.day_columns.values()]

    def add_witnesses(self, found: Iterable[dict[str, str]]) -> None:
        """Add those of later rows, which another process has read."""
        for known, later in zip(self.list_witnesses(), found, strict=True):
            known.update({**later, **known})

    def list_ways(self) -> dict[str, str]:
        """Column -> how its days are written, of the rows read so far, where they are not mixed."""
        return {
            column.name: way for _, column in self.day_columns.values() for way in column.witnesses
        }

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
            other = {**other, **number}
            number = None
        singles: dict[str, str] = {
            name: text for name, index in self._singles if (text := texts[cells[index]])
        }
        specialities, _ = self._specialities.read(cells) or NO_SPECIALITIES
        unit = StatedUnit(
            sor_id=sor_id,
            kind=kind,
            line=row.line,
            parent_id=None if kind is Kind.OWNER or parent is None else SorId(parent),
            texts=singles,
            days=days,
            specialities=specialities,
            code_texts=self.read_code_texts(cells),
            number=number,
            inherited=self._read_inherited(cells),
            postal=self._blocks["address/postal"].read(cells),
            visiting=self._blocks["address/visiting"].read(cells),
            activity=self._blocks["address/activity"].read(cells),
            contact=self._blocks["contact"].read(cells),
            institution=self._institution.read(cells) or NOTHING_ABOVE,
            owner=self._owner.read(cells) or NOTHING_ABOVE,
            other=other or _NOTHING_ELSE,
        )
        unit.unused = self._unused.list_sentences(unit, cells)
        return unit

    def read_code_texts(self, cells: Sequence[str]) -> tuple[CodeText, ...]:
        """The codes of a row with the texts beside them."""
        _, code_texts = self._specialities.read(cells) or NO_SPECIALITIES
        texts = self._texts
        for field, index, text_index in self._code_texts:
            if code := texts[cells[index]]:
                code_texts = ((field, code, texts[cells[text_index]]), *code_texts)
        known = self._known_code_texts
        if len(known) >= _MOST_CODE_TEXTS:
            known.clear()
        return known.setdefault(code_texts, code_texts)

    def list_code_columns(self) -> list[int]:
        """The columns that decide what a row says of codes."""
        coded = (index for _, *both in self._code_texts for index in both)
        return [*coded, *self._specialities.indices]

    def _read_days(self, row: Row) -> dict[str, Day]:
        """The days of a row by field; a malformed one is a problem."""
        found: dict[str, Day] = {}
        for name, (index, column) in self.day_columns.items():
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
        kind = find_kind(text)
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
