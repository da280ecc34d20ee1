"""A table as Parquet: typed columns, compressed with zstd, written some thousand rows at a time."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sordiff.errors import SordiffError
from sordiff.exported_tables import ColumnType, ExportedTable

if TYPE_CHECKING:
    import pyarrow as pa


def demand_parquet() -> None:
    """Raise SordiffError where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        message = "Parquet needs the library pyarrow, which is not installed."
        advice = "Install it with `pip install 'sordiff[export]'`, or choose --format csv."
        raise SordiffError(message, advice=advice)


def write_parquet(
    path: Path, table: ExportedTable, rows: Iterable[Sequence[tuple[Any, ...]]]
) -> int:
    """Write a row group for each part of the rows."""
    from pyarrow import parquet

    count, schema = 0, _build_schema(table)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for some in rows:
            count += len(some)
            writer.write_table(_build_part(schema, some))
    return count


def _build_schema(table: ExportedTable) -> "pa.Schema":
    import pyarrow as pa

    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.JSON: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.DAY: pa.date32(),
        ColumnType.TIME: pa.timestamp("us", tz="UTC"),
    }
    return pa.schema([(name, types[kind]) for name, kind in table.columns.items()])


def _build_part(schema: "pa.Schema", rows: Sequence[tuple[Any, ...]]) -> "pa.Table":
    """Days and times come as texts, booleans as 0 and 1."""
    import pyarrow as pa

    columns = [
        pa.array(values, pa.int64() if wanted.type == pa.bool_() else None).cast(wanted.type)
        for values, wanted in zip(zip(*rows, strict=True), schema, strict=True)
    ]
    return pa.table(columns, schema=schema)
