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

WHOLE: Final = ReadOptions()


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


def build_register(snapshot: Snapshot) -> Register:
    """The register as a snapshot that was read whole has it, with the lists delivered with it."""
    return Register(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )
