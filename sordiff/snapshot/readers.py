"""The kinds of file that can hold the register: how each is recognised, and who reads it.

A new kind of file is a package of its own beside `plain` and `fast`, and one row in READERS. Its
kind stands in source/content_kind.py, with what tells it.
"""

from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct

from sordiff.row_index import KnownRows
from sordiff.snapshot.foreign_file import is_foreign, refuse_foreign
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.content_kind import TABLES, recognise
from sordiff.snapshot.source.mapped_file import MappedFile
from sordiff.snapshot.source.peeked_stream import PeekedStream
from sordiff.subtrees import SubtreeIndex

# Called with the number of bytes read so far.
ByteCount = Callable[[int], None]


class ReadStream(Protocol):
    """Reads any file of its kind in one pass, or raises SnapshotRefused with all problems."""

    def __call__(
        self, stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None, /
    ) -> SnapshotContent:
        """`name` is the path for messages."""


class ReadMapped(Protocol):
    """Reads most files of its kind, and faster; raises UnsureError if it can't be sure of one."""

    def __call__(
        self,
        mapped: MappedFile,
        index: SubtreeIndex | KnownRows | None,
        options: ReadOptions,
        progress: ByteCount | None,
        /,
    ) -> SnapshotContent:
        """With the index of the last accepted snapshot, it reads the touched subtrees only."""


class Reader(Struct, frozen=True, kw_only=True):
    """One kind of file. `recognises` gets the first bytes of the unpacked content.

    `read_stretches` reads most files of the kind as `read_stream` does, and faster; UnsureError if
    `read_stream` must read the file, from its start.
    """

    recognises: Callable[[bytes], bool]
    read_stream: ReadStream
    read_stretches: ReadStream | None = None
    read_mapped: ReadMapped | None = None


def _read_xml_stream(
    stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None, /
) -> SnapshotContent:
    from sordiff.snapshot.plain.stream_reader import read_xml_stream  # the fast road does without

    return read_xml_stream(stream, name, options, progress)


def _read_xml_stretches(
    stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None, /
) -> SnapshotContent:
    from sordiff.snapshot.stretches.read_stretches import read_xml_stretches  # rarely needed

    return read_xml_stretches(stream, name, options, progress)


def _read_mapped_xml(
    mapped: MappedFile,
    index: SubtreeIndex | KnownRows | None,
    options: ReadOptions,
    progress: ByteCount | None,
    /,
) -> SnapshotContent:
    from sordiff.snapshot.fast.mapped_reader import read_mapped_xml  # a diff does without

    return read_mapped_xml(mapped, index, options, progress)


def _read_table_stream(
    stream: PeekedStream, name: str, options: ReadOptions, progress: ByteCount | None, /
) -> SnapshotContent:
    from sordiff.snapshot.tables.table_reader import read_table_stream  # XML does without

    return read_table_stream(stream, name, options, progress)


def _read_mapped_table(
    mapped: MappedFile,
    index: SubtreeIndex | KnownRows | None,
    options: ReadOptions,
    progress: ByteCount | None,
    /,
) -> SnapshotContent:
    from sordiff.snapshot.tables.table_reader import read_mapped_table  # XML does without

    return read_mapped_table(mapped, index, options, progress)


_TABLE: Final = Reader(
    recognises=lambda head: recognise(head).kind in TABLES,
    read_stream=_read_table_stream,
    read_mapped=_read_mapped_table,
)
# Known for what it is, such as an HTML page.
_FOREIGN: Final = Reader(recognises=is_foreign, read_stream=refuse_foreign)
# Recognises anything: the XML reader also says what is wrong with a file of no known kind.
_XML: Final = Reader(
    recognises=lambda _: True,
    read_stream=_read_xml_stream,
    read_stretches=_read_xml_stretches,
    read_mapped=_read_mapped_xml,
)
# In the order in which they are asked; XML stays last.
READERS: Final = (_TABLE, _FOREIGN, _XML)


def choose_reader(head: bytes) -> Reader:
    """The first reader that recognises the beginning of the content."""
    return next(reader for reader in READERS if reader.recognises(head))
