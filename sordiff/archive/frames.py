"""zstd frames: whole, or as a patch of other bytes, as `zstd --patch-from` reads them.

What a patch needs, each measured on two nights of 286 MB: the base as a prefix (as a dictionary it
gives 10 MB, and says nothing), a window not smaller than the file (else 0.8–6 MB), long-distance
matching, and the checksum of the content (without it a patch of the wrong base gives wrong bytes
without an error).
"""

import io
from collections.abc import Iterator
from mmap import mmap
from typing import IO, Final

from backports import zstd

from sordiff.errors import ArchiveFailed

# Of a frame that is read, and of what comes out of it: a larger piece costs a copy more.
_READ: Final = 4 * 1024**2
_PIECE: Final = 32 * 1024
# A whole night is written seldom, and a year leans on it.
_WHOLE_LEVEL: Final = 12
# What is new is little, and so the search for it may be thorough.
_PATCH_LEVEL: Final = 7
# The library puts so much of the base's end into its tables that they are full, for nothing: the
# long matches have a table of their own.
_TABLES: Final = 17
# A patch of the same night has 15 bytes for each block of 128 KiB, and they are all alike.
_OUTER_LEVEL: Final = 19
_LEAST_WINDOW: Final = 20
_LARGEST_WINDOW: Final = 31
# Of two nights of 282 MB with 300 changes: 11 kB, and 31 kB three nights later. Matches of 256
# bytes: 17 and 42 kB; of 512 bytes: 13 and 38 kB.
_LEAST_MATCH: Final = 384
# Of so many places (as a power of two) one is noted, where a long match can begin. The library's own
# 6 takes half as long again, and saves half a percent.
_NOTED: Final = 7
_LEAST_BASE: Final = 8
_PARAMETER: Final = zstd.CompressionParameter
_READING: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}


class Base:
    """The bytes that patches lean on; they are copied, so that the caller may let go of them."""

    def __init__(self, content: bytes | mmap) -> None:
        self.size = len(content)
        self._dictionary = zstd.ZstdDict(content, is_raw=True)

    @property
    def prefix(self) -> tuple[zstd.ZstdDict, int]:
        """What the library wants in order to take it as a prefix."""
        return self._dictionary.as_prefix


def can_be_base(size: int) -> bool:
    """Whether so many bytes are enough for the library."""
    return size >= _LEAST_BASE


def pack(content: bytes | mmap, base: Base | None) -> bytes:
    """The frame of a content."""
    options = _options(len(content), base)
    return zstd.compress(content, options=options, zstd_dict=None if base is None else base.prefix)


def demand_unpacks(frame: bytes, base: Base | None, size: int, *, packed_twice: bool) -> None:
    """Unpack a new frame, and have its checksum compared; ArchiveFailed where it is not sound.

    The checksum is that of what was packed, which is not looked at again.
    """
    file = io.BytesIO(frame)
    found = sum(map(len, unpack(unpack_outer(file) if packed_twice else file, base)))
    if found != size:
        raise ArchiveFailed("what comes out is not what was kept")


def pack_again(frame: bytes) -> bytes:
    """A frame in a frame."""
    options: dict[int, int] = {
        _PARAMETER.compression_level: _OUTER_LEVEL,
        _PARAMETER.checksum_flag: 1,
    }
    return zstd.compress(frame, options=options)


def unpack_outer(frame: IO[bytes]) -> IO[bytes]:
    """The frame in a frame; ArchiveFailed where it is damaged."""
    return io.BytesIO(b"".join(unpack(frame, None)))


def unpack(frame: IO[bytes], base: Base | None) -> Iterator[bytes]:
    """The content of a frame, in pieces; ArchiveFailed where it is damaged, or of another base."""
    decompressor = zstd.ZstdDecompressor(
        zstd_dict=None if base is None else base.prefix, options=_READING
    )
    try:
        while not decompressor.eof:
            chunk = frame.read(_READ) if decompressor.needs_input else b""
            if not chunk and decompressor.needs_input:
                raise ArchiveFailed("the frame ends too early")
            yield decompressor.decompress(chunk, max_length=_PIECE)
    except zstd.ZstdError as error:
        raise ArchiveFailed(f"the frame can't be unpacked: {error}") from error


def _options(size: int, base: Base | None) -> dict[int, int]:
    common: dict[int, int] = {_PARAMETER.checksum_flag: 1, _PARAMETER.content_size_flag: 1}
    if base is None:
        return {**common, _PARAMETER.compression_level: _WHOLE_LEVEL}
    return {
        **common,
        _PARAMETER.compression_level: _PATCH_LEVEL,
        _PARAMETER.hash_log: _TABLES,
        _PARAMETER.chain_log: _TABLES,
        _PARAMETER.window_log: _window(max(size, base.size)),
        _PARAMETER.enable_long_distance_matching: 1,
        _PARAMETER.ldm_min_match: _LEAST_MATCH,
        _PARAMETER.ldm_hash_rate_log: _NOTED,
    }


def _window(size: int) -> int:
    """The power of two that holds the file and an eighth more, for what has moved within it."""
    return min(max((size + size // 8).bit_length(), _LEAST_WINDOW), _LARGEST_WINDOW)
