"""Read a snapshot in one pass: ordinary owners by their bytes, and all else by the parser.

What is refused, and what needs the parser from the first byte, raises UnsureError; so whoever reads
such a file element by element says what is wrong, where, and in which words.
"""

from collections.abc import Callable
from typing import Final

from sordiff.collection import pause_collection
from sordiff.errors import SordiffError
from sordiff.model import SorId, Unit
from sordiff.snapshot.format.limits import MAX_UNITS
from sordiff.snapshot.format.text import NotSorError
from sordiff.snapshot.plain.blocks import MAX_UNKNOWN_TEXT
from sordiff.snapshot.plain.checked_stream import CheckedStream
from sordiff.snapshot.snapshot import ReadOptions, SnapshotContent
from sordiff.snapshot.source.streams import ByteStream
from sordiff.snapshot.source.unsure import UnsureError
from sordiff.snapshot.stretches.owner_stretches import OwnerStretches
from sordiff.snapshot.stretches.stretch_reader import StretchReader
from sordiff.snapshot.stretches.tree_rest import TreeRest

_MAX_HEAD: Final = 65_536


def read_xml_stretches(
    stream: ByteStream, name: str, options: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    """Read Sor.xml; UnsureError if it must be read element by element."""
    if options.note_places:
        raise UnsureError("the places of elements are asked for")
    try:
        with pause_collection():
            return _read_all(stream, name, options, progress)
    except (SordiffError, NotSorError) as error:
        raise UnsureError(str(error)) from error


def _read_all(
    stream: ByteStream, name: str, options: ReadOptions, progress: Callable[[int], None] | None
) -> SnapshotContent:
    checked = CheckedStream(stream, name)
    stretches = OwnerStretches(checked)
    rest = TreeRest(name, options.mapping)
    head = stretches.read_head(_MAX_HEAD)
    frame = rest.read_head(head)
    known = None if options.known is None else options.known.open(frame.reading_key)
    reader = StretchReader(frame, known, note_lines=options.note_lines)
    units: dict[SorId, Unit] = {}
    count = 0
    line = head.count(b"\n") + 1
    for content, start, end in stretches.cut():
        found = reader.read(content, start, end, line)
        lines = content.count(b"\n", start, end)
        line += lines
        if found is None:
            rest.read_stretch(content, start, end)
        else:
            rest.leave_out(lines)
            units.update((unit.sor_id, unit) for unit in found)
            count += len(found)
        if count > MAX_UNITS:
            raise UnsureError("too many units")
        if progress is not None:
            progress(checked.size)
    rest.finish(stretches.rest, count)
    tree = rest.tree
    units.update(tree.units)
    if tree.context.problems or len(units) != count + len(tree.units):
        raise UnsureError("something to refuse")
    if len(units) > MAX_UNITS or (
        reader.unknown_size + tree.context.unknown_size > MAX_UNKNOWN_TEXT
    ):
        raise UnsureError("too much")
    if known is not None:
        known.complete()
    return SnapshotContent(
        header=tree.build_header(sha256=checked.sha256, size=checked.size),
        units=units,
        lines={} if reader.lines is None else reader.lines | tree.lines,
        findings=tuple(tree.context.findings),
    )

