"""Nights go into the archive after they are recorded; the next call makes up for a missed one."""

from pathlib import Path

from sordiff.archive import Archive, KeptNight, NewNight
from sordiff.errors import ArchiveFailed
from sordiff.model import Header
from sordiff.snapshot import open_unpacked, printable_path, read_data_types


def keep_snapshot(
    archive: Archive, path: Path, header: Header, *, at: str, data_types: Path | None = None
) -> KeptNight:
    """Keep the bytes of a snapshot that was read; `data_types`: the file that came beside it.

    ArchiveFailed where the file can't be read again, or is another by now.
    """
    if not path.is_file():
        message = f"{printable_path(path)} is no file that can be read again, and is not archived."
        raise ArchiveFailed(message, advice="Save it to a file first.")
    given = None if data_types is None else read_data_types(data_types)
    with open_unpacked(path) as unpacked:
        night = NewNight(
            day=header.snapshot_date,
            created_at=header.created_at,
            name=printable_path(path),
            at=at,
            sha256=header.sha256,
            data_types=unpacked.data_types if given is None else given,
            data_types_file=None if data_types is None else printable_path(data_types),
        )
        return archive.add(night, unpacked.content)
