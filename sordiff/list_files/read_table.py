"""A list from wherever it lies; what it is, its content tells, not its name."""

import sys
from pathlib import Path
from typing import Final

from sordiff.errors import SordiffError
from sordiff.list_files.refused import MOST_BYTES, ListRefused, too_large
from sordiff.reconcile.table import Table

STANDARD_INPUT: Final = "-"
_ZIP: Final = b"PK\x03\x04"
_SQLITE: Final = b"SQLite format 3\x00"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


def read_table(source: str) -> Table:
    """The list at a path, at `file.db#table.column`, or from standard input (`-`)."""
    if source == STANDARD_INPUT:
        return _read("standard input", sys.stdin.buffer.read(MOST_BYTES + 1))
    path = Path(source)
    if not path.exists() and "#" in source:
        from sordiff.list_files.sqlite_table import read_sqlite

        file, _, place = source.rpartition("#")
        if not Path(file).is_file():
            raise _missing(file)
        return read_sqlite(source, Path(file), place)
    try:
        with path.open("rb") as stream:
            return _read(source, stream.read(MOST_BYTES + 1))
    except FileNotFoundError as error:
        raise _missing(source) from error
    except OSError as error:
        message = f"{source} can't be read: {error.strerror}."
        raise SordiffError(message, advice="Check the file.") from error


def _missing(source: str) -> SordiffError:
    message = f"There is no list {source}."
    return SordiffError(message, advice="Give a file, or - for standard input.")


def _read(name: str, content: bytes) -> Table:
    if len(content) > MOST_BYTES:
        raise too_large(name)
    if content.startswith(_ZIP):
        from sordiff.list_files.xlsx_table import read_xlsx

        return read_xlsx(name, content)
    if content.startswith(_SQLITE):
        message = f"{name} is a database: say which column of it is the list."
        raise ListRefused(message, advice=f"Write it so: {name}#table.column.")
    if content.startswith(_OLD_EXCEL):
        message = f"{name} is a spreadsheet of the old kind, or locked by a password."
        raise ListRefused(message, advice="Save it as .xlsx without a password, or as CSV.")
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}:
        from sordiff.list_files.json_table import read_json

        return read_json(name, content)
    from sordiff.list_files.csv_table import read_csv

    return read_csv(name, content)
