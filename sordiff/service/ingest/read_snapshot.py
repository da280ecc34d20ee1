"""From a path to a register, with the settings applied."""

from pathlib import Path
from typing import Final

import msgspec

from sordiff.list_shape import ListLayout
from sordiff.register import Register
from sordiff.row_index import KnownRows
from sordiff.service.ingest.table_nights import settle_day
from sordiff.settings import Settings
from sordiff.snapshot import ReadOptions, Snapshot, build_mapping, read_snapshot
from sordiff.subtrees import SubtreeIndex
from sordiff.table_kinds import TABLE_VERSIONS, TableKind

WHOLE: Final = ReadOptions()
# Before the names of columns, which stand with a run beside those of elements.
COLUMN_NAMES: Final = "columns/"


def read_with_settings(
    path: Path,
    settings: Settings,
    how: ReadOptions = WHOLE,
    index: SubtreeIndex | KnownRows | None = None,
) -> Snapshot:
    """Read and judge one snapshot; with `index`, only what is not in it."""
    path, day = settle_day(path, how.snapshot_date)
    how = msgspec.structs.replace(how, snapshot_date=day)
    return read_snapshot(path, apply_settings(how, settings), index)


def apply_settings(how: ReadOptions, settings: Settings) -> ReadOptions:
    """With the layout of the lists and the names of fields and columns that the settings say."""
    layout = ListLayout(shapes=settings.data_types, places=settings.lists)
    mapping = build_mapping(settings.fields)
    return msgspec.structs.replace(how, layout=layout, mapping=mapping, columns=settings.columns)


def list_names(settings: Settings, version: str) -> dict[str, tuple[str, ...]]:
    """The further names by which a file of this version is read: of elements, or of columns.

    By these a run knows whether the same bytes would say something else today.
    """
    if version not in TABLE_VERSIONS:
        return settings.fields
    # The two tables of SOR2 are not told apart by their headers.
    is_old = version == TableKind.SOR_CSV
    kinds = (TableKind.SOR_CSV,) if is_old else (TableKind.DAILY, TableKind.COMPLETE)
    return {
        f"{COLUMN_NAMES}{kind}/{place}": names
        for kind in kinds
        for place, names in settings.columns.get(kind, {}).items()
    }


def build_register(snapshot: Snapshot) -> Register:
    """The register as a snapshot that was read whole has it, with the lists delivered with it."""
    return Register(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )
