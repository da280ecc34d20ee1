"""Hostile files, written without ever holding them: gigabytes are one packed piece, many times."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.unit.small_snapshot import GOOD, HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Pieces = list[tuple[bytes, int]]
MIB = 1024**2
GOOD_BYTES = GOOD.encode()
HEAD = HEADER.encode()
FIRST = b"<InstitutionOwnerEntity><InstitutionOwner><sor1:SorIdentifier>1101</sor1:SorIdentifier>"
UNIT_END = b"</InstitutionOwner></InstitutionOwnerEntity>\n"
END = b"</SorTree>\n"


def deflated(pieces: Iterable[tuple[bytes, int]]) -> tuple[list[tuple[bytes, int]], int]:
    """Each piece packed on its own, so that it may be repeated, and the length of all."""
    packed = []
    for content, times in pieces:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed.append((packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH), times))
    packed.append((b"\x03\x00", 1))
    return packed, sum(len(content) * times for content, times in packed)


def gzipped(path: Path, pieces: Pieces) -> Path:
    """These pieces, each so many times, as a gzip file with its right sums."""
    crc, size = 0, 0
    packed, _ = deflated(pieces)
    with path.open("wb") as file:
        file.write(b"\x1f\x8b\x08" + bytes(6) + b"\x03")
        for content, times in packed:
            for _ in range(times):
                file.write(content)
        for content, times in pieces:
            for _ in range(times):
                crc = zlib.crc32(content, crc)
            size += len(content) * times
        file.write(struct.pack("<II", crc, size % 2**32))
    return path


def unit(sor_id: int, inside: bytes = b"") -> bytes:
    """One owner with something inside its record."""
    return FIRST.replace(b"1101", str(sor_id).encode()) + inside + UNIT_END


def opened_units(count: int, inside: tuple[bytes, bytes], kibibytes: int) -> Pieces:
    """A register of units each with so many KiB of text between two tags."""
    pieces: Pieces = [(HEAD, 1)]
    for number in range(count):
        pieces += [(unit(2000 + number, inside[0]).removesuffix(UNIT_END), 1)]
        pieces += [(b"a" * 1024, kibibytes), (inside[1] + UNIT_END, 1)]
    return [*pieces, (END, 1)]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A zip entry as its headers tell it."""

    name: bytes
    packed: Pieces
    method: int = 8
    flags: int = 0
    crc: int = 0
    size: int = 0


def stored(name: bytes, content: bytes, *, flags: int = 0) -> Entry:
    """An entry as it should be, but for its flags."""
    return Entry(
        name=name,
        packed=[(content, 1)],
        method=0,
        flags=flags,
        crc=zlib.crc32(content),
        size=len(content),
    )


def zipped(path: Path, *entries: Entry) -> Path:
    """A zip file of these entries, whatever their headers say."""
    directory = b""
    with path.open("wb") as file:
        for entry in entries:
            place = file.tell()
            length = sum(len(content) * times for content, times in entry.packed)
            common = struct.pack(
                "<HHHHHIIIHH",
                20, entry.flags, entry.method, 0, 33, entry.crc, length, entry.size, len(entry.name), 0,
            )  # fmt: skip
            file.write(b"PK\x03\x04" + common + entry.name)
            for content, times in entry.packed:
                for _ in range(times):
                    file.write(content)
            directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, place)
            directory += entry.name
        start, count = file.tell(), len(entries)
        end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), start, 0)
        file.write(directory + b"PK\x05\x06" + end)
    return path
