"""What lies beside SOREntity.csv in Sor_complete.zip: replaced units, classifications, numbers.

No source tells the columns of these tables. Each is read where its header fits, and told where not.
The rest (SHAKSORMap, Geolocations, the maps) says nothing of a unit's own record. A further file
that is none of these is told, and doesn't make the units those of Sor_complete.zip.
"""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET

from msgspec.structs import replace

from sordiff.model import Day, Gln, LocationNumber, SorId, find_next_day
from sordiff.snapshot.format.element_names import NUMBER, NUMBER_BOOLEANS, STATUS
from sordiff.snapshot.format.text import fold_space, parse_boolean, quote_value
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.beside import BesideEntry, is_side_table
from sordiff.snapshot.source.refusals import build_refusal
from sordiff.snapshot.source.streams import LIST_FILE_LIMIT
from sordiff.snapshot.tables.columns import fold_name
from sordiff.snapshot.tables.days import DayColumn, tell_mixed_days
from sordiff.snapshot.tables.dialect import RowReader, strip_guard

_REPLACED: Final = re.compile(r"(sor)?replacedentit(y|ies)\.csv")
_LISTS: Final = re.compile(r"(sor)?classifications?\.csv|editypes?\.csv")
_NUMBERS: Final = re.compile(r"locations?codes?\.csv")
_WITHOUT_UNITS: Final = re.compile(
    r"shaksormaps?\.csv|(sor)?geolocations?\.csv|locations?codes?editypes?maps?\.csv"
)
_KNOWN: Final = (_REPLACED, _LISTS, _NUMBERS, _WITHOUT_UNITS)
_SUCCESSOR: Final = re.compile(r"(replacedby|replacing|replacement|new).*id")
_PREDECESSOR: Final = re.compile(r".*(replaces|replaced(?!by)|old).*id")
_GLN: Final = frozenset({"eanlocationcode", "locationcode", "locationscode", "gln"})
# The column that says of which list a row is; code and text are looked for in the others first.
_NAMES_A_LIST: Final = re.compile(r"list|classification|category|codesystem|group")
_NO_NAME: Final = re.compile(r"[^\w.-]|^(?=[\d.-])")
# Column, without case -> field of a location number; SOR2 writes Id for Identifier.
_NUMBER_COLUMNS: Final = {
    column: f"{field}_" if field == "from" else field
    for name, field in {**NUMBER, **STATUS}.items()
    if field not in {"number", "status"}
    for column in (name.casefold(), name.casefold().replace("identifier", "id"))
}


class SideRow(NamedTuple):
    """A row of such a table: where it begins, and its texts."""

    line: int
    texts: list[str | None]


