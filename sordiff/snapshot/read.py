"""Read a snapshot: open it, recognise the kind of file, choose the reader, add the code lists.

A snapshot is checked to its last byte before any unit is returned: half a snapshot would look like
a mass closing.
"""

import hashlib
import io
import mmap
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, structs

from sordiff.snapshot.classifications.read_classifications import read_classifications
from sordiff.snapshot.readers import choose_reader
from sordiff.snapshot.snapshot import ReadOptions, Snapshot, SnapshotContent
from sordiff.snapshot.source.files import open_snapshot, read_data_types
from sordiff.snapshot.source.mapped_file import MappedFile, map_snapshot
from sordiff.snapshot.source.peeked_stream import HEAD_LENGTH, PeekedStream
from sordiff.snapshot.source.refusals import printable_path
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.subtrees import SubtreeIndex


class HeldBytes(Struct, frozen=True, kw_only=True):
    """A snapshot whose unpacked bytes are in memory, with their SHA-256.

    `name`: the path for messages. `data_types_file`: the path of the SorDataTypes.xml, if that came
    beside the snapshot and not with it.
    """

    name: str
    content: mmap.mmap
    sha256: str
    data_types: bytes | None
    data_types_file: str | None


class _DataTypes(NamedTuple):
    """A SorDataTypes.xml, its path for messages, and whether it must be one that can be read."""

    content: bytes | None
    file: str
    demanded: bool


def read_snapshot(
    path: Path, options: ReadOptions | None = None, index: SubtreeIndex | None = None
) -> Snapshot:
    """Read a snapshot, or raise SnapshotRefused with all problems found.

    With the index of the last accepted snapshot, only the touched subtrees are read.
    """
    options = options or ReadOptions()
    if not options.plain:
        with map_snapshot(path) as mapped:
            if mapped is not None:
                with suppress(UnsureError):
                    return _read_mapped(mapped, options, index)
    return _read_stream(path, options)


def read_held(
    held: HeldBytes, options: ReadOptions | None = None, index: SubtreeIndex | None = None
) -> Snapshot:
    """Read a snapshot as `read_snapshot` does, from bytes in memory."""
    options = options or ReadOptions()
    mapped = MappedFile(held.name, None, held.content, held.data_types, held.sha256)
    if not options.plain:
        with suppress(UnsureError):
            content = _read_content(mapped, options, index)
            return _add_lists(held.name, content, _delivered(held), options)
    stream = PeekedStream(io.BytesIO(held.content[:]))
    progress = _bind_progress(options, held.name)
    content = choose_reader(stream.head).read_stream(stream, held.name, options, progress)
    return _add_lists(held.name, content, _delivered(held), options)


def _delivered(held: HeldBytes) -> _DataTypes:
    file = held.data_types_file
    return _DataTypes(held.data_types, file or held.name, demanded=file is not None)


def _read_mapped(mapped: MappedFile, options: ReadOptions, index: SubtreeIndex | None) -> Snapshot:
    content = _read_content(mapped, options, index)
    return build_snapshot(mapped.name, content, mapped.data_types, options)


def _read_content(
    mapped: MappedFile, options: ReadOptions, index: SubtreeIndex | None
) -> SnapshotContent:
    """Read by the fast road; UnsureError if it can't be sure of the file."""
    reader = choose_reader(mapped.content[:HEAD_LENGTH])
    if reader.read_mapped is None:
        raise UnsureError("no fast road for this kind of file")
    return reader.read_mapped(mapped, index, options, _bind_progress(options, mapped.name))


def _read_stream(path: Path, options: ReadOptions) -> Snapshot:
    with open_snapshot(path) as streams:
        stream = PeekedStream(streams.content)
        reader = choose_reader(stream.head)
        progress = _bind_progress(options, path.name)
        content = reader.read_stream(stream, streams.name, options, progress)
        data_types = streams.data_types
    return build_snapshot(streams.name, content, data_types, options)


def _bind_progress(options: ReadOptions, name: str) -> Callable[[int], None] | None:
    return None if options.progress is None else partial(options.progress, Path(name).name)


def build_snapshot(
    name: str, content: SnapshotContent, data_types: bytes | None, options: ReadOptions
) -> Snapshot:
    """Add the classifications to what a reader returned.

    `data_types`: the SorDataTypes.xml of the archive; one that is given by `options` comes first.
    """
    given = options.data_types
    lists = _DataTypes(data_types, name, demanded=False)
    if given is not None:
        lists = _DataTypes(read_data_types(given), printable_path(given), demanded=True)
    return _add_lists(name, content, lists, options)


def _add_lists(
    name: str, content: SnapshotContent, lists: _DataTypes, options: ReadOptions
) -> Snapshot:
    delivered = read_classifications(
        lists.content,
        lists.file,
        options.layout,
        content.header.snapshot_date,
        demanded=lists.demanded,
    )
    fields = structs.asdict(content)
    fields["findings"] = (*content.findings, *delivered.findings)
    return Snapshot(
        file=name,
        lists=delivered.lists,
        warnings=delivered.warnings,
        data_types_sha256=(
            None if lists.content is None else hashlib.sha256(lists.content).hexdigest()
        ),
        **fields,
    )
