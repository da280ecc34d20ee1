"""From a path to the bytes of the register and its lists: plain, gzipped, zipped, or both.

Packed files are recognised by their first bytes, not by their names. Nothing is unpacked under a
name from the archive, and never more than the limit.
"""

import gzip
import io
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from msgspec import Struct

from sordiff.errors import SnapshotMissing
from sordiff.snapshot.source.archive_content import ListFile, sort_entries
from sordiff.snapshot.source.beside import BesideEntry
from sordiff.snapshot.source.refusals import (
    DAMAGE_ERRORS,
    build_damage_error,
    build_refusal,
    printable_path,
)
from sordiff.snapshot.source.streams import LIST_FILE_LIMIT, SIZE_LIMIT, ByteStream
from sordiff.snapshot.source.zip_file import open_zip

_IN_MEMORY: Final = 64 * 1024**2
_CHUNK: Final = 1024**2
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"


class SnapshotStreams(Struct, frozen=True, kw_only=True):
    """An open snapshot: `content` as a stream, the lists of the same archive, its other entries.

    `name`: the path for messages.
    """

    name: str
    content: ByteStream
    lists: tuple[ListFile, ...] = ()
    beside: tuple[BesideEntry, ...] = ()


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
            found = sort_entries(open_zip(stack, stream, name), name)
            yield SnapshotStreams(
                name=name, content=found.register.open(), lists=found.lists, beside=found.beside
            )
        else:
            yield SnapshotStreams(name=name, content=content)


def read_data_types(path: Path) -> ListFile:
    """Read a SorDataTypes.xml by its own path, gzipped or not."""
    name = printable_path(path)
    with ExitStack() as stack:
        stream = stack.enter_context(_open_file(path))
        is_packed = _peek_head(stream).startswith(_GZIP)
        content = _GunzippedStream(stack, stream, name) if is_packed else stream
        return ListFile(name, _read_limited(content, name))


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
        except DAMAGE_ERRORS as error:
            raise build_damage_error("gzip", self._name, error) from error

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        try:
            return self._packed.read(size)
        except DAMAGE_ERRORS as error:
            raise build_damage_error("gzip", self._name, error) from error


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
        raise build_damage_error("gzip", name, error) from error
    spooled.seek(0)
    return spooled


def _read_limited(stream: ByteStream, name: str) -> bytes:
    content = stream.read(LIST_FILE_LIMIT + 1)
    if len(content) > LIST_FILE_LIMIT:
        raise build_refusal(name, "too_large", "SorDataTypes.xml has more than 64 MiB")
    return content
