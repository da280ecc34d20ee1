"""Nights go into the archive after they are recorded; the next call makes up for a missed one."""

from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path

from msgspec.structs import replace

from sordiff.archive import Archive, KeptNight, NewFile, NewNight
from sordiff.errors import ArchiveFailed
from sordiff.model import Header
from sordiff.service.ingest.table_nights import split_day
from sordiff.snapshot import (
    Unpacked,
    digest_beside,
    digest_lists,
    identify_night,
    open_unpacked,
    printable_path,
    read_data_types,
)
from sordiff.table_kinds import TABLE_VERSIONS


def keep_snapshot(
    archive: Archive, path: Path, header: Header, *, at: str, data_types: Path | None = None
) -> KeptNight:
    """Keep the bytes of a snapshot that was read; `data_types`: the file that came beside it.

    ArchiveFailed where the file can't be read again, or is another by now.
    """
    return keep_nights(archive, path, [header], at=at, data_types=data_types)[0]


def keep_nights(
    archive: Archive,
    path: Path,
    headers: Sequence[Header],
    *,
    at: str,
    data_types: Path | None = None,
) -> list[KeptNight]:
    """Keep several nights that lie in one file, as `keep_snapshot` does."""
    path, _ = split_day(path)
    if not path.is_file():
        message = f"{printable_path(path)} is no file that can be read again, and is not archived."
        raise ArchiveFailed(message, advice="Save it to a file first.")
    with open_unpacked(path) as unpacked:
        night = _describe_files(unpacked, printable_path(path), headers[0], at, data_types)
        nights = [
            replace(
                night,
                day=header.snapshot_date,
                created_at=header.created_at,
                known_as=None if night.table is None else header.sha256,
            )
            for header in headers
        ]
        return archive.add_each(nights, unpacked.content, is_own=unpacked.is_own)


def _describe_files(
    unpacked: Unpacked, name: str, header: Header, at: str, data_types: Path | None
) -> NewNight:
    """A night with the files of a snapshot, which may be those of several nights."""
    is_table = header.version in TABLE_VERSIONS
    given = None if data_types is None else read_data_types(data_types)
    lists = unpacked.lists if given is None else (given,)
    beside = unpacked.beside if is_table else ()
    return NewNight(
        day=header.snapshot_date,
        created_at=header.created_at,
        name=name,
        at=at,
        sha256=_find_own_sha256(unpacked, header) if is_table else header.sha256,
        data_types=digest_lists(lists, beside if given is None else ()),
        lists=tuple(NewFile(name=one.name, content=one.content) for one in lists),
        data_types_file=None if given is None else given.name,
        table=header.version if is_table else None,
        beside=tuple(NewFile(name=one.name, content=one.data) for one in beside),
    )


def _find_own_sha256(unpacked: Unpacked, header: Header) -> str:
    """The SHA-256 of the bytes of a table; runs have that of its night.

    ArchiveFailed where the file is another by now.
    """
    with unpacked.content.open("rb") as file:
        found = file_digest(file, "sha256").hexdigest()
    beside = digest_beside(unpacked.beside)
    if identify_night(found, header.snapshot_date, beside) != header.sha256:
        message = "The snapshot was written to meanwhile, and is not archived."
        raise ArchiveFailed(message, advice="Archive it again with `sordiff archive add`.")
    return found
