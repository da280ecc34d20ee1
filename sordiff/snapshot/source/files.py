"""From a path to the bytes of Sor.xml and SorDataTypes.xml: plain, gzipped, zipped, or both.

Packed files are recognised by their first bytes, not by their names. Nothing is unpacked under a
name from the archive, and never more than the limit.
"""

import errno
import gzip
import io
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final, Protocol

from msgspec import Struct

from sordiff.errors import Problem, SnapshotMissing, SnapshotRefused, SordiffError
from sordiff.snapshot.source.inflate import ISAL_ERROR, InflatedEntry

SIZE_LIMIT: Final = 2 * 1024**3
DATA_TYPES_LIMIT: Final = 64 * 1024**2
_MAX_ENTRIES: Final = 1000
_IN_MEMORY: Final = 64 * 1024**2
_CHUNK: Final = 1024**2
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
ADVICE: Final = "Fetch the file again; nothing was changed."
# SOR is deflated; the other methods unpack gigabytes at one call, whatever is asked for.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What reading a damaged archive may raise, as the libraries name it.
_DAMAGE_ERRORS: Final = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    ISAL_ERROR,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    OSError,
)


class ByteStream(Protocol):
    """A stream of bytes that can be read once."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, empty at the end."""


class SnapshotStreams(Struct, frozen=True, kw_only=True):
    """An open snapshot: `content` as a stream, `data_types` (the SorDataTypes.xml) as bytes.

    `name`: the path for messages.
    """

    name: str
    content: ByteStream
    data_types: bytes | None


@contextmanager
def open_snapshot(path: Path) -> Iterator[SnapshotStreams]:
    """Open a snapshot for one pass.

    SnapshotRefused if the archive is damaged or unusual, SordiffError if the file can't be read.
    """
    name = printable_path(path)
    with ExitStack() as stack:
        stream: IO[bytes]
        stream = opened = stack.enter_context(_open_file(path))
        head = _peek_head(opened)
        content: ByteStream = stream
        if head.startswith(_GZIP):
            content = gunzipped = _GunzippedStream(stack, stream, name)
            head = gunzipped.peek_head()
            if head.startswith(_GZIP):
                raise build_refusal(name, "archive.nested", "a gzip file inside a gzip file")
            if head.startswith((_ZIP, _EMPTY_ZIP)):
                stream = _spool(stack, gunzipped, name)
        if head.startswith((_ZIP, _EMPTY_ZIP)):
            yield _open_zip(stack, stream, name)
        else:
            yield SnapshotStreams(name=name, content=content, data_types=None)


def read_data_types(path: Path) -> bytes:
    """Read a SorDataTypes.xml by its own path, gzipped or not."""
    name = printable_path(path)
    with ExitStack() as stack:
        stream = stack.enter_context(_open_file(path))
        is_packed = _peek_head(stream).startswith(_GZIP)
        content = _GunzippedStream(stack, stream, name) if is_packed else stream
        return _read_limited(content, name)


def printable_path(path: Path) -> str:
    """A path as text that can be printed, also if its name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def build_refusal(file: str, code: str, message: str, line: int | None = None) -> SnapshotRefused:
    """Build the refusal of a file for one reason."""
    problem = Problem(code=code, message=message, file=file, line=line)
    return SnapshotRefused(file, (problem,), advice=ADVICE)


def _open_file(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except OSError as error:
        raise SnapshotMissing(printable_path(path), error, advice="Check the path.") from error


def _peek_head(stream: io.BufferedReader) -> bytes:
    return stream.peek(4)[:4]  # also of a pipe, which can't be sought in


class _GunzippedStream:
    """A gzip file that is unpacked while it is read; damage is a refusal wherever it shows."""

    def __init__(self, stack: ExitStack, stream: IO[bytes], name: str) -> None:
        self._name = name
        self._packed = stack.enter_context(gzip.GzipFile(fileobj=stream))

    def peek_head(self) -> bytes:
        """The first bytes, which `read` gives as well."""
        try:
            return self._packed.peek(4)[:4]
        except _DAMAGE_ERRORS as error:
            raise _build_damage_error("gzip", self._name, error) from error

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        try:
            return self._packed.read(size)
        except _DAMAGE_ERRORS as error:
            raise _build_damage_error("gzip", self._name, error) from error


def _spool(stack: ExitStack, stream: ByteStream, name: str) -> IO[bytes]:
    """Unpack to a seekable file, as a zip file inside needs; on disk if large."""
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # the stack closes it
    spooled = stack.enter_context(file)
    try:
        while chunk := stream.read(_CHUNK):
            if spooled.tell() + len(chunk) > SIZE_LIMIT:
                raise build_refusal(name, "too_large", "it unpacks to more than 2 GiB")
            spooled.write(chunk)
    except OSError as error:
        raise _build_damage_error("gzip", name, error) from error
    spooled.seek(0)
    return spooled


def _open_zip(stack: ExitStack, stream: IO[bytes], name: str) -> SnapshotStreams:
    if not stream.seekable():
        message = f"{name} is a zip file in a pipe, which can't be read."
        raise SordiffError(message, advice="Save it to a file first.")
    try:
        archive = stack.enter_context(zipfile.ZipFile(stream))
    except _DAMAGE_ERRORS as error:
        raise _build_damage_error("zip", name, error) from error
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
        None if types is None else _read_limited(_ZipEntry(stack, archive, types, name), name)
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
        except _DAMAGE_ERRORS as error:
            raise _build_damage_error("zip", name, error) from error

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        try:
            return self._stream.read(size)
        except _DAMAGE_ERRORS as error:
            raise _build_damage_error("zip", self._name, error) from error


def _build_damage_error(kind: str, name: str, error: Exception) -> SordiffError:
    """A damaged archive is refused; a disk that is full or fails is no fault of the archive."""
    if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
        message = f"{name} could not be unpacked: {error.strerror}."
        return SordiffError(message, advice="Make room (TMPDIR), and call again.")
    said = str(error) or "it ends too early"
    return build_refusal(name, "archive.damaged", f"the {kind} file is cut off or damaged: {said}")


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


def _read_limited(stream: ByteStream, name: str) -> bytes:
    content = stream.read(DATA_TYPES_LIMIT + 1)
    if len(content) > DATA_TYPES_LIMIT:
        raise build_refusal(name, "too_large", "SorDataTypes.xml has more than 64 MiB")
    return content
