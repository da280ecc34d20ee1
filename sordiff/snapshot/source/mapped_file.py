"""A snapshot mapped into memory, with its SHA-256 computed in a thread.

A packed file is first unpacked into a file without a name. What can't be mapped (a pipe, an empty
file, a damaged archive) is left to the plain road, which also says what is wrong with it.
"""

import hashlib
import io
import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any, Final

from sordiff.errors import SnapshotRefused, SordiffError
from sordiff.snapshot.source.archive_content import ListFile
from sordiff.snapshot.source.files import SnapshotStreams, open_snapshot
from sordiff.snapshot.source.streams import SIZE_LIMIT, ByteStream, HeldContent
from sordiff.snapshot.source.truncation_guard import guard_against_truncation
from sordiff.snapshot.source.unsure import UnsureError

_CHUNK: Final = 4 * 1024**2
# After each piece the thread waits for the interpreter, for some milliseconds.
_HASHED_AT_ONCE: Final = 64 * 1024**2


class MappedFile:
    """The bytes of a snapshot, and what the same archive holds beside them.

    `name`: the path for messages.
    """

    def __init__(
        self,
        streams: SnapshotStreams,
        file: IO[bytes] | None,
        content: HeldContent,
        sha256: str = "",
    ) -> None:
        """`file` is the file that `content` maps; None: memory that nobody else can write to.

        `sha256`: that of the content, where it is known already.
        """
        self.name = streams.name
        self.content = content
        self.lists: tuple[ListFile, ...] = streams.lists
        self.beside = streams.beside
        self._file = file
        self._before = _read_stamp(file)
        self._known_sha256 = sha256
        self._hash = hashlib.sha256()
        self._hashing: Thread | None = None

    def start_hashing(self) -> None:
        """Start to compute the SHA-256 in a thread, where it is not known."""
        if self._known_sha256:
            return
        # Taken here: while the view is there, nobody can unmap the bytes below the thread.
        view = memoryview(self.content)
        thread = Thread(target=self._hash_content, args=[view], name="sha256")
        thread.start()
        self._hashing = thread  # not before: a Ctrl-C may come between, and then nobody can join it

    def _hash_content(self, content: memoryview) -> None:
        with content as view:
            for start in range(0, len(view), _HASHED_AT_ONCE):
                self._hash.update(view[start : start + _HASHED_AT_ONCE])

    @property
    def sha256(self) -> str:
        """Wait for the SHA-256 of the content; empty if hashing was not started."""
        if self._hashing is None:
            return self._known_sha256
        self._hashing.join()
        return self._hash.hexdigest()

    def map_content(self) -> mmap.mmap:
        """The content as a map, which can be read line by line; bytes are copied into one."""
        if isinstance(self.content, bytes):
            copied = mmap.mmap(-1, len(self.content))
            copied.write(self.content)
            self.content = copied
        return self.content

    @property
    def changed(self) -> bool:
        """Whether the file was written to since it was mapped."""
        return _read_stamp(self._file) != self._before

    def close(self) -> None:
        """Wait for the hashing, and unmap the bytes; nobody may read them any more."""
        if self._hashing is not None:
            self._hashing.join()
        if isinstance(self.content, mmap.mmap):
            with suppress(BufferError):  # an error that is being raised may hold a view of them
                self.content.close()


@contextmanager
def require_unchanged(*several: MappedFile) -> Iterator[None]:
    """Check at the end of a block that the files were not written to meanwhile.

    If one was, UnsureError replaces any other error of the block: a file that is half old and half
    new may look like any fault.
    """
    try:
        yield
    except Exception as error:
        _check_unchanged(several, error)
        raise
    _check_unchanged(several)


def _check_unchanged(several: Iterable[MappedFile], cause: Exception | None = None) -> None:
    if any(mapped.changed for mapped in several):
        raise UnsureError("somebody wrote to it meanwhile") from cause


def _read_stamp(file: IO[bytes] | None) -> tuple[int, int]:
    if file is None:
        return 0, 0
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


@contextmanager
def map_snapshot(path: Path) -> Iterator[MappedFile | None]:
    """Map a snapshot; None if that is not possible. A pipe is not touched: it opens only once."""
    if not path.is_file():
        yield None
        return
    with ExitStack() as stack:
        mapped = None
        try:
            streams = stack.enter_context(open_snapshot(path))
            file = stack.enter_context(_unpack_to_file(streams.content))
            size = os.fstat(file.fileno()).st_size
            if 0 < size <= SIZE_LIMIT:
                content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                content.madvise(mmap.MADV_SEQUENTIAL)
                stack.enter_context(guard_against_truncation(streams.name))
                mapped = MappedFile(streams, file, content)
                stack.callback(mapped.close)
        except (SnapshotRefused, SordiffError, OSError, _NotMappableError):
            mapped = None  # no room to unpack, a share without mmap, a damaged archive
        yield mapped


@contextmanager
def map_snapshots(*paths: Path) -> Iterator[tuple[MappedFile | None, ...]]:
    """Map several snapshots at the same time, in threads: unpacking releases the interpreter."""
    from concurrent.futures import ThreadPoolExecutor

    contexts = [map_snapshot(path) for path in paths]
    with ThreadPoolExecutor(len(paths)) as pool:
        mapping = [pool.submit(context.__enter__) for context in contexts]
    with ExitStack() as stack:
        for context, future in zip(contexts, mapping, strict=True):
            if future.exception() is None:
                stack.push(context)
        yield tuple(future.result() for future in mapping)


class _NotMappableError(Exception):
    pass


@contextmanager
def _unpack_to_file(stream: ByteStream) -> Iterator[IO[bytes]]:
    file: Any = stream
    if isinstance(stream, io.BufferedReader):
        yield file
        return
    with tempfile.TemporaryFile() as unpacked:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > SIZE_LIMIT:
                raise _NotMappableError
            unpacked.write(chunk)
        unpacked.flush()
        yield unpacked