class SideTable:
    """One of these tables, read whole; SnapshotRefused if it is cut off or a row is too wide.

    `digest`: the SHA-256 of its bytes.
    """

    def __init__(self, entry: BesideEntry) -> None:
        """Read the entry."""
        self.name = entry.name
        self._archive = entry.archive_name
        content = entry.read(LIST_FILE_LIMIT)
        self.digest = hashlib.sha256(content).hexdigest()
        reader = RowReader(io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")), "utf-8", quoted=True)
        self.rows: list[SideRow] = []
        self.columns: list[str] = []
        try:
            for row in reader.read():
                if not self.columns:
                    self.columns = row.cells
                elif len(row.cells) != len(self.columns):
                    message = f"{len(row.cells)} cells, where the header has {len(self.columns)}"
                    raise self._refuse("row.width", message, row.line)
                else:
                    texts = [fold_space(strip_guard(cell)) for cell in row.cells]
                    self.rows.append(SideRow(row.line, texts))
        except UnicodeDecodeError as error:
            raise self._refuse("encoding", "bytes that are not UTF-8", reader.lines) from error
        if reader.is_cut_off:
            message = "the file is cut off: its last line has no end"
            raise self._refuse("cut_off", message, reader.lines)
        self.folded = [fold_name(column) for column in self.columns]
        self._days: dict[int, DayColumn] = {}

    def _refuse(self, code: str, message: str, line: int | None = None) -> Exception:
        return build_refusal(f"{self._archive}/{self.name}", code, message, line)

    def find(self, names: Iterable[str]) -> list[int]:
        """The columns of these names, which are in lower case."""
        wanted = set(names)
        return [index for index, column in enumerate(self.folded) if column in wanted]

    def read_day(self, row: SideRow, index: int) -> Day | None:
        """The day in a cell; SnapshotRefused if it is none, or written otherwise than others."""
        text = row.texts[index]
        if text is None:
            return None
        column = self._days.setdefault(index, DayColumn(self.columns[index]))
        day = column[text]
        if day is None:
            message = f"{quote_value(text)} is not a date ({column.name})"
            raise self._refuse("date.malformed", message, row.line)
        if column.is_mixed:
            texts = ((each.texts[index], each.line) for each in self.rows)
            cells = ((text, line) for text, line in texts if text is not None)
            mixed = tell_mixed_days(column, cells, self.name)
            raise self._refuse(mixed.code, mixed.message, mixed.line)
        return day


class SideTables:
    """What the tables beside the units say; nothing where there are none.

    `warnings`: which of them were not read, and which further tables.
    """

    def __init__(self, beside: Iterable[BesideEntry], mapped: Mapping[str, Sequence[str]]) -> None:
        """`mapped`: further names of columns by place, such as `replaced/replaced_by`."""
        self._mapped = mapped
        tables = [entry for entry in beside if entry.name.casefold().endswith(".csv")]
        self._entries = [e for e in tables if _is_known(e.name) and is_side_table(e)]
        self.warnings = [
            f"{entry.name} is not read: no table of this name is known"
            for entry in tables
            if not _is_known(entry.name)
        ]
        self._digests: list[str] = []
        self.replaced = self._read_replaced()
        self._numbers = self._read_numbers()

    @property
    def digest(self) -> str | None:
        """What tells these tables from others, as far as they say something of a unit.

        None where none does: lists have a digest of their own.
        """
        found = " ".join(sorted(self._digests))
        return hashlib.sha256(found.encode()).hexdigest() if found else None

    @property
    def are_there(self) -> bool:
        """Whether there is any such table: the units are then those of Sor_complete.zip."""
        return bool(self._entries)

    def _open(self, name: re.Pattern[str]) -> list[SideTable]:
        return [SideTable(e) for e in self._entries if name.fullmatch(e.name.casefold())]

    def find_replacing(self, sor_id: SorId, day: Day) -> tuple[SorId, ...]:
        """The units that replace a unit, of those that do so on this day."""
        found = {by for begins, by in self.replaced.get(sor_id, ()) if not begins or begins <= day}
        return tuple(sorted(found))

    def complete_number(self, number: LocationNumber) -> LocationNumber:
        """The number with what its own table says of it."""
        fields = self._numbers.get(number.number)
        return replace(number, **fields) if fields else number

    def list_number_turns(self) -> Iterator[Day]:
        """The days on which a location number is closed, since its last day has passed."""
        for fields in self._numbers.values():
            if (day := find_next_day(fields.get("to"))) is not None:
                yield day

    def _read_replaced(self) -> dict[SorId, list[tuple[Day | None, SorId]]]:
        found: dict[SorId, list[tuple[Day | None, SorId]]] = {}
        for table in self._open(_REPLACED):
            self._digests.append(f"replaced:{table.digest}")
            places = self._find_replaced_columns(table)
            if places is None:
                self._warn(table, "which unit is replaced by which")
                continue
            replaced, replacing = places
            begins = table.find({"fromdate"})
            for row in table.rows:
                before, after = row.texts[replaced], row.texts[replacing]
                if before is None or after is None:
                    continue
                day = table.read_day(row, begins[0]) if begins else None
                found.setdefault(SorId(before), []).append((day, SorId(after)))
        return found

    def _find_replaced_columns(self, table: SideTable) -> tuple[int, int] | None:
        """The columns of the replaced and of the replacing unit; None if it is not clear."""
        replaced = table.find(map(fold_name, self._mapped.get("replaced/sor_id", ())))
        replacing = table.find(map(fold_name, self._mapped.get("replaced/replaced_by", ())))
        named = list(enumerate(table.folded))
        replacing = replacing or [i for i, name in named if _SUCCESSOR.fullmatch(name)]
        replaced = replaced or [
            i for i, name in named if _PREDECESSOR.fullmatch(name) and i not in replacing
        ]
        own = [i for i in table.find({"sorid"}) if i not in (*replaced, *replacing)]
        replaced, replacing = (replaced or own, replacing) if replacing else (replaced, [])
        if len(replaced) != 1 or len(replacing) != 1:
            return None
        return replaced[0], replacing[0]

    def _read_numbers(self) -> dict[Gln, dict[str, Any]]:
        """The fields of each number that has one row alone."""
        found: dict[Gln, dict[str, Any]] = {}
        several: set[Gln] = set()
        for table in self._open(_NUMBERS):
            self._digests.append(f"numbers:{table.digest}")
            numbers = table.find(_GLN)
            fields = {
                field: index
                for index, name in enumerate(table.folded)
                if (field := _NUMBER_COLUMNS.get(name)) is not None
            }
            if len(numbers) != 1 or not fields or table.find({"sortype"}):
                self._warn(table, "what a location number is set up for")
                continue
            for row in table.rows:
                number = row.texts[numbers[0]]
                if number is None:
                    continue
                if number in found:
                    several.add(Gln(number))
                found[Gln(number)] = _read_number_fields(table, row, fields)
        if several:
            count = f"{len(several)} location numbers have several rows: their details are not read"
            self.warnings.append(count)
        return {number: fields for number, fields in found.items() if number not in several}

    def _warn(self, table: SideTable, what: str) -> None:
        self.warnings.append(f"{table.name} is not read: no columns in it tell {what}")

    @cached_property
    def lists(self) -> tuple[ListFile, ...]:
        """The tables of classifications as files of lists, read by their shape as all lists are."""
        tables = self._open(_LISTS)
        of_units = [table for table in tables if table.find({"sorid"})]
        self.warnings += [
            f"{table.name} is not read: its rows are of units, and no entries of a list"
            for table in of_units
        ]
        return tuple(
            ListFile(table.name, _write_list(table)) for table in tables if table not in of_units
        )


def _is_known(name: str) -> bool:
    return any(known.fullmatch(name.casefold()) for known in _KNOWN)


def _read_number_fields(
    table: SideTable, row: SideRow, fields: Mapping[str, int]
) -> dict[str, Any]:
    days = {"from_", "to", "updated", "first_from"}
    read: dict[str, Any] = {}
    for field, index in fields.items():
        text = row.texts[index]
        if text is None:
            continue
        if field in days:
            read[field] = table.read_day(row, index)
        elif field in NUMBER_BOOLEANS:
            read[field] = parse_boolean(text.casefold())
        else:
            read[field] = text
    return read


def _write_list(table: SideTable) -> bytes:
    """The rows as elements of the table's name, their cells as elements of the columns' names."""
    root = ET.Element("Lists")
    local = _NO_NAME.sub("_", table.name.rpartition(".")[0])
    columns = sorted(
        enumerate(table.columns),
        key=lambda column: _NAMES_A_LIST.search(column[1].casefold()) is not None,
    )
    names = [(index, _NO_NAME.sub("_", column.strip())) for index, column in columns]
    for row in table.rows:
        entry = ET.SubElement(root, local)
        for index, name in names:
            if (text := row.texts[index]) is not None:
                ET.SubElement(entry, name).text = text
    written: bytes = ET.tostring(root, encoding="utf-8")
    return written
