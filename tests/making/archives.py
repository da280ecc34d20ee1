"""Zip files written by hand, so that they may say what no honest one does, and gzip files of any size."""

from __future__ import annotations

import gzip
import struct
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

STORED, DEFLATED = 0, 8
ENCRYPTED = 1


@dataclass(frozen=True, kw_only=True)
class Packed:
    """Packed bytes with what is true of the unpacked ones."""

    data: bytes
    size: int
    crc: int


def deflated(content: bytes) -> Packed:
    """The content, deflated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(content) + packer.flush()
    return Packed(data=data, size=len(content), crc=zlib.crc32(content))


def repeated(head: bytes, block: bytes, times: int) -> Packed:
    """Head, then a block so many times, deflated in no time: a flushed block may simply be repeated.

    The CRC is not computed; it would take as long as unpacking.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    data = start + once * times + packer.flush()
    return Packed(data=data, size=len(head) + len(block) * times, crc=0)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry; what is None is told as it is."""

    name: bytes
    packed: Packed
    size: int | None = None
    crc: int | None = None
    method: int = DEFLATED
    flags: int = 0
    local_name: bytes | None = None
    offset: int | None = None
    extra: bytes = field(default=b"", kw_only=True)


def zipped(entries: Sequence[Entry]) -> bytes:
    """A zip file of these entries."""
    out, directory = b"", b""
    for entry in entries:
        size = entry.packed.size if entry.size is None else entry.size
        crc = entry.packed.crc if entry.crc is None else entry.crc
        packed = len(entry.packed.data)
        extra, told = entry.extra, size
        if size >= 0xFFFFFFFF:
            extra, told = struct.pack("<HHQ", 1, 8, size) + extra, 0xFFFFFFFF
        said = struct.pack("<HHHHHIII", 20, entry.flags, entry.method, 0, 33, crc, packed, told)
        offset = len(out) if entry.offset is None else entry.offset
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + said
        directory += struct.pack("<HHHHHII", len(entry.name), len(extra), 0, 0, 0, 0, offset)
        directory += entry.name + extra
        local = entry.name if entry.local_name is None else entry.local_name
        out += b"PK\x03\x04" + said + struct.pack("<HH", len(local), 0) + local + entry.packed.data
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + b"PK\x05\x06" + end


def gzip_repeated(head: bytes, block: bytes, times: int) -> bytes:
    """A gzip file of head and many blocks, made in no time of many members."""
    return gzip.compress(head, mtime=0) + gzip.compress(block, 9, mtime=0) * times
