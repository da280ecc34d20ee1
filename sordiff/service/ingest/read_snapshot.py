"""From a path to a register, with the settings applied."""

from pathlib import Path
from typing import Final

import msgspec

from sordiff.register import Register
from sordiff.settings import Settings
from sordiff.snapshot import Reading, Snapshot, field_mapping, read_snapshot
from sordiff.subtrees import SubtreeIndex

WHOLE: Final = Reading()


def read(
    path: Path, settings: Settings, how: Reading = WHOLE, index: SubtreeIndex | None = None
) -> Snapshot:
    """Read and judge one snapshot; with `index`, only what is not in it."""
    return read_snapshot(path, configured(how, settings), index)


def configured(how: Reading, settings: Settings) -> Reading:
    """With the shapes of lists and the names of fields that the settings tell."""
    mapping = field_mapping(settings.fields)
    return msgspec.structs.replace(how, shapes=settings.data_types, mapping=mapping)


def register_of(snapshot: Snapshot) -> Register:
    """The register as a snapshot that was read whole has it, with the lists delivered with it."""
    return Register(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )
