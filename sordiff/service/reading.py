"""From a path to a register, with the settings applied."""

from collections.abc import Callable
from pathlib import Path

from sordiff.register import Register
from sordiff.settings import Settings
from sordiff.snapshot import Snapshot, read_snapshot

Progress = Callable[[str, int], None]


def read(
    path: Path, settings: Settings, *, data_types: Path | None, progress: Progress | None
) -> Snapshot:
    """Read and judge one snapshot; `progress` hears the file's name and the bytes read."""
    told = None if progress is None else (lambda size: progress(path.name, size))
    return read_snapshot(path, data_types=data_types, shapes=settings.data_types, progress=told)


def register_of(snapshot: Snapshot) -> Register:
    """The register as this snapshot has it, with the lists delivered with it."""
    return Register(
        day=snapshot.header.snapshot_date,
        created_at=snapshot.header.created_at,
        version=snapshot.header.version,
        units=snapshot.units,
        lists=snapshot.lists,
    )
