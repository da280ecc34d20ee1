"""Tables as files for programs: Parquet, JSON lines, CSV; alone in using pyarrow."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from sordiff.exported_tables import ExportedTable
from sordiff.table_files.csv_file import write_csv
from sordiff.table_files.json_lines import write_json_lines
from sordiff.table_files.parquet import demand_parquet, write_parquet

# Rows as the changelog gives them, some thousand at a time.
Rows = Iterable[Sequence[tuple[Any, ...]]]


class TableFormat(StrEnum):
    """How a table is written; the value is the ending of the file."""

    PARQUET = "parquet"
    NDJSON = "ndjson"
    CSV = "csv"


def demand_format(chosen: TableFormat) -> None:
    """Raise SordiffError where the library for a format is not installed."""
    if chosen is TableFormat.PARQUET:
        demand_parquet()


def write_table(path: Path, table: ExportedTable, rows: Rows, chosen: TableFormat) -> int:
    """Write a file, and give back how many rows it has."""
    match chosen:
        case TableFormat.PARQUET:
            return write_parquet(path, table, rows)
        case TableFormat.NDJSON:
            return write_json_lines(path, table, rows)
        case TableFormat.CSV:
            return write_csv(path, table, rows)
