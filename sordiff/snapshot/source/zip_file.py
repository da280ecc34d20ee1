"""A zip file with Sor.xml and perhaps SorDataTypes.xml: its entries, and what is refused."""

import zipfile
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import IO, Final

from sordiff.errors import SordiffError
from sordiff.snapshot.source.inflate import InflatedEntry
from sordiff.snapshot.source.refusals import DAMAGE_ERRORS, build_damage_error, build_refusal
from sordiff.snapshot.source.streams import (
    DATA_TYPES_LIMIT,
    SIZE_LIMIT,
    ByteStream,
    SnapshotStreams,
    read_limited,
)

_MAX_ENTRIES: Final = 1000


# SOR is deflated; the other methods unpack gigabytes at one call, whatever is asked for.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def open_zip(stack: ExitStack, stream: IO[bytes], name: str) -> SnapshotStreams:
    """Open the snapshot in a zip file; SnapshotRefused where it is damaged or unusual."""
    if not stream.seekable():
        message = f"{name} is a zip file in a pipe, which can't be read."
        raise SordiffError(message, advice="Save it to a file first.")
    try:
        archive = stack.enter_context(zipfile.ZipFile(stream))
    except DAMAGE_ERRORS as error:
        raise build_damage_error("zip", name, error) from error
    entries = archive.infolist()
    if len(entries) > _MAX_ENTRIES:
        raise build_refusal(name, "archive.entries", f"the zip file has {len(entries)} entries")
    for entry in entries:
        if _leads_outside(entry.filename):
            message = f"the zip entry {entry.filename[:80]!r} leads outside the archive"
            raise build_refusal(name, "archive.path", message)
    xml = _find_entry(archive, name, "Sor.xml", SIZE_LIMIT)
    if xml is None:
        raise build_refusal(name, "archive.no_snapshot", "the zip file has no entry Sor.xml")
    types = _find_entry(archive, name, "SorDataTypes.xml", DATA_TYPES_LIMIT)
    data_types = (
        None if types is None else read_limited(_ZipEntry(stack, archive, types, name), name)
    )
    return SnapshotStreams(
        name=name, content=_ZipEntry(stack, archive, xml, name), data_types=data_types
    )


class _ZipEntry:
    """An entry being unpacked, whose damage is told as a refusal wherever it shows."""

    def __init__(
        self, stack: ExitStack, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str
    ) -> None:
        self._name = name
        try:
            deflated = entry.compress_type == zipfile.ZIP_DEFLATED
            self._stream: ByteStream = (
                InflatedEntry(stack, archive, entry)
                if deflated
                else stack.enter_context(archive.open(entry))
            )
        except DAMAGE_ERRORS as error:
            raise build_damage_error("zip", name, error) from error

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(size)
        except DAMAGE_ERRORS as error:
            raise build_damage_error("zip", self._name, error) from error


def _leads_outside(entry_name: str) -> bool:
    path = PurePosixPath(entry_name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in entry_name


def _find_entry(
    archive: zipfile.ZipFile, name: str, wanted: str, limit: int
) -> zipfile.ZipInfo | None:
    found = [
        entry
        for entry in archive.infolist()
        if PurePosixPath(entry.filename).name.casefold() == wanted.casefold()
    ]
    if len(found) > 1:
        message = f"the zip file has {len(found)} entries named {wanted}"
        raise build_refusal(name, "archive.ambiguous", message)
    if found and found[0].file_size > limit:
        message = f"{wanted} unpacks to {found[0].file_size:,} bytes"
        raise build_refusal(name, "too_large", message)
    if found and found[0].compress_type not in _METHODS:
        message = f"{wanted} is not stored or deflated, as SOR is"
        raise build_refusal(name, "archive.method", message)
    return found[0] if found else None
