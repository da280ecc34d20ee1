"""A deflated zip entry, unpacked by isal in half the time of zlib, and checked as zipfile does."""

import copy
import zipfile
from contextlib import ExitStack
from typing import IO, Any, Final

from isal import isal_zlib

_ERROR: Any = isal_zlib.error  # which the stubs take for an instance
ISAL_ERROR: Final[type[Exception]] = _ERROR
_CHUNK: Final = 1024**2
_RAW_DEFLATE: Final = -15


class InflatedEntry:
    """The content of an entry as a stream; a damaged one raises what zipfile would raise."""

    def __init__(self, stack: ExitStack, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Open the packed bytes; zipfile takes them for a stored entry without a CRC."""
        packed = copy.copy(entry)
        packed.compress_type = zipfile.ZIP_STORED
        packed.file_size = entry.compress_size
        packed.CRC = None  # type: ignore[assignment]  # then zipfile checks none
        self._entry = entry
        self._packed: IO[bytes] = stack.enter_context(archive.open(packed))
        self._inflate = isal_zlib.decompressobj(_RAW_DEFLATE)
        self._waiting = b""
        self._crc = 0
        self._size = 0
        self._ended = False

    def read(self, size: int, /) -> bytes:
        """The next `size` bytes; fewer only at the end."""
        found = bytearray()
        while len(found) < size and not self._ended:
            packed = self._waiting or self._packed.read(_CHUNK)
            content: bytes = self._inflate.decompress(packed, size - len(found))
            self._waiting = self._inflate.unconsumed_tail
            if not packed and not content:
                raise EOFError
            self._crc = isal_zlib.crc32(content, self._crc)
            self._size += len(content)
            found += content
            if self._inflate.eof:
                self._check_end()
        return bytes(found)

    def _check_end(self) -> None:
        self._ended = True
        if self._crc != self._entry.CRC or self._size != self._entry.file_size:
            raise zipfile.BadZipFile(f"Bad CRC-32 for file {self._entry.filename!r}")
