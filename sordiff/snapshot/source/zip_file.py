"""The entries of a zip file: what each is, told by its content, and how it is unpacked."""

import zipfile
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import IO, Final

from msgspec import Struct

from sordiff.errors import SordiffError
from sordiff.snapshot.source.content_kind import Content, ContentKind, recognise
from sordiff.snapshot.source.inflate import InflatedEntry
from sordiff.snapshot.source.refusals import DAMAGE_ERRORS, build_damage_error, build_refusal
from sordiff.snapshot.source.streams import HEAD_LENGTH, SIZE_LIMIT, ByteStream
from sordiff.visible import visible

_MAX_ENTRIES: Final = 1000
# SOR is deflated; the other methods unpack gigabytes at one call, whatever is asked for.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# The entry, all entries with it, or the directory is encrypted.
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_MAX_NAME: Final = 80


class ArchiveEntry(Struct, frozen=True, kw_only=True):
    """An entry that is no folder. It can be read while the snapshot is open."""

    content: Content
    stack: ExitStack
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    archive_name: str

    @property
    def name(self) -> str:
        """The name without folders."""
        return PurePosixPath(self.info.filename.replace("\\", "/")).name

    @property
    def shown_name(self) -> str:
        """The whole name, for messages."""
        return visible(self.info.filename[:_MAX_NAME])

    def open(self, limit: int = SIZE_LIMIT) -> ByteStream:
        """The entry from its start; SnapshotRefused if it is larger, packed oddly or damaged."""
        _check_size(self.info, limit, self.archive_name)
        if self.content.kind is ContentKind.UNREADABLE:
            message = f"{self.shown_name} is not stored or deflated, as SOR is"
            raise build_refusal(self.archive_name, "archive.method", message)
        return _EntryStream(self.stack, self.archive, self.info, self.archive_name)

    def read(self, limit: int) -> bytes:
        """The whole entry."""
        content = self.open(limit).read(limit + 1)
        if len(content) > limit:
            message = f"{self.shown_name} has more than {limit // 1024**2} MiB"
            raise build_refusal(self.archive_name, "too_large", message)
        return content


def open_zip(stack: ExitStack, stream: IO[bytes], name: str) -> tuple[ArchiveEntry, ...]:
    """Open the zip file and look at the start of each entry; `name`: its path for messages.

    SnapshotRefused if it is damaged or encrypted, or if an entry leads outside.
    """
    if not stream.seekable():
        message = f"{name} is a zip file in a pipe, which can't be read."
        raise SordiffError(message, advice="Save it to a file first.")
    try:
        archive = stack.enter_context(zipfile.ZipFile(stream))
    except DAMAGE_ERRORS as error:
        raise build_damage_error("zip", name, error) from error
    infos = archive.infolist()
    if len(infos) > _MAX_ENTRIES:
        raise build_refusal(name, "archive.entries", f"the zip file has {len(infos)} entries")
    for info in infos:
        if _leads_outside(info.filename):
            message = f"the zip entry {info.filename[:_MAX_NAME]!r} leads outside the archive"
            raise build_refusal(name, "archive.path", message)
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        advice = "Unpack it with its password, and give the file in it; nothing was changed."
        message = "the zip file is encrypted"
        raise build_refusal(name, "archive.encrypted", message, advice=advice)
    return tuple(
        ArchiveEntry(
            content=_recognise_entry(archive, info, name),
            stack=stack,
            archive=archive,
            info=info,
            archive_name=name,
        )
        for info in infos
        if not info.filename.endswith("/")
    )


def _recognise_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Content:
    if info.compress_type not in _METHODS:
        return Content(kind=ContentKind.UNREADABLE)
    _check_size(info, SIZE_LIMIT, name)
    with ExitStack() as stack:
        return recognise(_EntryStream(stack, archive, info, name).read(HEAD_LENGTH))


def _check_size(info: zipfile.ZipInfo, limit: int, name: str) -> None:
    if info.file_size > limit:
        message = f"{visible(info.filename[:_MAX_NAME])} unpacks to {info.file_size:,} bytes"
        raise build_refusal(name, "too_large", message)


def _leads_outside(entry_name: str) -> bool:
    path = PurePosixPath(entry_name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in entry_name


class _EntryStream:
    """An entry being unpacked, whose damage is told as a refusal wherever it shows."""

    def __init__(
        self, stack: ExitStack, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str
    ) -> None:
        self._name = name
        try:
            deflated = info.compress_type == zipfile.ZIP_DEFLATED
            self._stream: ByteStream = (
                InflatedEntry(stack, archive, info)
                if deflated
                else stack.enter_context(archive.open(info))
            )
        except DAMAGE_ERRORS as error:
            raise build_damage_error("zip", name, error) from error

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(size)
        except DAMAGE_ERRORS as error:
            raise build_damage_error("zip", self._name, error) from error
