"""Nights go into the archive after they are recorded; the next call makes up for a missed one."""

from pathlib import Path

from sordiff.archive import Archive, KeptNight, NewList, NewNight
from sordiff.errors import ArchiveFailed
from sordiff.model import Header
from sordiff.snapshot import digest_lists, open_unpacked, printable_path, read_data_types
from sordiff.table_kinds import TABLE_VERSIONS


def keep_snapshot(
    archive: Archive, path: Path, header: Header, *, at: str, data_types: Path | None = None
) -> KeptNight:
    """Keep the bytes of a snapshot that was read; `data_types`: the file that came beside it.

    ArchiveFailed where the file can't be read again, or is another by now.
    """
    if header.version in TABLE_VERSIONS:
        message = "The archive keeps the XML extract, and this night is a CSV file."
        raise ArchiveFailed(message, advice="Keep the file itself.")
    if not path.is_file():
        message = f"{printable_path(path)} is no file that can be read again, and is not archived."
        raise ArchiveFailed(message, advice="Save it to a file first.")
    given = None if data_types is None else (read_data_types(data_types),)
    with open_unpacked(path) as unpacked:
        lists = unpacked.lists if given is None else given
        night = NewNight(
            day=header.snapshot_date,
            created_at=header.created_at,
            name=printable_path(path),
            at=at,
            sha256=header.sha256,
            data_types=digest_lists(lists),
            lists=tuple(NewList(name=one.name, content=one.content) for one in lists),
            data_types_file=None if data_types is None else printable_path(data_types),
        )
        return archive.add(night, unpacked.content)
