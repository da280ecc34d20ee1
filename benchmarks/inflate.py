"""Unpack a Sor.zip and check its sum, the fastest way: `python -m benchmarks.inflate Sor.zip`."""

from __future__ import annotations

import mmap
import struct
import sys
import zipfile
from pathlib import Path

from isal import isal_zlib

_STEP = 1 << 20
_LOCAL_HEADER = 30


def main() -> None:
    """Print how many bytes it was."""
    path = Path(sys.argv[1])
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("Sor.xml")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        lengths = struct.unpack_from("<HH", data, entry.header_offset + 26)
        start = entry.header_offset + _LOCAL_HEADER + sum(lengths)
        unpacker, size, crc = isal_zlib.decompressobj(-15), 0, 0
        for at in range(start, start + entry.compress_size, _STEP):
            step = unpacker.decompress(data[at : min(at + _STEP, start + entry.compress_size)])
            size, crc = size + len(step), isal_zlib.crc32(step, crc)
    if (size, crc) != (entry.file_size, entry.CRC):
        raise SystemExit("damaged")
    print(size)


if __name__ == "__main__":
    main()
