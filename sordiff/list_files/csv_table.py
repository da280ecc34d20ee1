"""CSV in any usual dialect: semicolons, commas, tabs; UTF-8, UTF-16 or Latin-1; any BOM."""

import codecs
import csv
import io
import re
from collections import Counter
from typing import Final

from msgspec.structs import replace

from sordiff.list_files.headed_table import build_table
from sordiff.list_files.refused import MOST_CELL, ListRefused
from sordiff.reconcile.table import Table, TableRow

_DELIMITERS: Final = ";,\t|"
_LOOKED_AT: Final = 50
# What Excel writes, and reads, above the headings.
_SEPARATOR: Final = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_csv(name: str, content: bytes) -> Table:
    """The table in a CSV file; ListRefused with the line where it is broken."""
    encoding = find_encoding(content)
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"{name} is not text in {encoding}: byte {error.start} does not fit."
        raise ListRefused(message, advice="Save it as CSV in UTF-8.") from error
    said = _SEPARATOR.match(text)
    delimiter = said[1] if said else find_delimiter(text)
    lines = _rows(name, text, delimiter)[1 if said else 0 :]
    return replace(
        build_table(name, lines),
        delimiter=delimiter,
        encoding=encoding,
        line_end="\r\n" if "\r\n" in text else "\n",
        text=text,
    )


def find_encoding(content: bytes) -> str:
    """UTF-8 where it is, with or without a byte order mark; else what Windows writes in Denmark."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252" if not set(content) & {0x81, 0x8D, 0x8F, 0x90, 0x9D} else "latin-1"
    return "utf-8"


def find_delimiter(text: str) -> str:
    """The character that cuts the first lines into equally many cells, and into the most."""
    lines = text[: 1 << 16].splitlines()[:_LOOKED_AT]
    best, most = ";", (0.0, 0)
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        rank = (count / len(widths), width)
        if width > 1 and rank > most:
            best, most = delimiter, rank
    return best


def _rows(name: str, text: str, delimiter: str) -> list[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(MOST_CELL)
    found: list[TableRow] = []
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(TableRow(begin, tuple(cells)))
            begin = reader.line_num + 1
    except csv.Error as error:
        message = f"{name}:{begin}: this is not CSV: {error}."
        advice = "Close the quotes on that line and double those within; a file cut off is refused."
        raise ListRefused(message, advice=advice) from error
    return found
