"""A file that a server has gzipped twice: once on its disk, and once more on the way."""

import gzip
import zlib
from pathlib import Path
from typing import Final

_MAGIC: Final = b"\x1f\x8b"
_CHUNK: Final = 1024**2


def take_off_second_gzip(path: Path, largest_mib: int) -> None:
    """Unpack a gzip file that holds a gzip file, once, in its place; leave anything else.

    Damage, and what unpacks to more than `largest_mib`, is left to whoever judges the file.
    """
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return
    unpacked = path.with_suffix(".unpacked")
    try:
        with gzip.open(path) as packed:
            if packed.peek(len(_MAGIC))[: len(_MAGIC)] != _MAGIC:
                return
            with unpacked.open("wb") as file:
                while chunk := packed.read(_CHUNK):
                    if file.tell() + len(chunk) > largest_mib * _CHUNK:
                        return
                    file.write(chunk)
        unpacked.replace(path)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        pass
    finally:
        unpacked.unlink(missing_ok=True)
