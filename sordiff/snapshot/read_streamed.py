"""The plain road: from a path or from bytes to what a reader returns, in one pass or in two.

First the file is read by stretches, where its kind can be. What those can't be sure of is read a
second time from its start, element by element; that also says what is wrong with a file.
"""

import io
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from msgspec import structs

from sordiff.snapshot.readers import choose_reader
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent, bind_progress
from sordiff.snapshot.source.files import SnapshotStreams, open_snapshot
from sordiff.snapshot.source.kept_stream import KeptStream
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.snapshot.source.streams import HeldContent
from sordiff.snapshot.source.unsure import UnsureError


def read_streamed(path: Path, options: ReadOptions) -> tuple[SnapshotStreams, SnapshotContent]:
    """Read a file or a pipe; the streams are closed, but say names and lists."""
    if not path.is_file():
        with open_snapshot(path) as streams:
            return streams, _read_once(streams, options)
    with suppress(UnsureError), open_snapshot(path) as streams:
        return streams, _read_stretches(streams, options, _find_plain_file(path, streams))
    with open_snapshot(path) as streams:
        return streams, _read_elements(streams, options)


def read_streamed_bytes(
    streams: SnapshotStreams, content: HeldContent, options: ReadOptions
) -> SnapshotContent:
    """Read bytes in memory, of which the streams say all but the content."""

    def open_bytes() -> SnapshotStreams:
        return structs.replace(streams, content=io.BytesIO(content[:]))

    with suppress(UnsureError):
        return _read_stretches(open_bytes(), options)
    return _read_elements(open_bytes(), options)


def _find_plain_file(path: Path, streams: SnapshotStreams) -> Path | None:
    """The file, if its bytes are those of the content."""
    return path if isinstance(streams.content, io.BufferedReader) else None


def _read_stretches(
    streams: SnapshotStreams, options: ReadOptions, file: Path | None = None
) -> SnapshotContent:
    """UnsureError if the file must be read element by element."""
    stream = PeekedStream(streams.content, streams.beside, file)
    reader = choose_reader(stream.head)
    return _read_by(reader.read_stretches or reader.read_stream, stream, streams, options)


def _read_elements(streams: SnapshotStreams, options: ReadOptions) -> SnapshotContent:
    stream = PeekedStream(streams.content, streams.beside)
    return _read_by(choose_reader(stream.head).read_stream, stream, streams, options)


def _read_once(streams: SnapshotStreams, options: ReadOptions) -> SnapshotContent:
    """Read what can't be opened again: what may be needed a second time is kept."""
    stream = PeekedStream(streams.content, streams.beside)
    reader = choose_reader(stream.head)
    if reader.read_stretches is None:
        return _read_by(reader.read_stream, stream, streams, options)
    with ExitStack() as stack:
        kept = KeptStream(stack, stream)
        with suppress(UnsureError):
            first = PeekedStream(kept, streams.beside)
            return _read_by(reader.read_stretches, first, streams, options)
        kept.rewind()
        again = PeekedStream(kept, streams.beside)
        return _read_by(reader.read_stream, again, streams, options)


def _read_by(
    read: Callable[..., SnapshotContent],
    stream: PeekedStream,
    streams: SnapshotStreams,
    options: ReadOptions,
) -> SnapshotContent:
    return read(stream, streams.name, options, bind_progress(options, streams.name))
