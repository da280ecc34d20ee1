"""zstd frames: whole, or as a patch of other bytes, as `zstd --patch-from` reads them.

What a patch needs, each measured on two nights of 286 MB: the base as a prefix (as a dictionary it
gives 10 MB, and says nothing), a window not smaller than the file (else 0.8–6 MB), long-distance
matching, and the checksum of the content (without it a patch of the wrong base gives wrong bytes
without an error).
"""

import mmap as mapping
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from typing import Final

import zstandard
from backports import zstd

from sordiff.errors import ArchiveFailed

# Of what comes out of a frame: a larger piece costs a copy more.
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
# Of so many places (as a power of two) where a long match can begin, one is noted. The library's
# own 6 takes half as long again, and saves half a percent.
_NOTED: Final = 7
_LEAST_BASE: Final = 8
_PARAMETER: Final = zstd.CompressionParameter
_ANOTHER: Final = "what comes out is not what was kept"
_TOO_SHORT: Final = "the frame ends too early"
# Of a room that nobody else has: that of the list, and that of the question.
_REFERENCES_HERE: Final = 2
_READING: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}


class Base:
    """The bytes that a new patch leans on, copied, so that the caller may let go of them."""

    def __init__(self, content: bytes | mmap) -> None:
        self.size = len(content)
        self._dictionary = zstd.ZstdDict(content, is_raw=True)

    @property
    def prefix(self) -> tuple[zstd.ZstdDict, int]:
        """What the library wants in order to take it as a prefix."""
        return self._dictionary.as_prefix


class Room:
    """Memory for an unpacked night, used again.

    To get it from the system in pages of 4 KiB takes four times as long as to fill it.
    """

    def __init__(self) -> None:
        self._memory: mmap | None = None

    def take(self, size: int) -> memoryview:
        """So many bytes, in place of those that were taken before."""
        if self._memory is None or len(self._memory) < size:
            self._memory = None  # before the next one is made
            self._memory = _map_own_memory(max(size, 1))
        return memoryview(self._memory)[:size]

    def forget(self) -> None:
        """Give the memory back, once nobody uses what was taken."""
        self._memory = None


class SharedRooms:
    """Memory for nights that others take away; what nobody has any more is used again."""

    def __init__(self) -> None:
        self._rooms: list[mmap] = []

    def take(self, size: int) -> mmap:
        """So many bytes, at least one."""
        for place in range(len(self._rooms)):
            if sys.getrefcount(self._rooms[place]) == _REFERENCES_HERE:
                with suppress(OSError, SystemError, ValueError):  # not every system can
                    self._rooms[place].resize(size)
                    return self._rooms[place]
                del self._rooms[place]
                break
        self._rooms.append(_map_own_memory(size))
        return self._rooms[-1]

    def forget(self) -> None:
        """Give back what nobody has."""
        self._rooms.clear()


def _map_own_memory(size: int) -> mmap:
    # Memory that could be shared takes half as long again. Large pages took longer, not less, where
    # the system has to make them first.
    return mmap(-1, size, flags=mapping.MAP_PRIVATE | mapping.MAP_ANONYMOUS)


class Unpacker:
    """Unpacks frames in one go: whole ones, or the patches of a base, of which it keeps a copy."""

    def __init__(self, base: bytes | mmap | memoryview | None = None) -> None:
        self._library = zstandard.ZstdDecompressor(
            dict_data=None
            if base is None
            else zstandard.ZstdCompressionDict(
                memoryview(base), dict_type=zstandard.DICT_TYPE_RAWCONTENT
            ),
            max_window_size=2**_LARGEST_WINDOW,
        )

    def unpack_into(self, room: memoryview, frame: bytes) -> None:
        """Fill the room; ArchiveFailed where the frame is damaged, or of another base or size.

        The caller knows that the frame is as it was written: nothing is said of a checksum that is
        cut off, or of what follows.
        """
        with _unpacking(frame, len(room)), self._library.stream_reader(frame) as reader:
            if reader.readinto(room) != len(room):
                raise ArchiveFailed(_TOO_SHORT)


@contextmanager
def _unpacking(frame: bytes, size: int) -> Iterator[None]:
    try:
        # It is not left to a damaged frame how much memory is taken.
        if zstandard.frame_content_size(frame) != size:
            raise ArchiveFailed(_ANOTHER)
        yield
    except zstandard.ZstdError as error:
        raise ArchiveFailed(f"the frame can't be unpacked: {error}") from error


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
    found = sum(map(len, _unpack(unpack_outer(frame) if packed_twice else frame, base)))
    if found != size:
        raise ArchiveFailed(_ANOTHER)


def pack_again(frame: bytes) -> bytes:
    """A frame in a frame."""
    options: dict[int, int] = {
        _PARAMETER.compression_level: _OUTER_LEVEL,
        _PARAMETER.checksum_flag: 1,
    }
    return zstd.compress(frame, options=options)


def unpack_outer(frame: bytes) -> bytes:
    """The frame in a frame; ArchiveFailed where it is damaged."""
    return b"".join(_unpack(frame, None))


def _unpack(frame: bytes, base: Base | None) -> Iterator[bytes]:
    """The content of a frame, in pieces; ArchiveFailed where it is damaged, or of another base."""
    decompressor = zstd.ZstdDecompressor(
        zstd_dict=None if base is None else base.prefix, options=_READING
    )
    rest = frame
    try:
        while not decompressor.eof:
            if decompressor.needs_input and not rest:
                raise ArchiveFailed(_TOO_SHORT)
            yield decompressor.decompress(rest, max_length=_PIECE)
            rest = b""
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
