"""The files of the frames: written whole or not at all, and restored by their chain."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import file_digest, sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import IO, Final

from msgspec import Struct

from sordiff.archive.frames import (
    Base,
    Room,
    SharedRooms,
    Unpacker,
    demand_unpacks,
    pack,
    pack_again,
    unpack_outer,
)
from sordiff.archive.records import Frame
from sordiff.errors import ArchiveFailed
from sordiff.sync import make_folder, sync_path

_PART: Final = ".part"


class Content(Struct, frozen=True, kw_only=True):
    """Bytes to be kept, and their SHA-256.

    `source`: they, or a file that nobody else can change.
    """

    sha256: str
    size: int
    source: bytes | Path

    def read(self) -> bytes | mmap:
        """They; of a file, where it lies."""
        return map_own(self.source) if isinstance(self.source, Path) else self.source


class Packed(Struct, frozen=True, kw_only=True):
    """The frame of a content, as it lies on the disk."""

    sha256: str
    size: int


def write_frame(path: Path, content: Content, base: Base | None) -> Packed:
    """Write the frame of a content, and have it on the disk; ArchiveFailed where it is another.

    With `base` it is a patch, and packed twice. It is unpacked again before it counts.
    """
    make_folder(path.parent)
    part = path.with_name(f"{path.name}{_PART}")
    try:
        packed = _pack_proved(path.name, content, base)
        with part.open("wb") as file:
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    sync_path(path.parent)
    return Packed(sha256=sha256(packed).hexdigest(), size=len(packed))


def _pack_proved(name: str, content: Content, base: Base | None) -> bytes:
    """Its frame; ArchiveFailed where its SHA-256 is another, which is computed meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        hashing = pool.submit(_hash, content.source)
        packed = pack(content.read(), base)
        # Of what is packed nothing is in memory any more.
        packed = packed if base is None else pack_again(packed)
        try:
            demand_unpacks(packed, base, content.size, packed_twice=base is not None)
        except ArchiveFailed as error:
            message = f"The new frame {name} is not sound, and is left out: {error.message}."
            advice = "Archive it again with `sordiff archive add`."
            raise ArchiveFailed(message, advice=advice) from error
        found = hashing.result()
    if found != content.sha256:
        message = "The snapshot was written to meanwhile, and is not archived."
        raise ArchiveFailed(message, advice="Archive it again with `sordiff archive add`.")
    return packed


def _hash(source: bytes | Path) -> str:
    return hash_file(source) if isinstance(source, Path) else sha256(source).hexdigest()


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, read in pieces: one that is mapped would stay in memory."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def is_as_written(folder: Path, frame: Frame) -> bool:
    """Whether the file of a frame is there, and as it was written."""
    try:
        return hash_file(folder / frame.file) == frame.packed_sha256
    except OSError:
        return False


def map_own(path: Path) -> bytes | mmap:
    """A file that nobody else can change, where it lies."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return b""
        return mmap(file.fileno(), 0, access=ACCESS_READ)


class Restorer:
    """Gives back what the frames of a folder hold; it remembers the last base that was needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room, self._given = Room(), SharedRooms()
        self._last: tuple[str, Unpacker] | None = None
        # What was read last is what the next night of a rebuild may lean on.
        self._last_read: tuple[str, mmap] | None = None

    def read(self, frames: Mapping[str, Frame], key: str) -> bytes | mmap:
        """A content in memory.

        The checksum of the frame stands for the SHA-256, which takes as long again.
        """
        frame = _find(frames, key)
        if not frame.size:
            return b""
        unpacker = self._find_unpacker(frames, frame)
        self._room.forget()
        self._last_read = None
        with _told(frame):
            packed = self._read_packed(frame)
            content = self._given.take(frame.size)
            with memoryview(content) as room:
                unpacker.unpack_into(room, packed)
        self._last_read = (key, content)
        return content

    def read_proved(self, frames: Mapping[str, Frame], key: str) -> bytes:
        """A content in memory; ArchiveFailed where its SHA-256 is another."""
        return bytes(self._unpack_proved(frames, key))

    def prove(self, frames: Mapping[str, Frame], key: str) -> None:
        """ArchiveFailed where the SHA-256 of what comes out is another."""
        self._unpack_proved(frames, key)

    def copy(self, frames: Mapping[str, Frame], key: str, to: IO[bytes]) -> None:
        """Write a content to a file; ArchiveFailed at the end where its SHA-256 is another."""
        frame = _find(frames, key)
        content = self._unpack(frames, frame)
        self._last = self._last_read = None
        with ThreadPoolExecutor(1) as pool:
            hashing = pool.submit(_demand_sha256, frame, content)
            to.write(content)
            hashing.result()
        self.forget()

    def forget(self) -> None:
        """Let go of what it remembers."""
        self._last = self._last_read = None
        self._room.forget()
        self._given.forget()

    def _unpack_proved(self, frames: Mapping[str, Frame], key: str) -> memoryview:
        frame = _find(frames, key)
        content = self._unpack(frames, frame)
        _demand_sha256(frame, content)
        return content

    def _unpack(self, frames: Mapping[str, Frame], frame: Frame) -> memoryview:
        """A content, until the next one is unpacked."""
        unpacker = self._find_unpacker(frames, frame)
        with _told(frame):
            packed = self._read_packed(frame)
            content = self._room.take(frame.size)
            unpacker.unpack_into(content, packed)
        return content

    def _read_packed(self, frame: Frame) -> bytes:
        """A frame, as it was written."""
        packed = (self._folder / frame.file).read_bytes()
        if sha256(packed).hexdigest() != frame.packed_sha256:
            raise ArchiveFailed("it is not as it was written")
        return unpack_outer(packed) if frame.packed_twice else packed

    def _find_unpacker(self, frames: Mapping[str, Frame], frame: Frame) -> Unpacker:
        """What unpacks a frame: of a patch, that of what it leans on."""
        below = frame.leans_on
        if below is None:
            return Unpacker()
        if self._last is None or self._last[0] != below:
            read = self._last_read
            content: mmap | memoryview = (
                read[1] if read and read[0] == below else self._unpack(frames, _find(frames, below))
            )
            self._last = None  # its memory is free before the next copy is made
            self._last = (below, Unpacker(content))
        return self._last[1]


def _demand_sha256(frame: Frame, content: memoryview) -> None:
    if sha256(content).hexdigest() != frame.sha256:
        raise _damaged(frame, "what comes out is not what was kept")


@contextmanager
def _told(frame: Frame) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise _damaged(frame, "it is missing") from error
    except OSError as error:
        raise _damaged(frame, error.strerror or str(error)) from error
    except ArchiveFailed as error:
        raise _damaged(frame, error.message) if not error.advice else error from error


def _find(frames: Mapping[str, Frame], key: str) -> Frame:
    if key in frames:
        return frames[key]
    message = f"The archive does not hold the content {key}."
    raise ArchiveFailed(message, advice="`sordiff archive verify` says what else is missing.")


def _damaged(frame: Frame, reason: str) -> ArchiveFailed:
    message = f"The frame {frame.file} of the archive is damaged: {reason}."
    advice = "`sordiff archive verify` says which nights it costs; take them from a copy."
    return ArchiveFailed(message, advice=advice)
